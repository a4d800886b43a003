import 'server-only'
import { z } from 'zod'
import { type ConnectorAccount, ConnectorError, type ConnectorPerson, type ResolveResult } from '../contract'
import { type Ctx, find, withQuery } from './api'

export const oktaUser = z.object({
  id: z.string().min(1),
  status: z.string(),
  profile: z.object({ login: z.string().nullish(), email: z.string().nullish() }),
})
export type OktaUser = z.infer<typeof oktaUser>

/** How many people are shown to choose from; nobody reads a longer list. */
const MOST_SHOWN = 10

/** Okta's word for why an account cannot use anything, for people; null where it can. */
function inactive({ status }: OktaUser): string | null {
  if (status === 'DEPROVISIONED') return 'deactivated'
  return status === 'SUSPENDED' ? 'suspended' : null
}

/** The login is what people know an Okta account by; it can be renamed, the id cannot. */
export function accountOf({ id, profile: { login, email } }: OktaUser): ConnectorAccount {
  return { id, name: login || email || id, ...(email ? { email } : {}) }
}

/** A value of a search expression: quotes and backslashes of the value are no part of the expression. */
export const quoted = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`

export async function search(ctx: Ctx, expression: string): Promise<OktaUser[]> {
  const path = withQuery('/api/v1/users', { search: expression, limit: MOST_SHOWN })
  const found = await find(ctx, z.array(oktaUser), path)
  if (found) return found.value
  throw new ConnectorError('misconfigured', 'Okta has no users at this address.')
}

export const userPath = (id: string) => `/api/v1/users/${encodeURIComponent(id)}`

/** @throws ConnectorError `principal_missing` */
export async function needUser(ctx: Ctx, { id, name }: ConnectorAccount): Promise<OktaUser> {
  const found = await find(ctx, oktaUser, userPath(id))
  if (found) return found.value
  throw new ConnectorError('principal_missing', `The account “${name}” no longer exists in Okta.`)
}

/** @throws ConnectorError `rejected` where everybody who fits is deactivated or suspended */
export async function resolveAccount(
  ctx: Ctx,
  { person }: { person: ConnectorPerson },
): Promise<ResolveResult> {
  const users = await search(ctx, `profile.email eq ${quoted(person.email)}`)
  const candidates = active(users.filter(({ profile }) => same(profile.email, person.email)))
  const [account, second] = candidates
  if (!account) return { kind: 'missing' }
  return second ? { kind: 'ambiguous', candidates } : { kind: 'found', account }
}

/** By id, login or address. */
export async function findAccount(ctx: Ctx, { text }: { text: string }): Promise<ConnectorAccount[]> {
  const sought = text.trim()
  if (sought === '') return []
  const expression = ['id', 'profile.login', 'profile.email']
    .map((field) => `${field} eq ${quoted(sought)}`)
    .join(' or ')
  const users = await search(ctx, expression)
  const exact = users.filter(
    ({ id, profile }) => id === sought || same(profile.login, sought) || same(profile.email, sought),
  )
  return active(exact)
}

/** Okta compares without regard to case, and so do we; what else a search may bring is not the person. */
const same = (value: string | null | undefined, sought: string) =>
  value?.toLowerCase() === sought.toLowerCase()

function active(users: OktaUser[]): ConnectorAccount[] {
  const usable = users.filter((user) => inactive(user) === null)
  const [first] = users
  if (usable.length > 0 || !first) return usable.map(accountOf)
  throw new ConnectorError(
    'rejected',
    `“${accountOf(first).name}” is ${inactive(first)} in Okta, so no access would have an effect. Activate it there first.`,
  )
}
