import { isLocale, isZone } from '@/lib/reader-zone'
import { ENTERPRISE, isObject, type Json, read, USER } from './attributes'
import { bad } from './errors'
import type { PatchShape } from './patch'

/** A person as a client wants them. Null: it says that there is none. */
export interface UserInput {
  readonly userName: string
  readonly externalId: string | null
  readonly name: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly email: string
  readonly title: string | null
  readonly team: string | null
  readonly timeZone: string | null
  readonly locale: string | null
  /** As the client names them: an id of ours, an external id, a user name or an address. */
  readonly manager: string | null
  /** Null: it says nothing about it. */
  readonly active: boolean | null
  /** Which of the attributes that may be missing it says something about. */
  readonly said: readonly Said[]
}

export const sayable = [
  'externalId',
  'givenName',
  'familyName',
  'title',
  'team',
  'timeZone',
  'locale',
  'manager',
] as const
export type Said = (typeof sayable)[number]

/** A person as a client sees them. */
export interface UserRow {
  readonly id: string
  readonly userName: string
  readonly externalId: string | null
  readonly name: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly email: string
  readonly title: string | null
  readonly team: string | null
  readonly timeZone: string | null
  readonly locale: string | null
  readonly manager: { readonly id: string; readonly name: string } | null
  readonly active: boolean
  readonly createdAt: Date
  readonly changedAt: Date
}

/** The attributes of a user under a PATCH. Source of those that are not kept: RFC 7643, sections 4.1 and 4.3. */
export const userShape: PatchShape = {
  names: {
    username: 'userName',
    externalid: 'externalId',
    name: 'name',
    displayname: 'displayName',
    title: 'title',
    emails: 'emails',
    active: 'active',
    timezone: 'timezone',
    locale: 'locale',
    'enterprise:department': 'department',
    'enterprise:manager': 'manager',
  },
  complex: new Set(['name', 'enterprise:manager']),
  lists: new Set(['emails']),
  readOnly: new Set(['id', 'meta', 'groups', 'schemas']),
  notKept: new Set([
    ...[
      'nickname',
      'profileurl',
      'usertype',
      'preferredlanguage',
      'password',
      'phonenumbers',
      'ims',
      'photos',
    ],
    ...['addresses', 'entitlements', 'roles', 'x509certificates'],
    ...['employeenumber', 'costcenter', 'organization', 'division'].map((name) => `enterprise:${name}`),
  ]),
}

/** A user as JSON, without its `meta`. */
export function userResource(row: UserRow, base: string): Json {
  const { givenName, familyName, manager } = row
  const enterprise = {
    ...(row.team && { department: row.team }),
    ...(manager && {
      manager: { value: manager.id, displayName: manager.name, $ref: `${base}/Users/${manager.id}` },
    }),
  }
  return {
    schemas: [USER, ENTERPRISE],
    id: row.id,
    ...(row.externalId && { externalId: row.externalId }),
    userName: row.userName,
    name: { formatted: row.name, ...(givenName && { givenName }), ...(familyName && { familyName }) },
    displayName: row.name,
    ...(row.title && { title: row.title }),
    emails: [{ value: row.email, type: 'work', primary: true }],
    active: row.active,
    ...(row.timeZone && { timezone: row.timeZone }),
    ...(row.locale && { locale: row.locale }),
    ...(Object.keys(enterprise).length > 0 && { [ENTERPRISE]: enterprise }),
  }
}

/**
 * Reads a user as a client sent them, whole or patched. What we do not keep is left out.
 * @param was the same user before, where there is one: a display name that was made of the parts follows them
 * @throws {ScimError} `invalidValue` at the first attribute that cannot be
 */
export function readUser(body: unknown, was: UserRow | null = null): UserInput {
  if (!isObject(body)) throw bad('invalidSyntax', 'A user is a JSON object.')
  const userName = line(read(body, 'userName'), 'userName', 254)
  if (!userName) throw bad('invalidValue', 'A user needs a “userName”.')
  const email = addressOf(read(body, 'emails'), userName)
  const parts = read(body, 'name')
  const part = (key: string) => line(isObject(parts) ? read(parts, key) : undefined, `name.${key}`, 200)
  const extension = read(body, ENTERPRISE)
  const extended = isObject(extension) ? extension : {}
  const [givenName, familyName] = [part('givenName'), part('familyName')]
  const values = {
    externalId: line(read(body, 'externalId'), 'externalId', 200),
    givenName,
    familyName,
    title: line(read(body, 'title'), 'title', 120),
    team: line(read(extended, 'department'), 'department', 120),
    timeZone: zoneOf(line(read(body, 'timezone'), 'timezone', 60)),
    locale: localeOf(line(read(body, 'locale'), 'locale', 40)),
    manager: managerOf(read(extended, 'manager')),
  }
  const named = {
    display: line(read(body, 'displayName'), 'displayName', 200),
    formatted: part('formatted'),
    parts: [givenName, familyName].filter(Boolean).join(' ') || null,
  }
  return {
    ...values,
    userName,
    email,
    name: nameOf(named, was) ?? nameFromAddress(email),
    active: booleanOf(read(body, 'active')),
    said: sayable.filter((key) => values[key] !== null || isSaid(body, extended, parts, key)),
  }
}

/** What a client calls somebody: the name it shows, else the whole name, else its parts; of two, the one that is new. */
function nameOf(
  named: { display: string | null; formatted: string | null; parts: string | null },
  was: UserRow | null,
): string | null {
  const order = [named.display, named.formatted, named.parts]
  if (was === null) return order.find((name) => name !== null) ?? null
  const before = [was.givenName, was.familyName].filter(Boolean).join(' ')
  if (named.display !== null && named.display !== was.name) return named.display
  if (named.formatted !== null && named.formatted !== was.name) return named.formatted
  // Both names are as they were: new parts make a new one, where it was made of them.
  if (named.parts !== null && named.parts !== before && (before === was.name || named.display === null))
    return named.parts
  return was.name
}

/** An empty text or null says that there is none; a name that is not there says nothing. */
function isSaid(body: Json, extended: Json, parts: unknown, key: Said): boolean {
  const whole = isObject(parts) ? parts : {}
  const at: Record<Said, unknown> = {
    externalId: read(body, 'externalId'),
    givenName: read(whole, 'givenName'),
    familyName: read(whole, 'familyName'),
    title: read(body, 'title'),
    team: read(extended, 'department'),
    timeZone: read(body, 'timezone'),
    locale: read(body, 'locale'),
    manager: read(extended, 'manager'),
  }
  return at[key] !== undefined
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu

/**
 * One line of text as we keep it: without what cannot be seen, which would let one name look like another (control
 * characters, marks of writing direction, zero-width characters). Null for none.
 */
export function line(value: unknown, attribute: string, max: number): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw bad('invalidValue', `“${attribute}” is text.`)
  const text = value.replaceAll(UNSEEN, '').trim()
  if (text.length > max) throw bad('invalidValue', `“${attribute}” has at most ${max} characters.`)
  return text || null
}

/** True and false, also as the text that some clients write. */
function booleanOf(value: unknown): boolean | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  if (text === 'true' || text === 'false') return text === 'true'
  throw bad('invalidValue', '“active” is true or false.')
}

const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]+\.[^\s@<>"(),:;[\]\\.]+$/

/** Where mail goes: the primary address, else the one at work, else the first, else the user name where it is one. */
function addressOf(emails: unknown, userName: string): string {
  const list = (Array.isArray(emails) ? emails : []).filter(isObject)
  const isPrimary = (e: Json) => /^true$/i.test(String(read(e, 'primary')))
  const isWork = (e: Json) => /^work$/i.test(String(read(e, 'type')))
  const chosen = list.find(isPrimary) ?? list.find(isWork) ?? list[0]
  const text = chosen ? line(read(chosen, 'value'), 'emails.value', 254) : null
  const address = (text ?? userName).toLowerCase()
  if (ADDRESS.test(address)) return address
  throw bad(
    'invalidValue',
    text
      ? `“${text}” is no e-mail address.`
      : 'A user needs an e-mail address: in “emails”, or as the “userName”.',
  )
}

function managerOf(value: unknown): string | null {
  const inner = isObject(value) ? read(value, 'value') : value
  return line(inner, 'manager', 254)
}

function zoneOf(name: string | null): string | null {
  if (name === null || (isZone(name) && !name.includes(';'))) return name
  throw bad('invalidValue', `“${name}” is no time zone: “timezone” is a name such as “Europe/Berlin”.`)
}

/** `en_US` and `EN-us` are both `en-US`. */
function localeOf(name: string | null): string | null {
  const tag = name?.replaceAll('_', '-') ?? null
  if (tag === null) return null
  if (isLocale(tag)) return Intl.getCanonicalLocales(tag)[0] ?? null
  throw bad('invalidValue', `“${name}” is no locale: “locale” is a tag such as “en-US”.`)
}

function nameFromAddress(email: string): string {
  const words = email
    .slice(0, email.lastIndexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email
}
