/** The catalogue of teams, and who is in one. */
import 'server-only'
import {
  type ConnectorAccount,
  type ConnectorEntitlement,
  ConnectorError,
  type Holder,
  type ListedEntitlement,
  type Page,
} from '../contract'
import { bodyOf, each, pageOf, request } from './api'
import type { Ctx } from './config'
import { type Team, teamId, teamOf, teamPath, teamRef, type User, userByLogin } from './ids'
import type { Invitation } from './invitations'
import { type Member, membersOf } from './members'
import { maintainerSentence } from './memberships'
import { organisationOf } from './organisation'

export async function teams(ctx: Ctx, cursor: string | null): Promise<Page<ListedEntitlement>> {
  const organisation = await organisationOf(ctx)
  const asks = ctx.config.identityProvider !== 'none'
  const first = `/orgs/${encodeURIComponent(organisation.login)}/teams?per_page=${asks ? 30 : 100}`
  const { items, next } = await pageOf<Team>(ctx, cursor ?? first)
  const reasons = await Promise.all(items.map((team) => reasonAgainst(ctx, organisation.login, team)))
  return {
    items: items.map((team, n) => ({
      id: teamId({ organisation: organisation.id, team: team.id }),
      name: team.name,
      requestable: reasons[n] === null,
      ...(team.description ? { description: team.description } : {}),
      ...(reasons[n] ? { reason: reasons[n] } : {}),
    })),
    next,
  }
}

/** Why a team must not be leased, in one sentence; null where it may be. */
async function reasonAgainst(ctx: Ctx, organisation: string, team: Team): Promise<string | null> {
  const { identityProvider } = ctx.config
  if (team.type === 'enterprise')
    return 'It belongs to the enterprise; its members are set there for all organisations.'
  if (team.ldap_dn) return 'Its members come from the directory that GitHub is connected to.'
  if (identityProvider === 'none') return null
  const list = identityProvider === 'team-sync' ? 'team-sync/group-mappings' : 'external-groups'
  const at = `/orgs/${encodeURIComponent(organisation)}/teams/${encodeURIComponent(team.slug)}`
  const answer = await request(ctx, { path: `${at}/${list}` })
  if (answer.status !== 200)
    throw new ConnectorError(
      'misconfigured',
      `GitHub does not say whether the team ${team.name} is synced (${answer.status}). Look at the setting for teams synced from an identity provider.`,
    )
  const [group] = bodyOf<{ groups?: { group_name: string }[] }>(answer).groups ?? []
  return group ? `Its members come from the group ${group.group_name} of the identity provider.` : null
}

/** A listing goes through its own members, those of child teams, and the invited, in this order. */
const phases = ['own', 'children', 'invited'] as const
interface Place {
  phase: (typeof phases)[number]
  after: string | null
}

function placeOf(cursor: string | null): Place {
  if (cursor === null) return { phase: 'own', after: null }
  const match = /^(own|children|invited):(.*)$/.exec(cursor)
  if (!match) throw new ConnectorError('rejected', 'This is no place in the list of holders.')
  return { phase: match[1] as Place['phase'], after: match[2] || null }
}

export async function holders(
  ctx: Ctx,
  entitlement: ConnectorEntitlement,
  cursor: string | null,
): Promise<Page<Holder>> {
  const { phase, after } = placeOf(cursor)
  const team = await teamOf(ctx, teamRef(entitlement.id))
  const page = await pageIn(ctx, entitlement, team, phase, after)
  const following = phases[phases.indexOf(phase) + 1]
  const next = page.next !== null ? `${phase}:${page.next}` : following ? `${following}:` : null
  return { items: page.items, next }
}

async function pageIn(
  ctx: Ctx,
  entitlement: ConnectorEntitlement,
  team: Team,
  phase: Place['phase'],
  after: string | null,
): Promise<Page<Holder>> {
  const ref = teamRef(entitlement.id)
  if (phase === 'own') {
    const { members, next } = await membersOf(ctx, team, 'IMMEDIATE', after)
    return { items: await withRoles(ctx, members), next }
  }
  if (phase === 'invited') return invited(ctx, after ?? `${teamPath(ref)}/invitations?per_page=100`)
  const { items: children } = await pageOf<Team>(ctx, `${teamPath(ref)}/teams?per_page=100`)
  const [child, second] = children
  if (!child) return { items: [], next: null }
  const { members, next } = await membersOf(ctx, team, 'CHILD_TEAM', after)
  const via = second ? 'a child team' : child.name
  return { items: members.map((member) => ({ account: accountOf(member), state: 'indirect', via })), next }
}

/** Maintainers are said to be out of reach, except owners of the organisation, who are called so everywhere. */
async function withRoles(ctx: Ctx, members: Member[]): Promise<Holder[]> {
  const owners = new Set<number>()
  if (members.some((member) => member.maintainer)) {
    const at = `/orgs/${encodeURIComponent(ctx.config.organisation)}/members?role=admin&per_page=100`
    for await (const owner of each<User>(ctx, at)) owners.add(owner.id)
  }
  return members.map((member) => ({
    account: accountOf(member),
    state: 'direct',
    ...(member.maintainer && !owners.has(member.id) ? { fixed: maintainerSentence(member.login) } : {}),
  }))
}

/** Those invited by address only have no account yet, and are nobody's until they accept. */
async function invited(ctx: Ctx, path: string): Promise<Page<Holder>> {
  const { items, next } = await pageOf<Invitation>(ctx, path)
  const users = await Promise.all(items.map(({ login }) => (login ? userByLogin(ctx, login) : null)))
  return {
    items: users.flatMap((user) => (user ? [{ account: accountOf(user), state: 'pending' as const }] : [])),
    next,
  }
}

export const accountOf = ({ id, login }: { id: number; login: string }): ConnectorAccount => ({
  id: String(id),
  name: login,
})
