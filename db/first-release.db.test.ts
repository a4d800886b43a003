import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { eq, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { inngest } from '@/inngest/client'
import { startTarget, type Target } from '@/lib/connectors/testing/target'
import { HOUR, plus } from '@/lib/domain/duration'
import { type Loop, startLoop } from '@/lib/engine/loop'
import { violations } from '@/lib/ledger'
import { decideOnRequest } from '@/lib/services/decisions'
import { readLedger, watchClock } from '@/lib/testing/check-ledger'
import { must } from '@/lib/testing/lease-world'
import { createDatabase, migrateDatabase } from '@/scripts/lib/migrations.mjs'
import { type Database, openDatabase, schema } from './client'

/** What stands in the dump, whose head says how it was made. */
const dump = fileURLToPath(new URL('./testing.first-release.sql', import.meta.url))
const MADE_AT = new Date('2100-01-04T09:10:03Z')
const SECRET = 'whsec_rwQKmC74Fbsbzj7F6xc//8pAHn1gLhkJJiyLYsUAReI='
const BEN = '01a21e13-2df2-710f-9392-db92f98e152e'
const PROD_READ = '861e758f-e8f1-4800-aa56-85247e55241e'
const grants = {
  ana: '01a21e13-2e4b-7574-8228-d7cc725369b3',
  gita: '01a21e13-2e7b-7137-98cb-87cb00ab1d34',
  cem: '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e',
  dora: '01a21e13-3662-772b-a9c0-0767ecaf60a0',
}
const requests = {
  gita: '01a21e13-34c1-720b-9e64-5db2a7f13938',
  eva: '01a21e13-37d8-7614-a45b-fbf4417ab616',
}
const accounts = {
  ana: '43de6e39-e6a2-4a82-ad0c-c2bd8a60f088',
  cem: '71786f96-2561-417c-9ddf-c69a8c93b667',
  dora: '9f2a04a9-a517-4d0d-8c06-865432ea413a',
  eva: 'cd71d3d6-9a34-4760-a44c-a681aac694c1',
  gita: '6420dda1-900a-40d3-b2bb-a23129845a1f',
} as const
/** What the target did before the dump was made. */
const before = (
  [
    ['2100-01-04T08:00:01.297Z', 'gita'],
    ['2100-01-04T08:00:01.343Z', 'ana'],
    ['2100-01-04T08:00:01.391Z', 'cem'],
  ] as const
).map(([at, who]) => ({
  at: new Date(at),
  act: 'given' as const,
  entitlement: PROD_READ,
  account: accounts[who],
  grant: grants[who],
}))

/** Later than this after its end, an access is not gone on time. */
const ON_TIME_MS = 5000

let target: Target
let database: Database
let loop: Loop

/** The system that was connected then, as it stood: who holds what, and the secret it takes. */
async function oldTarget(): Promise<Target> {
  const old = await startTarget()
  old.acceptSecret(SECRET)
  old.state.addEntitlement({ id: PROD_READ, name: 'prod_read' })
  for (const [name, id] of Object.entries(accounts)) {
    const last = { ana: 'oliveira', cem: 'yildiz', dora: 'lind', eva: 'lindt', gita: 'rao' }[name]
    old.state.addAccount({ id, email: `${name}.${last}@halden.example` })
  }
  for (const { entitlement, account } of before) old.state.hold(entitlement, account, { state: 'direct' })
  return old
}

/** The database of then, on this server, and where the system that it names is to be found now. */
async function oldDatabase(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  await client.unsafe(await readFile(dump, 'utf8'))
  await client`update connection set config = jsonb_set(config, '{url}', ${client.json(target.url)})`
  await client.end()
}

async function jump(to: Date): Promise<void> {
  await database.db.execute(sql`
    update clock set offset_ms = greatest(offset_ms,
      ceil(extract(epoch from ${to.toISOString()}::timestamptz - clock_timestamp()) * 1000)::bigint)`)
}

const grant = async (id: string) =>
  (await database.db.query.grant.findFirst({ where: eq(schema.grant.id, id) }))!
const request = async (id: string) =>
  (await database.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const until = (what: () => Promise<void>) => vi.waitFor(what, { timeout: 20_000, interval: 50 })

/** The loop goes on meanwhile: what is read of the record and what is read of the target may be a moment apart. */
const sound = () =>
  until(async () => {
    const record = await readLedger(database.db, target.state)
    expect(violations({ ...record, effects: [...before, ...record.effects] })).toEqual([])
  })

beforeAll(async () => {
  const { TEST_ADMIN_URL: adminUrl = '', TEST_RUN: run } = process.env
  const name = `test_${run}_first_release`
  await createDatabase(adminUrl, name)
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href
  target = await oldTarget()
  await oldDatabase(url)
  await migrateDatabase(url)
  database = openDatabase(url, { name: 'leasehold-test' })
  await watchClock(database.db)
  await jump(MADE_AT)
})
afterAll(async () => {
  await loop?.stop()
  await database?.close()
  await target?.close()
})

it('ends on time what the first release gave, and goes on with everything that it had begun', async () => {
  await sound()
  const hints = vi.spyOn(inngest, 'send').mockResolvedValue({ ids: [] })
  loop = startLoop(database)

  // What was under way: a take that had not succeeded, a give, a mail and a hint that had not left.
  await until(async () => {
    expect((await grant(grants.cem)).state).toBe('ended')
    expect((await grant(grants.dora)).state).toBe('active')
    const [mail] = await database.db.query.mail.findMany({ where: eq(schema.mail.requestId, requests.eva) })
    expect(mail).toMatchObject({ kind: 'decision-needed', state: 'sent' })
    expect(hints.mock.calls.map(([hint]) => hint)).toContainEqual(
      expect.objectContaining({ name: 'request/asked', data: { requestId: requests.eva } }),
    )
  })

  // What was asked then is decided now.
  const ben = { kind: 'person', id: BEN, admin: false, auditor: false, active: true } as const
  const session = { way: 'oidc', fresh: true } as const
  const ctx = { db: database.db, actor: { ...ben, session } }
  const yes = { requestId: requests.eva, verdict: 'approve', note: null, version: 1 } as const
  const eva = must(await decideOnRequest(ctx, yes)).grantId!
  await until(async () => expect((await grant(eva)).state).toBe('active'))
  await sound()

  // An hour before the end comes the notice.
  const ends = (await grant(grants.ana)).endsAt!
  expect(ends).toEqual(new Date('2100-01-04T14:00:01.362Z'))
  await jump(plus(ends, -HOUR))
  await until(async () => expect((await grant(grants.ana)).noticeSentAt).not.toBeNull())

  await jump(ends)
  await until(async () => {
    const rows = await Promise.all([grant(grants.ana), grant(grants.gita)])
    expect(rows.map((row) => row.state)).toEqual(['ended', 'ended'])
  })
  for (const id of [grants.ana, grants.gita]) {
    const row = await grant(id)
    expect(row).toMatchObject({ endReason: 'expired', rightOverAt: row.endsAt, verified: true })
    expect(row.lateMs).toBeLessThan(ON_TIME_MS)
  }
  expect((await request(requests.gita)).state).toBe('lapsed')
  expect(target.state.holders(PROD_READ)).toEqual([accounts.dora, accounts.eva].sort())
  await sound()

  for (const id of [grants.dora, eva]) {
    await jump((await grant(id)).endsAt!)
    await until(async () => expect((await grant(id)).state).toBe('ended'))
    expect((await grant(id)).lateMs).toBeLessThan(ON_TIME_MS)
  }
  expect(target.state.holders(PROD_READ)).toEqual([])
  await sound()
})
