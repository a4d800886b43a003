import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { startTarget, type Target } from '@/lib/connectors/testing/target'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { advanceClock, parseAdvance } from '@/lib/engine/advance'
import { performDue } from '@/lib/engine/perform'
import { decideOnRequest } from '@/lib/services/decisions'
import { askForAccess } from '@/lib/services/requests'
import { checkLedger } from './check-ledger'

/**
 * A world with one application behind a real signed webhook, an owner who decides, and a requester with an
 * account there. Closing it holds the record against the invariants and throws where it does not.
 */
export interface LeaseWorld extends World {
  readonly target: Target
  readonly ana: TestPerson
  readonly ben: TestPerson
  readonly ines: TestPerson
  readonly applicationId: string
  readonly connectionId: string
  readonly entitlementId: string
  readonly externalId: string
  readonly anaAccount: string
  /** Asks as Ana and approves as Ben; the grant's id. Nothing is given yet. */
  approved(seconds?: number): Promise<string>
  /** Does everything that is due until nothing is. */
  drain(): Promise<void>
  /** Lets every backoff, rest and rate limit be over, which count unshifted time, and does what is due then. */
  retryNow(): Promise<void>
  /** Moves the clock ("+5h"), letting the queue run dry at every due time on the way. */
  advance(by: string): Promise<void>
  grant(id: string): Promise<typeof schema.grant.$inferSelect>
  /** Who holds the entitlement in the target, by account id. */
  holders(): string[]
}

/** The answer of a verb that must have been let through. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.message}`)
  return result.value
}

export async function createLeaseWorld(policy: Partial<PolicyDefinition> = {}): Promise<LeaseWorld> {
  const world = await createWorld()
  const target = await startTarget()
  const ines = await world.person('Ines Albrecht', { admin: true })
  const ben = await world.person('Ben Okafor')
  const ana = await world.person('Ana Oliveira', { managerId: ben.id })
  const connectionId = await world.connection(
    'webhook',
    { url: target.url, effectDelaySeconds: 0, endsSessions: true, listsHolders: true },
    { secret: target.secret },
  )
  const applicationId = await world.application('Data warehouse', { owners: [ben], connectionId })
  const external = target.state.addEntitlement({ name: 'prod_read' })
  const account = target.state.addAccount({ email: ana.email, name: ana.name })
  const entitlementId = await world.entitlement(applicationId, 'prod_read', { externalId: external.id })
  await world.policy('Production read', {
    entitlementIds: [entitlementId],
    presets: [
      { seconds: 6 * HOUR, noticeSeconds: HOUR },
      { seconds: DAY, noticeSeconds: 4 * HOUR },
    ],
    extension: { allowed: true, maxCount: 2, maxTotalSeconds: 3 * DAY },
    ...policy,
  })
  const { database, db } = world
  async function drain() {
    while ((await performDue(db)) > 0);
  }
  return {
    ...world,
    target,
    ana,
    ben,
    ines,
    applicationId,
    connectionId,
    entitlementId,
    externalId: external.id,
    anaAccount: account.id,
    drain,
    async retryNow() {
      await db.update(schema.work).set({ notBefore: null, leaseUntil: null })
      await db.update(schema.connection).set({ resumeAt: null, breakerUntil: null, tokens: null })
      await drain()
    },
    async approved(seconds = 6 * HOUR) {
      const { requestId } = must(
        await askForAccess(world.as(ana), { entitlementId, seconds, reason: 'INC-2417', startAt: null }),
      )
      const decided = must(
        await decideOnRequest(world.as(ben), { requestId, verdict: 'approve', note: null, version: 1 }),
      )
      if (!decided.grantId) throw new Error('approved without a grant')
      return decided.grantId
    },
    async advance(by) {
      must(await advanceClock(database, parseAdvance(by) ?? 0))
    },
    async grant(id) {
      const row = await db.query.grant.findFirst({ where: eq(schema.grant.id, id) })
      if (!row) throw new Error(`no grant ${id}`)
      return row
    },
    holders: () => target.state.holders(external.id),
    async close() {
      try {
        await checkLedger({ db: world.db, target })
      } finally {
        await world.close()
        await target.close()
      }
    },
  }
}
