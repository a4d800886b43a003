/** What an identity provider says of somebody at sign-in, read by the names that the settings give. Pure. */
import { isLocale, isZone } from './reader-zone'

/** Which claim says what; a missing name is not read. */
export interface ClaimNames {
  readonly groups?: string
  readonly manager?: string
  readonly timeZone?: string
  readonly locale?: string
}

/** What was said. Undefined: the provider did not say, so nothing changes. */
export interface SaidClaims {
  readonly groups?: readonly string[]
  /** The manager's e-mail address, in lower case. */
  readonly manager?: string
  readonly timeZone?: string
  readonly locale?: string
}

/** So many groups of one person are taken; a provider that says more says too much. */
const MOST_GROUPS = 200
const LONGEST_GROUP = 80
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Default_Ignorable_Code_Point}/u

/**
 * Reads claims. Groups are a list of texts, or one text; names that are too long or hold what cannot be seen are left
 * out. No list at all is not an empty one: providers leave it out when it grows too long.
 */
export function readClaims(claims: Readonly<Record<string, unknown>>, names: ClaimNames): SaidClaims {
  const groups = names.groups ? textsOf(claims[names.groups]) : undefined
  const manager = textOf(claims, names.manager)?.toLowerCase()
  const timeZone = textOf(claims, names.timeZone)
  const locale = textOf(claims, names.locale)?.replaceAll('_', '-')
  return {
    ...(groups && { groups }),
    ...(manager?.includes('@') && { manager }),
    ...(timeZone && !timeZone.includes(';') && isZone(timeZone) && { timeZone }),
    ...(locale && isLocale(locale) && { locale }),
  }
}

function textsOf(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? [value] : undefined
  if (!list || list.length > MOST_GROUPS) return undefined
  const texts = list
    .filter((one): one is string => typeof one === 'string')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one.length <= LONGEST_GROUP && !UNSEEN.test(one))
  return [...new Set(texts)]
}

function textOf(claims: Readonly<Record<string, unknown>>, name: string | undefined): string | undefined {
  const value = name ? claims[name] : undefined
  return typeof value === 'string' && value.length <= 254 ? value.trim() || undefined : undefined
}

/**
 * The claims of an ID token. Only for a token that was checked already: nothing is verified in here.
 * @returns nothing for what is no token
 */
export function idTokenClaims(token: string | undefined | null): Record<string, unknown> {
  try {
    const body = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}
  } catch {
    return {}
  }
}
