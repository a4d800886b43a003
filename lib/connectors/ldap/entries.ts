/** What entries say: ids, labels, and why a group is not for lease. */
import 'server-only'
import { type Entry, EqualityFilter, type Filter } from 'ldapts'
import type { ConnectorAccount, ConnectorEntitlement } from '../contract'
import { ConnectorError } from '../contract'
import { isActiveDirectory, type LdapConfig } from './config'
import { firstValue } from './dn'

/** Never to be read as text, although their bytes sometimes look like it. */
export const binaryAttributes = ['objectGUID', 'objectSid']

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const isId = (text: string): boolean => UUID.test(text.toLowerCase())

/** All values of an attribute, whatever case the directory writes its name in. */
export function valuesOf(entry: Entry, attribute: string): string[] {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase())
  const value = name === undefined ? [] : (entry[name] ?? [])
  return (Array.isArray(value) ? value : [value]).map(String)
}

export const firstOf = (entry: Entry, attribute: string): string | undefined => valuesOf(entry, attribute)[0]

function bytesOf(entry: Entry, attribute: string): Buffer | undefined {
  const value = [entry[attribute]].flat()[0]
  return Buffer.isBuffer(value) ? value : undefined
}

/** The order of a GUID's bytes on the wire against its digits: three little-endian parts, then as they are. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
const reordered = (bytes: Buffer) => Buffer.from(GUID_ORDER.map((at) => bytes[at] ?? 0))

/** `objectGUID` as Windows writes it. */
export function guidText(bytes: Buffer): string {
  return reordered(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The bytes of such a text; the order is its own inverse. */
export const guidBytes = (text: string): Buffer => reordered(Buffer.from(text.replaceAll('-', ''), 'hex'))

/** The attribute that stays the same when an entry is renamed or moved. */
export const idAttribute = (config: LdapConfig) => (isActiveDirectory(config) ? 'objectGUID' : 'entryUUID')

/** @throws ConnectorError `misconfigured` where the directory keeps no such id or hides it. */
export function idOf(entry: Entry, config: LdapConfig): string {
  const attribute = idAttribute(config)
  const guid = bytesOf(entry, attribute)
  const id = isActiveDirectory(config)
    ? guid?.length === 16 && guidText(guid)
    : firstOf(entry, attribute)?.toLowerCase()
  if (id && UUID.test(id)) return id
  throw new ConnectorError(
    'misconfigured',
    `The directory shows no ${attribute} of “${firstValue(entry.dn)}”: choose the other kind of directory, or let the operator read it.`,
  )
}

/** @throws ConnectorError `misconfigured` for an id that is none of this kind of directory. */
export function byId(id: string, config: LdapConfig): Filter {
  if (!UUID.test(id)) {
    throw new ConnectorError('misconfigured', `“${id}” is not an ${idAttribute(config)}.`)
  }
  const value = isActiveDirectory(config) ? guidBytes(id) : id
  return new EqualityFilter({ attribute: idAttribute(config), value })
}

/** What is read of people. */
export const personAttributes = (config: LdapConfig): string[] => [
  idAttribute(config),
  ...['uid', 'cn', 'sAMAccountName', 'userPrincipalName', config.mailAttribute],
  ...['objectClass', 'userAccountControl', 'primaryGroupID', 'gidNumber'],
  ...['pwdAccountLockedTime', 'nsAccountLock'],
]

/** Disabled for good, as far as the directory says it: AD's flag, ppolicy's permanent lock, 389's lock. */
export function isDisabled(entry: Entry): boolean {
  const flags = Number(firstOf(entry, 'userAccountControl') ?? 0)
  return (
    (flags & 0x2) !== 0 ||
    firstOf(entry, 'pwdAccountLockedTime') === '000001010000Z' ||
    firstOf(entry, 'nsAccountLock')?.toLowerCase() === 'true'
  )
}

export function accountOf(entry: Entry, config: LdapConfig): ConnectorAccount {
  const login = firstOf(entry, isActiveDirectory(config) ? 'sAMAccountName' : 'uid')
  const email = firstOf(entry, config.mailAttribute) ?? firstOf(entry, 'userPrincipalName')
  return {
    id: idOf(entry, config),
    name: login || firstOf(entry, 'cn') || firstValue(entry.dn),
    ...(email ? { email } : {}),
  }
}

/** What is read of groups, their members apart. */
export const groupAttributes = (config: LdapConfig): string[] => [
  idAttribute(config),
  ...['cn', 'description', 'objectClass', 'memberURL', 'gidNumber'],
  ...(isActiveDirectory(config) ? ['groupType', 'isCriticalSystemObject', 'objectSid'] : []),
]

export function entitlementOf(entry: Entry, config: LdapConfig): ConnectorEntitlement {
  return { id: idOf(entry, config), name: firstOf(entry, 'cn') || firstValue(entry.dn) }
}

const keeps: Record<string, LdapConfig['memberAttribute']> = {
  group: 'member',
  groupofnames: 'member',
  groupofmembers: 'member',
  groupofentries: 'member',
  groupofuniquenames: 'uniqueMember',
  posixgroup: 'memberUid',
}

const SECURITY = 0x8000_0000
const BUILT_IN = 0x1
const RULE_FED = 0x10 | 0x20

/** Active Directory's own groups and their kinds. Source: [MS-ADTS] 2.2.12, groupType. */
function unmanagedByAd(entry: Entry): string | undefined {
  const type = Number(firstOf(entry, 'groupType') ?? 0)
  if (firstOf(entry, 'isCriticalSystemObject')?.toUpperCase() === 'TRUE' || type & BUILT_IN) {
    return 'Belongs to Active Directory itself.'
  }
  return type & RULE_FED ? 'Its members follow from a rule.' : undefined
}

/** Why the members of a group are not ours to set, in one sentence. */
export function unmanagedReason(entry: Entry, config: LdapConfig): string | undefined {
  const classes = valuesOf(entry, 'objectClass').map((name) => name.toLowerCase())
  if (valuesOf(entry, 'memberURL').length > 0 || classes.includes('groupofurls')) {
    return 'Its members follow from a search (memberURL).'
  }
  const own = classes.flatMap((name) => keeps[name] ?? [])
  if (own.length > 0 && !own.includes(config.memberAttribute)) {
    return `Keeps its members in ${own.join(' and ')}, not in ${config.memberAttribute}.`
  }
  return isActiveDirectory(config) ? unmanagedByAd(entry) : undefined
}

/** A distribution list gives mail and no access, which is worth knowing. */
export function isDistributionList(entry: Entry): boolean {
  const type = firstOf(entry, 'groupType')
  return type !== undefined && (Number(type) & SECURITY) === 0
}

/** The number at the end of a security identifier, which `primaryGroupID` holds. */
export function relativeId(entry: Entry): string | undefined {
  const sid = bytesOf(entry, 'objectSid')
  return sid && sid.length >= 12 ? String(sid.readUInt32LE(sid.length - 4)) : undefined
}

/** How the group holds this account: by name, or by login for memberUid. */
export function memberValue(entry: Entry, config: LdapConfig): string {
  if (config.memberAttribute !== 'memberUid') return entry.dn
  const uid = firstOf(entry, 'uid')
  if (uid) return uid
  throw new ConnectorError('rejected', `“${firstValue(entry.dn)}” has no uid, which memberUid needs.`)
}
