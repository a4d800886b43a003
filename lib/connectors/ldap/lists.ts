import 'server-only'
import type { Entry } from 'ldapts'
import type { ConnectorEntitlement, Holder, ListedEntitlement, Page } from '../contract'
import { ConnectorError } from '../contract'
import { type Ctx, withDirectory } from './client'
import { groupsFilter, isActiveDirectory, type LdapConfig } from './config'
import {
  entitlementOf,
  firstOf,
  groupAttributes,
  isDistributionList,
  unmanagedReason,
  valuesOf,
} from './entries'
import { findGroup, searchBase } from './find'
import { directHolders, indirectHolders } from './holders'
import { pageAfter } from './page'

const GROUPS_PER_PAGE = 500

/** Attributes this operator may change, computed by Active Directory for whoever asks. */
const EFFECTIVE = 'allowedAttributesEffective'

function listed(entry: Entry, config: LdapConfig): ListedEntitlement {
  const own = firstOf(entry, 'description')
  const parts = [
    own,
    isActiveDirectory(config) && isDistributionList(entry) ? 'Distribution list: mail only.' : '',
  ]
  const description = parts.filter(Boolean).join(' ')
  const reason =
    unmanagedReason(entry, config) ??
    (isActiveDirectory(config) && !mayChange(entry, config)
      ? 'The operator may not change the members of this group.'
      : undefined)
  return {
    ...entitlementOf(entry, config),
    ...(description ? { description } : {}),
    requestable: reason === undefined,
    ...(reason ? { reason } : {}),
  }
}

export const mayChange = (entry: Entry, { memberAttribute }: LdapConfig) =>
  valuesOf(entry, EFFECTIVE).some((name) => name.toLowerCase() === memberAttribute.toLowerCase())

export const listedAttributes = (config: LdapConfig): string[] => [
  ...groupAttributes(config),
  ...(isActiveDirectory(config) ? [EFFECTIVE] : []),
]

/**
 * All groups under the base. A directory's own cursors end with the connection, so every page reads
 * the whole list again and shows its part, in the order of ids, which never change.
 */
export async function listGroups(
  ctx: Ctx,
  { cursor }: { cursor: string | null },
): Promise<Page<ListedEntitlement>> {
  const { config } = ctx
  const entries = await withDirectory(ctx, (directory) =>
    searchBase(directory, config.groupsBase, {
      filter: groupsFilter(config),
      attributes: listedAttributes(config),
    }),
  )
  const groups = entries.map((entry) => listed(entry, config))
  const byId = ({ id }: ListedEntitlement) => id
  groups.sort((a, b) => (a.id < b.id ? -1 : 1))
  return pageAfter(groups, byId, cursor ?? '', GROUPS_PER_PAGE)
}

const phases = { 'd:': directHolders, 'i:': indirectHolders }

/** Who holds a group: first, over pages, who is named in it; then who holds it through something else. */
export async function listHolders(
  ctx: Ctx,
  { entitlement, cursor }: { entitlement: ConnectorEntitlement; cursor: string | null },
): Promise<Page<Holder>> {
  const phase = (cursor ?? 'd:').slice(0, 2)
  if (phase !== 'd:' && phase !== 'i:') throw new ConnectorError('rejected', 'This is not a cursor of ours.')
  const after = (cursor ?? 'd:').slice(2)
  return withDirectory(ctx, async (directory) => {
    const group = await findGroup(directory, entitlement)
    const { items: found, next } = await phases[phase](directory, group, after)
    const fixed = unmanagedReason(group, ctx.config)
    const items = fixed ? found.map((holder) => ({ ...holder, fixed })) : found
    if (next !== null) return { items, next: phase + next }
    return { items, next: phase === 'd:' ? 'i:' : null }
  })
}
