/** The members of one group: asked for, changed one at a time, read in full. */
import 'server-only'
import { type Entry, EqualityFilter, PresenceFilter } from 'ldapts'
import { ConnectorError } from '../contract'
import type { Directory } from './client'
import { isActiveDirectory, placeholderOf } from './config'
import { byId, idOf, memberValue, valuesOf } from './entries'
import { Result, resultCode } from './trouble'

const anything = () => new PresenceFilter({ attribute: 'objectClass' })

/**
 * Whether the group itself names the account. The directory compares, by its own rules for names.
 * OpenLDAP is asked by a comparison, which it refuses openly where a search would only find nothing;
 * Active Directory by a search, since Samba reads some characters of a comparison as a filter.
 */
export async function holdsDirectly(directory: Directory, group: Entry, account: Entry): Promise<boolean> {
  const { config } = directory
  const attribute = config.memberAttribute
  const value = memberValue(account, config)
  if (isActiveDirectory(config)) {
    const filter = new EqualityFilter({ attribute, value })
    return (await directory.entry(group.dn, { filter, attributes: ['1.1'] })) !== null
  }
  try {
    return await directory.compare(group.dn, attribute, value)
  } catch (error) {
    if (resultCode(error) === Result.noSuchAttribute) return false
    throw error
  }
}

/** Changes go only to the very group that was found; Active Directory knows no such condition. */
const stillThisGroup = ({ config }: Directory, group: Entry) =>
  isActiveDirectory(config) ? undefined : byId(idOf(group, config), config)

/** Names the account in the group. @returns whether it was not named before */
export async function addMember(directory: Directory, group: Entry, account: Entry): Promise<boolean> {
  const value = memberValue(account, directory.config)
  try {
    await directory.changeMembers(group.dn, [{ operation: 'add', value }], stillThisGroup(directory, group))
    return true
  } catch (error) {
    const code = resultCode(error)
    if (code === Result.attributeOrValueExists || code === Result.entryAlreadyExists) return false
    throw error
  }
}

/** Takes the account's name out of the group. @returns whether it was named before */
export async function removeMember(directory: Directory, group: Entry, account: Entry): Promise<boolean> {
  const value = memberValue(account, directory.config)
  const only = stillThisGroup(directory, group)
  try {
    await directory.changeMembers(group.dn, [{ operation: 'delete', value }], only)
    return true
  } catch (error) {
    const code = resultCode(error)
    if (code === Result.objectClassViolation) {
      // It was the last one, and this kind of group must not be empty.
      const placeholder = { operation: 'add' as const, value: placeholderOf(directory.config) }
      await directory.changeMembers(group.dn, [placeholder, { operation: 'delete', value }], only)
      return true
    }
    // Both also mean other things: only a look tells.
    const perhapsAbsent = code === Result.noSuchAttribute || code === Result.unwillingToPerform
    if (perhapsAbsent && !(await holdsDirectly(directory, group, account))) return false
    throw error
  }
}

const RANGE = /^(.+);range=(\d+)-(\d+|\*)$/i

/**
 * All members a group names, as they are written there. Active Directory hands out long lists in
 * pieces (`member;range=0-1499`), the last of which ends in `*`.
 */
export async function readMembers(directory: Directory, dn: string): Promise<string[]> {
  const attribute = directory.config.memberAttribute
  const members: string[] = []
  let next = 0
  for (;;) {
    const wanted = next === 0 ? attribute : `${attribute};range=${next}-*`
    const entry = await directory.entry(dn, { filter: anything(), attributes: [wanted] })
    if (!entry)
      throw new ConnectorError('retryable', 'A group was renamed while its members were being read.')
    const ranged = Object.keys(entry).find((key) => RANGE.test(key) && valuesOf(entry, key).length > 0)
    if (!ranged) return [...members, ...valuesOf(entry, attribute)]
    members.push(...valuesOf(entry, ranged))
    const end = RANGE.exec(ranged)?.[3]
    if (end === undefined || end === '*') return members
    next = Number(end) + 1
  }
}
