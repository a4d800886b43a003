/** Who is in a group: giving, taking, looking, listing, and ending sessions. */
import 'server-only'
import {
  type ChangeResult,
  type ConnectorAccount,
  type ConnectorEntitlement,
  ConnectorError,
  type Holder,
  type Holding,
  type Page,
} from '../contract'
import type { HttpAnswer } from '../http'
import { ask, type Ctx, findPage, refused } from './api'
import {
  groupPath,
  needGroup,
  type OktaGroup,
  oktaGroup,
  readRules,
  setElsewhere,
  unmanagedBecause,
} from './groups'
import { accountOf, needUser, oktaUser, userPath } from './people'

export interface Pair {
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

/**
 * The group among those of the person; null where it is not.
 * @throws ConnectorError `principal_missing` once the account itself is seen to be gone
 */
async function seenFrom(ctx: Ctx, { entitlement, account }: Pair): Promise<OktaGroup | null> {
  let cursor: string | null = null
  do {
    const path = `${userPath(account.id)}/groups`
    const page: Page<OktaGroup> | null = await findPage(ctx, oktaGroup, path, cursor)
    if (!page) {
      await needUser(ctx, account)
      throw new ConnectorError('retryable', 'Okta does not know the groups of an account it knows.')
    }
    const found = page.items.find(({ id }) => id === entitlement.id)
    if (found) return found
    cursor = page.next
  } while (cursor !== null)
  return null
}

export async function check(ctx: Ctx, pair: Pair): Promise<Holding> {
  const found = await seenFrom(ctx, pair)
  if (!found) {
    await needGroup(ctx, pair.entitlement)
    return { state: 'absent' }
  }
  const via = setElsewhere(found.type)
  return via ? { state: 'indirect', via, detail: `Set by ${via}.` } : { state: 'direct' }
}

const change = (ctx: Ctx, { entitlement, account }: Pair, method: 'PUT' | 'DELETE'): Promise<HttpAnswer> =>
  ask(ctx, {
    method,
    path: `${groupPath(entitlement.id)}/users/${encodeURIComponent(account.id)}`,
    effect: 'change',
  })

/** Okta answers alike whether the person was in the group or not, so it is looked at first. */
export async function grant(ctx: Ctx, pair: Pair): Promise<ChangeResult> {
  const group = await needGroup(ctx, pair.entitlement)
  const reason = unmanagedBecause(group, await readRules(ctx))
  if (reason) throw new ConnectorError('entitlement_unmanaged', reason)
  if (await seenFrom(ctx, pair)) return { state: 'done', changed: false }
  return answered(ctx, pair, await change(ctx, pair, 'PUT'))
}

/**
 * Takes what we gave, also where a rule puts people into the group by now: an end is kept. What that means for
 * somebody whom the rule fits is said in the documentation.
 */
export async function revoke(ctx: Ctx, pair: Pair): Promise<ChangeResult> {
  if ((await check(ctx, pair)).state !== 'direct') return { state: 'done', changed: false }
  return answered(ctx, pair, await change(ctx, pair, 'DELETE'))
}

async function answered(ctx: Ctx, pair: Pair, answer: HttpAnswer): Promise<ChangeResult> {
  if (answer.status === 204) return { state: 'done', changed: true }
  if (answer.status !== 404) throw refused(answer)
  // Of what, it does not say.
  await needUser(ctx, pair.account)
  await needGroup(ctx, pair.entitlement)
  throw new ConnectorError('retryable', 'Okta does not find what it shows.')
}

export async function listHolders(
  ctx: Ctx,
  { entitlement, cursor }: { entitlement: ConnectorEntitlement; cursor: string | null },
): Promise<Page<Holder>> {
  const group = await needGroup(ctx, entitlement)
  const page = await findPage(ctx, oktaUser, `${groupPath(entitlement.id)}/users`, cursor)
  if (!page) throw new ConnectorError('retryable', 'Okta does not know the members of a group it knows.')
  const via = setElsewhere(group.type)
  const fixed = via ? null : unmanagedBecause(group, await readRules(ctx))
  const items = page.items.map((user): Holder => {
    const account = accountOf(user)
    if (via) return { account, state: 'indirect', via }
    return { account, state: 'direct', ...(fixed ? { fixed } : {}) }
  })
  return { items, next: page.next }
}

/** Ends every Okta session of the person, where that was switched on. Okta does not tell how many there were. */
export async function endSessions(ctx: Ctx, { account }: Pair): Promise<{ ended: number }> {
  if (!ctx.config.endSessions) return { ended: 0 }
  const answer = await ask(ctx, {
    method: 'DELETE',
    path: `${userPath(account.id)}/sessions`,
    effect: 'change',
  })
  if (answer.status === 404) await needUser(ctx, account)
  if (answer.status !== 204) throw refused(answer)
  return { ended: 0 }
}

/** An id that Okta never gives out. */
const nobody = '00u00000000000000000'

/** Whether we may change a group's members, asked by removing nobody from it: there is nothing to remove. */
export async function mayChange(ctx: Ctx, entitlement: ConnectorEntitlement): Promise<boolean | null> {
  try {
    const answer = await change(ctx, { entitlement, account: { id: nobody, name: 'nobody' } }, 'DELETE')
    return answer.status === 404 || answer.status === 204 ? true : null
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'auth') return false
    throw error
  }
}
