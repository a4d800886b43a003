/** Who is in a group: giving, taking, looking and listing. */
import 'server-only'
import { z } from 'zod'
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
import { findGroup, groupPath, needGroup, unmanagedBecause } from './groups'
import { accountOf, needUser, usersWhere } from './people'

export interface Pair {
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

const node = z.object({ id: z.string().min(1), type: z.string().nullish() })
/** An end of the graph with every way that leads to it, each a list of steps from where we stand. */
const reached = z.object({
  id: z.string().min(1),
  type: z.string().nullish(),
  paths: z.array(z.array(z.object({ to: node }))).nullish(),
})
type Reached = z.infer<typeof reached>

/** One step is a membership of its own; without a word on the way it is taken for one, so that it gets removed. */
function isDirect({ paths }: Reached): boolean {
  return !paths || paths.length === 0 || paths.some((path) => path.length <= 1)
}

/** The groups between, of the first way. */
const between = ({ paths }: Reached) => (paths?.[0] ?? []).slice(0, -1).map(({ to }) => to.id)

async function namesOf(ctx: Ctx, ids: string[]): Promise<string> {
  const names = await Promise.all(ids.map(async (id) => (await findGroup(ctx, id))?.name ?? id))
  return names.join(', ')
}

/** The group as JumpCloud sees it from this person; null where it is not in any of their groups. */
async function seenFrom(ctx: Ctx, { entitlement, account }: Pair): Promise<Reached | null> {
  let cursor: string | null = null
  do {
    const path = `/api/v2/users/${encodeURIComponent(account.id)}/memberof`
    const page: Page<Reached> | null = await findPage(ctx, reached, path, { cursor })
    if (!page) {
      await needUser(ctx, account)
      throw new ConnectorError('retryable', 'JumpCloud does not know the groups of an account it knows.')
    }
    const found = page.items.find(({ id }) => id === entitlement.id)
    if (found) return found
    cursor = page.next
  } while (cursor !== null)
  return null
}

/** Absence is said only once the group and the account are both seen to exist. */
export async function check(ctx: Ctx, pair: Pair): Promise<Holding> {
  const found = await seenFrom(ctx, pair)
  if (!found) {
    await needGroup(ctx, pair.entitlement)
    await needUser(ctx, pair.account)
    return { state: 'absent' }
  }
  if (isDirect(found)) return { state: 'direct' }
  const via = await namesOf(ctx, between(found))
  return { state: 'indirect', via, detail: `Through ${via}.` }
}

const change = (ctx: Ctx, { entitlement, account }: Pair, op: 'add' | 'remove'): Promise<HttpAnswer> =>
  ask(ctx, {
    method: 'POST',
    path: `${groupPath(entitlement.id)}/members`,
    json: { op, type: 'user', id: account.id },
    effect: 'change',
  })

export async function grant(ctx: Ctx, pair: Pair): Promise<ChangeResult> {
  const reason = unmanagedBecause(await needGroup(ctx, pair.entitlement))
  if (reason) throw new ConnectorError('entitlement_unmanaged', reason)
  const answer = await change(ctx, pair, 'add')
  if (answer.status === 204) return { state: 'done', changed: true }
  // 409 says that it exists, 404 that something does not: neither is believed without a look.
  const { state } = await check(ctx, pair)
  if (state === 'direct') return { state: 'done', changed: false }
  if (answer.status === 409) throw new ConnectorError('retryable', 'JumpCloud reports a conflict.')
  throw refused(answer)
}

export async function revoke(ctx: Ctx, pair: Pair): Promise<ChangeResult> {
  const answer = await change(ctx, pair, 'remove')
  if (answer.status === 204) return { state: 'done', changed: true }
  const { state } = await check(ctx, pair)
  if (state !== 'direct') return { state: 'done', changed: false }
  const reason = unmanagedBecause(await needGroup(ctx, pair.entitlement))
  if (reason) throw new ConnectorError('entitlement_unmanaged', reason)
  if (answer.status === 404 || answer.status === 409)
    throw new ConnectorError('retryable', `JumpCloud refuses to remove a member it shows (${answer.status}).`)
  throw refused(answer)
}

export async function listHolders(
  ctx: Ctx,
  { entitlement, cursor }: { entitlement: ConnectorEntitlement; cursor: string | null },
): Promise<Page<Holder>> {
  const fixed = unmanagedBecause(await needGroup(ctx, entitlement))
  const page = await findPage(ctx, reached, `${groupPath(entitlement.id)}/membership`, { cursor })
  if (!page) throw new ConnectorError('retryable', 'JumpCloud does not know the members of a group it knows.')
  const members = page.items.filter(({ type }) => !type || type === 'user')
  const users =
    members.length > 0
      ? await usersWhere(
          ctx,
          members.map(({ id }) => ({ _id: id })),
        )
      : []
  const accounts = new Map(users.map((user) => [user._id, accountOf(user)]))
  const items: Holder[] = []
  for (const member of members) {
    const account = accounts.get(member.id) ?? { id: member.id, name: member.id }
    if (isDirect(member)) items.push({ account, state: 'direct', ...(fixed ? { fixed } : {}) })
    else items.push({ account, state: 'indirect', via: await namesOf(ctx, between(member)) })
  }
  return { items, next: page.next }
}

/** An id that JumpCloud never gives out. */
const nobody = '000000000000000000000000'

/** Whether we may change a group's members, asked by removing nobody from it: there is nothing to remove. */
export async function mayChange(ctx: Ctx, entitlement: ConnectorEntitlement): Promise<boolean | null> {
  try {
    const answer = await change(ctx, { entitlement, account: { id: nobody, name: 'nobody' } }, 'remove')
    return answer.status === 404 || answer.status === 204 ? true : null
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'auth') return false
    throw error
  }
}
