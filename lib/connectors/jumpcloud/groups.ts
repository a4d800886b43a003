import 'server-only'
import { z } from 'zod'
import { type ConnectorEntitlement, ConnectorError, type ListedEntitlement, type Page } from '../contract'
import { type Ctx, find, findPage } from './api'

const userGroup = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().nullish(),
  membershipMethod: z.string().nullish(),
  memberQuery: z.unknown().optional(),
})
export type UserGroup = z.infer<typeof userGroup>

/** Why a group's members are not ours to set, or null where they are. */
export function unmanagedBecause({ membershipMethod, memberQuery }: UserGroup): string | null {
  switch (membershipMethod) {
    case 'STATIC':
    case 'NOTSET':
      return null
    case 'DYNAMIC_AUTOMATED':
      return 'A rule in JumpCloud sets its members.'
    case 'DYNAMIC_REVIEW_REQUIRED':
      return 'A rule in JumpCloud proposes its members, and administrators decide on them there.'
    case null:
    case undefined:
      return memberQuery ? 'A rule in JumpCloud sets its members.' : null
    default:
      return `JumpCloud sets its members in a way Leasehold does not know (${membershipMethod}).`
  }
}

export const groupPath = (id: string) => `/api/v2/usergroups/${encodeURIComponent(id)}`

export const findGroup = (ctx: Ctx, id: string) =>
  find(ctx, userGroup, { method: 'GET', path: groupPath(id) })

/** @throws ConnectorError `entitlement_missing` */
export async function needGroup(ctx: Ctx, { id, name }: ConnectorEntitlement): Promise<UserGroup> {
  const group = await findGroup(ctx, id)
  if (group) return group
  throw new ConnectorError('entitlement_missing', `The user group “${name}” no longer exists in JumpCloud.`)
}

/** One page of user groups, in the order of their names, which are unique in an organisation. */
export async function groupsPage(ctx: Ctx, cursor: string | null): Promise<Page<UserGroup>> {
  const page = await findPage(ctx, userGroup, '/api/v2/usergroups', { cursor, sort: 'name' })
  if (page) return page
  throw new ConnectorError('misconfigured', 'JumpCloud has no user groups at this address.')
}

export async function listEntitlements(
  ctx: Ctx,
  { cursor }: { cursor: string | null },
): Promise<Page<ListedEntitlement>> {
  const { items, next } = await groupsPage(ctx, cursor)
  return {
    items: items.map((group) => {
      const reason = unmanagedBecause(group)
      return {
        id: group.id,
        name: group.name,
        ...(group.description ? { description: group.description } : {}),
        requestable: reason === null,
        ...(reason ? { reason } : {}),
      }
    }),
    next,
  }
}
