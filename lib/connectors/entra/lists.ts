/** The catalogue of groups, and who is in one. */
import 'server-only'
import {
  type ConnectorEntitlement,
  ConnectorError,
  type Holder,
  type ListedEntitlement,
  type Page,
} from '../contract'
import type { Ctx } from './config'
import { allOf, pageOf, withQuery } from './graph'
import { accountOf, type Group, groupFields, groupOf, reasonAgainst, type User } from './objects'

export async function groups(ctx: Ctx, cursor: string | null): Promise<Page<ListedEntitlement>> {
  const page = await pageOf<Group>(ctx, cursor ?? withQuery('/groups', { $select: groupFields, $top: '200' }))
  if (!page) throw new ConnectorError('retryable', 'Entra lost its place in the list of groups.')
  return {
    items: page.items.map((group) => {
      const reason = reasonAgainst(group)
      return {
        id: group.id,
        name: group.displayName,
        requestable: reason === null,
        ...(group.description ? { description: group.description } : {}),
        ...(reason ? { reason } : {}),
      }
    }),
    next: page.next,
  }
}

interface Member extends Omit<User, 'accountEnabled'> {
  '@odata.type'?: string
}

const isUser = (member: Member) => member['@odata.type'] === '#microsoft.graph.user'
const isGroup = (member: Member) => member['@odata.type'] === '#microsoft.graph.group'
const nestedMark = 'nested:'

/** Direct members first; then, where groups are nested, everyone who is in it through them only. */
export async function holders(
  ctx: Ctx,
  { id }: ConnectorEntitlement,
  cursor: string | null,
): Promise<Page<Holder>> {
  const at = `/groups/${encodeURIComponent(id)}`
  const query = { $select: 'id,displayName,userPrincipalName,mail', $top: '500' }
  if (!cursor?.startsWith(nestedMark)) {
    const page = await pageOf<Member>(ctx, cursor ?? withQuery(`${at}/members`, query))
    if (!page) return gone(ctx, id)
    const items = page.items
      .filter(isUser)
      .map((user) => ({ account: accountOf(user), state: 'direct' as const }))
    return { items, next: page.next ?? nestedMark }
  }
  const members = await allOf<Member>(ctx, withQuery(`${at}/members`, { ...query, $top: '999' }))
  if (!members) return gone(ctx, id)
  const [nested, second] = members.filter(isGroup)
  if (!nested) return { items: [], next: null }
  const via = second ? 'a nested group' : nested.displayName || 'a nested group'
  const direct = new Set(members.map((member) => member.id))
  const rest = cursor.slice(nestedMark.length)
  const page = await pageOf<Member>(ctx, rest || withQuery(`${at}/transitiveMembers`, query))
  if (!page) return gone(ctx, id)
  return {
    items: page.items
      .filter((member) => isUser(member) && !direct.has(member.id))
      .map((user) => ({ account: accountOf(user), state: 'indirect' as const, via })),
    next: page.next === null ? null : `${nestedMark}${page.next}`,
  }
}

async function gone(ctx: Ctx, id: string): Promise<never> {
  await groupOf(ctx, id)
  throw new ConnectorError('retryable', 'Entra’s copies do not agree yet.')
}
