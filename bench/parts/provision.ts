import { sql } from 'drizzle-orm'
import type { Database } from '@/db/client'
import { schema } from '@/db/client'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { DAY } from '@/lib/domain/duration'
import { blankPolicy } from '@/lib/domain/policy'
import { startEngine } from '@/lib/engine/testing/engine-process'
import { newId } from '@/lib/ids'
import { sealSecrets } from '@/lib/services/connections'
import { askForAccess } from '@/lib/services/requests'
import { emptyDatabase } from '../lib/databases'
import { quantile, rounded } from '../lib/numbers'
import type { Bench, Part } from '../lib/part'
import { accountAt, type BenchTarget, entitlementAt, startBenchTarget } from '../lib/target'
import { until } from '../lib/until'

const REQUESTS = 300
const PATIENCE_MS = 30_000

interface Offer {
  readonly entitlementId: string
  readonly people: readonly { readonly id: string }[]
}

/** One entitlement that everybody may have for a day without anybody being asked. */
async function offer({ db }: Database, url: string, count: number): Promise<Offer> {
  const [connectionId, applicationId, entitlementId, policyId, versionId] = Array.from({ length: 5 }, newId)
  const ids = { connectionId: connectionId!, applicationId: applicationId!, entitlementId: entitlementId! }
  const at = new Date()
  const people = Array.from({ length: count }, (_, n) => ({
    id: newId(),
    name: `Person ${n}`,
    email: `p${n}@halden.example`,
  }))
  await db.insert(schema.organisation).values({ name: 'Halden', floorSeconds: 900 }).onConflictDoNothing()
  await db.insert(schema.person).values(people)
  await db.insert(schema.connection).values({
    id: ids.connectionId,
    connector: 'webhook',
    config: { url, effectDelaySeconds: 0 },
    secrets: sealSecrets(ids.connectionId, { secret: newSigningSecret() }),
  })
  await db
    .insert(schema.application)
    .values({ id: ids.applicationId, name: 'System', connectionId: ids.connectionId })
  await db.insert(schema.entitlement).values({
    id: ids.entitlementId,
    applicationId: ids.applicationId,
    connectionId: ids.connectionId,
    externalId: entitlementAt(0),
    name: entitlementAt(0),
  })
  await db
    .insert(schema.policy)
    .values({ id: policyId!, name: 'Bench', currentVersionId: versionId!, updatedAt: at })
  await db.insert(schema.policyVersion).values({
    id: versionId!,
    policyId: policyId!,
    number: 1,
    name: 'Bench',
    definition: {
      ...blankPolicy,
      entitlementIds: [ids.entitlementId],
      automatic: { groupIds: [], maxSeconds: DAY, maxRisk: null, heldWithinDays: null },
    },
    publishedAt: at,
  })
  await db.insert(schema.policyEntitlement).values({ entitlementId: ids.entitlementId, policyId: policyId! })
  return { entitlementId: ids.entitlementId, people }
}

/** Asks for each, one after the other, and waits until the target has it. Milliseconds from the asking to the effect. */
async function provisioned(
  bench: Bench,
  database: Database,
  target: BenchTarget,
  offered: Offer,
): Promise<number[]> {
  const took: number[] = []
  for (const [n, { id }] of offered.people.entries()) {
    const actor = {
      kind: 'person',
      id,
      admin: false,
      auditor: false,
      active: true,
      session: { way: 'demo', fresh: true },
    } as const
    const began = Date.now()
    const asked = await askForAccess(
      { db: database.db, actor },
      { entitlementId: offered.entitlementId, seconds: DAY, reason: 'INC-2417', startAt: null },
    )
    if (!asked.ok) throw new Error(`Refused: ${asked.message}`)
    const there = await until(async () => (await target.seen()).effects > n, {
      deadline: began + PATIENCE_MS,
      everyMs: 5,
    })
    if (!there) throw new Error(`Request ${n + 1} was not provisioned in ${PATIENCE_MS / 1000} s.`)
    const effect = (await target.effects()).at(-1)
    if (effect?.account !== accountAt(n))
      throw new Error(`Somebody else was provisioned: ${effect?.account}.`)
    took.push(effect.at.getTime() - began)
  }
  bench.say(`${took.length} requests, each provisioned before the next`)
  return took
}

export const provisionPart: Part = {
  name: 'provision',
  what: 'from a request that nobody has to agree to until the access is there, at a healthy target',
  async run(bench) {
    const { url, database } = await emptyDatabase(bench.server, 'bench_provision')
    bench.closers.add(() => database.close())
    const count = Math.max(5, Math.round(REQUESTS * bench.scale))
    const target = await startBenchTarget({
      entitlements: 1,
      accounts: count,
      held: false,
      delayMs: 0,
      errors: 0,
      seed: bench.seed,
    })
    bench.closers.add(() => target.stop())
    const offered = await offer(database, target.url, count)
    const engine = await startEngine({ url })
    bench.closers.add(() => engine.kill())
    await engine.up
    const took = await provisioned(bench, database, target, offered)
    const [row] = await database.db.execute<{ n: string }>(
      sql`select count(*) as n from "grant" where state = 'active'`,
    )
    const late = (share: number) => rounded(quantile(took, share) / 1000, 3)
    return [
      { what: 'Request → provisioned, p95', measured: late(0.95), unit: 's', bound: { atMost: 1 } },
      { what: '… p50', measured: late(0.5), unit: 's', bound: null },
      { what: '… the slowest', measured: late(1), unit: 's', bound: null },
      { what: '… grants active', measured: Number(row?.n), unit: '', bound: null },
    ]
  },
}
