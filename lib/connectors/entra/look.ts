/** What an account holds of a group, asked often enough to believe it. */
import 'server-only'
import type { CheckArgs, ConnectorAccount, Holding } from '../contract'
import type { Ctx } from './config'
import { allOf, bodyOf, request, withQuery } from './graph'
import { groupOf, userOf } from './objects'

/**
 * Entra answers from copies that lag behind each other, so one read proves little. A look is this many reads in a row
 * and believes them only when they agree; otherwise it is `unknown` and the engine looks again. Reads that follow each
 * other closely may come from one copy, so the rest of the lag is the effect delay's: an end is looked at once more
 * when that has passed. Searching with `ConsistencyLevel: eventual` would be quicker and lags more, so it is not used.
 */
export const READS = 2
/** Milliseconds until a change is normally seen by every copy. Our assumption; Microsoft promises no figure. */
export const EFFECT_DELAY_MS = 60_000

const disagree = 'Entra’s copies do not agree yet.'

interface Membership {
  id: string
  displayName?: string | null
  '@odata.type'?: string
}

/** @throws ConnectorError `principal_missing` or `entitlement_missing` once that is proven */
export async function look(ctx: Ctx, { entitlement, account }: CheckArgs): Promise<Holding> {
  const args = { entitlement, account }
  const direct = await isDirect(ctx, args)
  for (let n = 1; n < READS; n += 1)
    if ((await isDirect(ctx, args)) !== direct) return { state: 'unknown', detail: disagree }
  if (direct) return { state: 'direct' }
  await groupOf(ctx, entitlement.id)
  if ((await isIn(ctx, account, [entitlement.id])).length === 0) return { state: 'absent' }
  const via = await viaOf(ctx, account, entitlement.id)
  // In it, and through nothing: the copy that answered last still has, or has already, what the others have not.
  return via ? { state: 'indirect', via } : { state: 'unknown', detail: disagree }
}

/** One read: whether the account is a member itself. For a change that was refused, to tell why. */
export async function isDirect(ctx: Ctx, { entitlement, account }: CheckArgs): Promise<boolean> {
  return (await groupsOf(ctx, account)).some(({ id }) => id === entitlement.id)
}

/** The groups an account is in itself: few, where the members of a group may be many. */
async function groupsOf(ctx: Ctx, account: ConnectorAccount): Promise<Membership[]> {
  const path = `/users/${encodeURIComponent(account.id)}/memberOf`
  const groups = await allOf<Membership>(ctx, withQuery(path, { $select: 'id,displayName', $top: '999' }))
  if (groups) return groups
  // A 404 speaks of the account; asked by itself it proves it.
  await userOf(ctx, account)
  return []
}

/** Entra takes so many groups at once. */
const AT_ONCE = 20

/** Those of the groups that the account is in, in any way. */
async function isIn(ctx: Ctx, { id }: ConnectorAccount, groupIds: string[]): Promise<string[]> {
  const answer = await request(ctx, {
    method: 'POST',
    path: `/users/${encodeURIComponent(id)}/checkMemberGroups`,
    json: { groupIds },
    look: true,
  })
  return answer.status === 404 ? [] : bodyOf<{ value: string[] }>(answer).value
}

/** The first group within the group that the account is in, by name; null where there is none. */
async function viaOf(ctx: Ctx, account: ConnectorAccount, group: string): Promise<string | null> {
  const path = `/groups/${encodeURIComponent(group)}/members`
  const members = await allOf<Membership>(ctx, withQuery(path, { $select: 'id,displayName', $top: '999' }))
  const nested = (members ?? []).filter((one) => one['@odata.type'] === '#microsoft.graph.group')
  for (let from = 0; from < nested.length; from += AT_ONCE) {
    const some = nested.slice(from, from + AT_ONCE)
    const [found] = await isIn(
      ctx,
      account,
      some.map(({ id }) => id),
    )
    if (found) return some.find(({ id }) => id === found)?.displayName || 'a nested group'
  }
  return null
}
