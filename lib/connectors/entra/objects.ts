/** Groups and users as Graph tells them. */
import 'server-only'
import { type ConnectorAccount, ConnectorError, type ResolveResult } from '../contract'
import { type Ctx, isGuid } from './config'
import { allOf, bodyOf, request, withQuery } from './graph'

export interface Group {
  id: string
  displayName: string
  description: string | null
  groupTypes: string[]
  securityEnabled: boolean
  mailEnabled: boolean
  onPremisesSyncEnabled: boolean | null
  isAssignableToRole: boolean | null
  visibility: string | null
}

export interface User {
  id: string
  displayName: string | null
  userPrincipalName: string
  mail: string | null
  accountEnabled: boolean
}

export const groupFields =
  'id,displayName,description,groupTypes,securityEnabled,mailEnabled,onPremisesSyncEnabled,isAssignableToRole,visibility'
export const userFields = 'id,displayName,userPrincipalName,mail,accountEnabled'

/** Why a group must not be leased, in one sentence; null where it may be. */
export function reasonAgainst(group: Group): string | null {
  if (group.groupTypes.includes('DynamicMembership'))
    return 'A rule decides who is in it (dynamic membership).'
  if (group.onPremisesSyncEnabled)
    return 'It is synced from the directory on premises; its members are set there.'
  if (group.isAssignableToRole)
    return 'It can carry roles of the directory, which Leasehold’s credential must not be able to hand out.'
  if (group.mailEnabled && !group.groupTypes.includes('Unified'))
    return group.securityEnabled
      ? 'It is a mail-enabled security group; its members are set in Exchange.'
      : 'It is a distribution list; its members are set in Exchange.'
  if (group.visibility === 'HiddenMembership')
    return 'Its members are hidden, so nobody could see that an access is gone.'
  return null
}

function idOf(id: string, what: string): string {
  if (isGuid(id)) return id
  throw new ConnectorError('misconfigured', `This is not the id of ${what} in Entra.`)
}

/** @throws ConnectorError `entitlement_missing` once Entra does not know it; a missing permission is a 403 */
export async function groupOf(ctx: Ctx, id: string): Promise<Group> {
  const answer = await request(ctx, {
    path: withQuery(`/groups/${idOf(id, 'a group')}`, { $select: groupFields }),
  })
  if (answer.status === 404)
    throw new ConnectorError('entitlement_missing', 'The group no longer exists in Entra.')
  return bodyOf<Group>(answer)
}

/** @throws ConnectorError `principal_missing` once Entra does not know it */
export async function userOf(ctx: Ctx, { id, name }: ConnectorAccount): Promise<User> {
  const answer = await request(ctx, {
    path: withQuery(`/users/${idOf(id, 'an account')}`, { $select: userFields }),
  })
  if (answer.status === 404)
    throw new ConnectorError('principal_missing', `The account ${name} no longer exists in Entra.`)
  return bodyOf<User>(answer)
}

/** Guests go by a made-up name with #EXT# in it; what they are known by is their address. */
export const accountOf = ({ id, userPrincipalName, mail }: Omit<User, 'accountEnabled' | 'displayName'>) => ({
  id,
  name: userPrincipalName,
  ...(mail ? { email: mail } : {}),
})

/** A text within a filter (OData 4.01 part 2, section 5.1.1.6.1): quotes are doubled. */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

async function usersBy(ctx: Ctx, text: string): Promise<User[]> {
  const filter = `mail eq ${quoted(text)} or userPrincipalName eq ${quoted(text)}`
  const found = await allOf<User>(
    ctx,
    withQuery('/users', { $filter: filter, $select: userFields, $top: '10' }),
  )
  return found ?? []
}

/** By address or sign-in name. A disabled account is said to be one, not linked. */
export async function resolve(ctx: Ctx, email: string): Promise<ResolveResult> {
  const all = await usersBy(ctx, email)
  const candidates = all.filter((user) => user.accountEnabled).map(accountOf)
  const [account, second] = candidates
  if (second) return { kind: 'ambiguous', candidates }
  if (account) return { kind: 'found', account }
  if (all[0])
    throw new ConnectorError(
      'principal_missing',
      `The account ${all[0].userPrincipalName} is disabled in Entra.`,
    )
  return { kind: 'missing' }
}

export async function find(ctx: Ctx, text: string): Promise<ConnectorAccount[]> {
  const sought = text.trim()
  if (sought === '' || sought.length > 320) return []
  if (!isGuid(sought))
    return (await usersBy(ctx, sought)).filter((user) => user.accountEnabled).map(accountOf)
  const answer = await request(ctx, { path: withQuery(`/users/${sought}`, { $select: userFields }) })
  if (answer.status === 404) return []
  const user = bodyOf<User>(answer)
  return user.accountEnabled ? [accountOf(user)] : []
}
