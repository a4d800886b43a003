import 'server-only'
import {
  AndFilter,
  type Entry,
  EqualityFilter,
  type Filter,
  NotFilter,
  OrFilter,
  PresenceFilter,
} from 'ldapts'
import type { Holder } from '../contract'
import type { Directory } from './client'
import { isActiveDirectory, peopleFilter, placeholderOf } from './config'
import { sameDn } from './dn'
import { accountOf, firstOf, personAttributes, relativeId, valuesOf } from './entries'
import { searchBase } from './find'
import { readMembers } from './members'
import { nestedMembers, PRIMARY_GROUP, withinOnAd } from './nested'
import { pageAfter } from './page'

/** Names looked up per page, each by a question of its own. */
const HOLDERS_PER_PAGE = 200
/** Questions on their way at once; servers refuse a connection that asks too many. */
const AT_ONCE = 50

interface Named {
  dn: string
  key: string
  via?: string
}

interface Part {
  items: Holder[]
  next: string | null
}

const isGroup = (entry: Entry) =>
  valuesOf(entry, 'objectClass').some((name) => /^(group|groupof\w+|posixgroup)$/i.test(name))

/** The entries behind names, without groups, placeholders and what no longer exists. */
async function entriesOf(directory: Directory, named: readonly Named[]): Promise<[Named, Entry][]> {
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const attributes = personAttributes(directory.config)
  const found: [Named, Entry][] = []
  for (let at = 0; at < named.length; at += AT_ONCE) {
    const asked = named.slice(at, at + AT_ONCE)
    const entries = await Promise.all(asked.map(({ dn }) => directory.entry(dn, { filter, attributes })))
    entries.forEach((entry, n) => {
      if (entry && !isGroup(entry)) found.push([asked[n]!, entry])
      if (!entry) directory.log('a group names somebody who is not there', { name: asked[n]!.dn })
    })
  }
  return found
}

const sorted = (named: Named[]) => named.sort((a, b) => (a.key < b.key ? -1 : 1))
const keyOf = ({ key }: Named) => key

async function pageOf(directory: Directory, named: Named[], after: string): Promise<Part> {
  const { items, next } = pageAfter(sorted(named), keyOf, after, HOLDERS_PER_PAGE)
  const entries = await entriesOf(directory, items)
  return {
    items: entries.map(([{ via }, entry]) => ({
      account: accountOf(entry, directory.config),
      ...(via === undefined ? { state: 'direct' as const } : { state: 'indirect' as const, via }),
    })),
    next,
  }
}

async function namedIn(directory: Directory, group: Entry): Promise<Named[]> {
  const nobody = sameDn(placeholderOf(directory.config))
  const members = await readMembers(directory, group.dn)
  return members.map((dn) => ({ dn, key: sameDn(dn) })).filter(({ key }) => key !== nobody)
}

/** People by something they carry themselves, in the order of their names. */
async function peopleWith(directory: Directory, filters: Filter[]): Promise<Entry[]> {
  const { config } = directory
  return searchBase(directory, config.peopleBase, {
    filter: new AndFilter({ filters: [peopleFilter(config), ...filters] }),
    attributes: personAttributes(config),
  })
}

/** Who is named in the group, in the order of their names. */
export async function directHolders(directory: Directory, group: Entry, after: string): Promise<Part> {
  if (directory.config.memberAttribute !== 'memberUid') {
    return pageOf(directory, await namedIn(directory, group), after)
  }
  const logins = [...new Set(await readMembers(directory, group.dn))].sort()
  const { items, next } = pageAfter(logins, (login) => login, after, AT_ONCE)
  if (items.length === 0) return { items: [], next }
  const filters = items.map((value) => new EqualityFilter({ attribute: 'uid', value }))
  const people = await peopleWith(directory, [new OrFilter({ filters })])
  const holders = people.map((entry) => ({
    account: accountOf(entry, directory.config),
    state: 'direct' as const,
  }))
  return { items: holders, next }
}

/** Who holds the group without being named in it. */
export async function indirectHolders(directory: Directory, group: Entry, after: string): Promise<Part> {
  const { config } = directory
  const primary = await primaryMembers(directory, group)
  if (config.memberAttribute === 'memberUid') {
    const logins = new Set(await readMembers(directory, group.dn))
    const others = primary.filter((entry) => !valuesOf(entry, 'uid').some((login) => logins.has(login)))
    return pageOf(directory, others.map(throughPrimary), after)
  }
  const direct = await namedIn(directory, group)
  const named = new Map(primary.map((entry) => [sameDn(entry.dn), throughPrimary(entry)]))
  for (const each of await nested(directory, group, direct)) named.set(each.key, each)
  for (const { key } of direct) named.delete(key)
  return pageOf(directory, [...named.values()], after)
}

const throughPrimary = ({ dn }: Entry): Named => ({ dn, key: sameDn(dn), via: PRIMARY_GROUP })

async function nested(directory: Directory, group: Entry, direct: readonly Named[]): Promise<Named[]> {
  if (isActiveDirectory(directory.config)) {
    const named = new EqualityFilter({ attribute: 'memberOf', value: group.dn })
    const people = await peopleWith(directory, [withinOnAd(group.dn), new NotFilter({ filter: named })])
    return people.map(({ dn }) => ({ dn, key: sameDn(dn), via: 'nested groups' }))
  }
  const members = await nestedMembers(
    directory,
    direct.map(({ dn }) => dn),
  )
  return [...members].map(([key, { dn, via }]) => ({ dn, key, via: [...via].sort().join(', ') }))
}

/** Accounts whose own entry names this group as their primary one. */
async function primaryMembers(directory: Directory, group: Entry): Promise<Entry[]> {
  const { config } = directory
  const [attribute, value] = isActiveDirectory(config)
    ? ['primaryGroupID', relativeId(group)]
    : ['gidNumber', config.memberAttribute === 'memberUid' ? firstOf(group, 'gidNumber') : undefined]
  return value === undefined
    ? []
    : peopleWith(directory, [new EqualityFilter({ attribute: attribute!, value })])
}
