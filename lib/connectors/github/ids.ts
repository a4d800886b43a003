/** Names change and are taken over by others here; numbers do not. Everything is pinned by its number. */
import 'server-only'
import { ConnectorError } from '../contract'
import { bodyOf, request, unexpected } from './api'
import type { Ctx } from './config'
import { sees } from './organisation'

/** A team as an entitlement's id says it: `organisation/team`, both numbers. */
export interface TeamRef {
  organisation: number
  team: number
}

export interface User {
  id: number
  login: string
  type?: string
}

export interface Team {
  id: number
  node_id: string
  name: string
  slug: string
  description: string | null
  type?: string
  ldap_dn?: string
}

export const teamId = ({ organisation, team }: TeamRef) => `${organisation}/${team}`

/** @throws ConnectorError `misconfigured` for an id that no team of GitHub has */
export function teamRef(id: string): TeamRef {
  const match = /^(\d{1,15})\/(\d{1,15})$/.exec(id)
  if (!match) throw new ConnectorError('misconfigured', 'This is not the id of a team on GitHub.')
  return { organisation: Number(match[1]), team: Number(match[2]) }
}

/** Where a team is found by its numbers, whatever it and its organisation are called by now. */
export const teamPath = ({ organisation, team }: TeamRef) => `/organizations/${organisation}/team/${team}`

export const membershipPath = (ref: TeamRef, login: string) =>
  `${teamPath(ref)}/memberships/${encodeURIComponent(login)}`

/**
 * The team as it is now.
 * @throws ConnectorError `entitlement_missing` once it is proven gone: a 404 alone may mean that we do not see it
 */
export async function teamOf(ctx: Ctx, ref: TeamRef): Promise<Team> {
  const answer = await request(ctx, { path: teamPath(ref) })
  if (answer.status !== 404) {
    const team = bodyOf<Team>(answer)
    if (team.id === ref.team) return team
    throw unexpected(answer, 'look')
  }
  if (await sees(ctx, ref.organisation))
    throw new ConnectorError('entitlement_missing', 'The team no longer exists on GitHub.')
  throw new ConnectorError(
    'auth',
    'GitHub does not show us the team. It may be gone, or our credential may not see all teams of the organisation.',
  )
}

/** The account behind a number, or null where GitHub shows none. */
export async function userById(ctx: Ctx, id: string): Promise<User | null> {
  if (!/^\d{1,15}$/.test(id)) return null
  const answer = await request(ctx, { path: `/user/${id}` })
  if (answer.status === 404) return null
  const user = bodyOf<User>(answer)
  if (String(user.id) === id && typeof user.login === 'string') return user
  throw unexpected(answer, 'look')
}

/** The account that has this login now, or null. */
export async function userByLogin(ctx: Ctx, login: string): Promise<User | null> {
  const answer = await request(ctx, { path: `/users/${encodeURIComponent(login)}` })
  return answer.status === 404 ? null : bodyOf<User>(answer)
}
