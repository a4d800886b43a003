import 'server-only'
import { and, asc, desc, eq, gte, inArray, ne } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { DAY, plus } from '@/lib/domain/duration'
import type { History, PastRequest } from '@/lib/views'

/** How far back "asked before" and "usual answer" look, in seconds. */
export const LOOK_BACK = 90 * DAY

const NOTHING: History = {
  total: 0,
  approved: 0,
  denied: 0,
  withdrawn: 0,
  lapsed: 0,
  returnedEarly: 0,
  items: [],
}

/** What each of these people asked for in the last 90 days, by "person:entitlement". Not scoped. */
export async function unsafeHistories(
  db: Reader,
  pairs: readonly { personId: string; entitlementId: string }[],
  now: Date,
): Promise<(personId: string, entitlementId: string) => History> {
  if (pairs.length === 0) return () => NOTHING
  const { request, grant, decision, person } = schema
  const rows = await db
    .select({ row: request, grant })
    .from(request)
    .leftJoin(grant, eq(grant.id, request.grantId))
    .where(
      and(
        inArray(request.personId, [...new Set(pairs.map((p) => p.personId))]),
        inArray(request.entitlementId, [...new Set(pairs.map((p) => p.entitlementId))]),
        eq(request.kind, 'grant'),
        ne(request.state, 'pending'),
        gte(request.askedAt, plus(now, -LOOK_BACK)),
      ),
    )
    .orderBy(desc(request.askedAt))
    .limit(2000)
  const ids = rows.map((r) => r.row.id)
  const votes = ids.length
    ? await db
        .select({ requestId: decision.requestId, id: person.id, name: person.name })
        .from(decision)
        .innerJoin(person, eq(person.id, decision.personId))
        .where(inArray(decision.requestId, ids))
        .orderBy(asc(decision.decidedAt))
    : []
  return (personId, entitlementId) => {
    const mine = rows.filter((r) => r.row.personId === personId && r.row.entitlementId === entitlementId)
    const count = (state: string) => mine.filter((r) => r.row.state === state).length
    return {
      total: mine.length,
      approved: count('approved'),
      denied: count('denied'),
      withdrawn: count('withdrawn'),
      lapsed: count('lapsed'),
      returnedEarly: mine.filter((r) => r.grant?.endReason === 'returned').length,
      items: mine.map(({ row, grant: held }) => ({
        id: row.id,
        state: row.state,
        emergency: row.approval === 'emergency',
        seconds: row.seconds,
        reason: row.reason,
        askedAt: row.askedAt,
        decidedBy: votes.filter((v) => v.requestId === row.id).map(({ id, name }) => ({ id, name })),
        ...outcomeOf(held),
      })),
    }
  }
}

function outcomeOf(
  grant: typeof schema.grant.$inferSelect | null,
): Pick<PastRequest, 'outcome' | 'heldSeconds'> {
  if (!grant) return { outcome: null, heldSeconds: null }
  const { state, endReason, grantedAt, rightOverAt } = grant
  const held =
    grantedAt && rightOverAt ? Math.max(0, (rightOverAt.getTime() - grantedAt.getTime()) / 1000) : null
  if (state === 'scheduled' || state === 'provisioning') return { outcome: 'scheduled', heldSeconds: null }
  if (state === 'active') return { outcome: 'running', heldSeconds: null }
  if (state === 'failed' || !grantedAt) return { outcome: 'not_given', heldSeconds: null }
  if (endReason === 'returned') return { outcome: 'returned', heldSeconds: held }
  if (endReason === 'expired' || endReason === 'attested') return { outcome: 'ran_out', heldSeconds: null }
  return { outcome: 'revoked', heldSeconds: held }
}
