/** What is held through something else: groups within groups, and the primary group of an account. */
import 'server-only'
import { AndFilter, type Entry, EqualityFilter, ExtensibleFilter, type Filter } from 'ldapts'
import type { Directory } from './client'
import { groupsFilter, isActiveDirectory } from './config'
import { sameDn } from './dn'
import { entitlementOf, firstOf, groupAttributes, relativeId } from './entries'
import { searchBase } from './find'
import { readMembers } from './members'

/** Directories let groups contain each other in circles; nobody nests this deep on purpose. */
const MAX_DEPTH = 10
const MAX_GROUPS = 200

export const PRIMARY_GROUP = 'primary group'

/** Membership in a group of that name through any number of groups. Source: [MS-ADTS] 3.1.1.3.4.4.3. */
export const withinOnAd = (dn: string): Filter =>
  new ExtensibleFilter({ rule: '1.2.840.113556.1.4.1941', matchType: 'memberOf', value: dn })

/** Whether this group is the one an account names as its own, which no list of members shows. */
export function isPrimaryGroup({ config }: Directory, group: Entry, account: Entry): boolean {
  const [own, groups] = isActiveDirectory(config)
    ? [firstOf(account, 'primaryGroupID'), relativeId(group)]
    : config.memberAttribute === 'memberUid'
      ? [firstOf(account, 'gidNumber'), firstOf(group, 'gidNumber')]
      : []
  return own !== undefined && own === groups
}

/** Groups that name this entry, themselves included only if they name it. */
async function groupsNaming(directory: Directory, dn: string, more: Filter[] = []): Promise<Entry[]> {
  const { config } = directory
  const naming = new EqualityFilter({ attribute: config.memberAttribute, value: dn })
  return searchBase(directory, config.groupsBase, {
    filter: new AndFilter({ filters: [groupsFilter(config), naming, ...more] }),
    attributes: groupAttributes(config),
  })
}

/** Names of the groups an account is named in that lead, over others or not, to this one. */
export async function viaGroups(directory: Directory, group: Entry, account: Entry): Promise<string[]> {
  const { config } = directory
  if (config.memberAttribute === 'memberUid') return []
  const named = (entry: Entry) => entitlementOf(entry, config).name
  if (isActiveDirectory(config)) {
    return (await groupsNaming(directory, account.dn, [withinOnAd(group.dn)])).map(named).sort()
  }
  const target = sameDn(group.dn)
  const first = (await groupsNaming(directory, account.dn)).filter(({ dn }) => sameDn(dn) !== target)
  const above = await groupsAbove(directory, first)
  const leads = (from: string, seen = new Set<string>()): boolean => {
    if (from === target) return true
    if (seen.has(from)) return false
    seen.add(from)
    return [...(above.get(from) ?? [])].some((next) => leads(next, seen))
  }
  return first
    .filter(({ dn }) => leads(sameDn(dn)))
    .map(named)
    .sort()
}

/** For every group reached upwards from the first ones: the groups that name it. */
async function groupsAbove(directory: Directory, first: Entry[]): Promise<Map<string, Set<string>>> {
  const above = new Map<string, Set<string>>()
  let level = first.map(({ dn }) => dn)
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const next: string[] = []
    for (const dn of level) {
      if (above.has(sameDn(dn))) continue
      if (above.size >= MAX_GROUPS) {
        directory.log('nested groups were not followed to their end', { followed: MAX_GROUPS })
        return above
      }
      const parents = await groupsNaming(directory, dn)
      above.set(sameDn(dn), new Set(parents.map((parent) => sameDn(parent.dn))))
      next.push(...parents.map((parent) => parent.dn))
    }
    level = next
  }
  return above
}

/** A name found in a nested group: as it is written there, and the groups that write it. */
export interface NestedMember {
  dn: string
  via: Set<string>
}

/** Who is named in groups that this group names, over any number of them, by one spelling of their names. */
export async function nestedMembers(
  directory: Directory,
  members: readonly string[],
): Promise<Map<string, NestedMember>> {
  const { config } = directory
  const groups = new Map(
    (
      await searchBase(directory, config.groupsBase, {
        filter: groupsFilter(config),
        attributes: groupAttributes(config),
      })
    ).map((entry) => [sameDn(entry.dn), entry]),
  )
  const found = new Map<string, NestedMember>()
  const seen = new Set<string>()
  let level = members.map(sameDn).filter((dn) => groups.has(dn))
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const next: string[] = []
    for (const key of level) {
      const group = groups.get(key)
      if (!group || seen.has(key) || seen.size >= MAX_GROUPS) continue
      seen.add(key)
      for (const dn of await readMembers(directory, group.dn)) {
        const member = sameDn(dn)
        if (groups.has(member)) next.push(member)
        else {
          const known = found.get(member) ?? { dn, via: new Set() }
          known.via.add(entitlementOf(group, config).name)
          found.set(member, known)
        }
      }
    }
    level = next
  }
  return found
}
