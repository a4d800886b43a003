/** One account's place in one team: looking, giving, taking. */
import 'server-only'
import {
  type ChangeArgs,
  type ChangeResult,
  type CheckArgs,
  type ConnectorAccount,
  ConnectorError,
  type Holding,
} from '../contract'
import { bodyOf, each, pageOf, request, unexpected } from './api'
import type { Ctx } from './config'
import {
  membershipPath,
  type Team,
  type TeamRef,
  teamOf,
  teamPath,
  teamRef,
  type User,
  userById,
} from './ids'
import { cancelOurInvitation } from './invitations'
import { membersOf } from './members'
import { organisationMembership } from './organisation'
import { messageOf } from './trouble'

interface Seen {
  ref: TeamRef
  login: string
  holding: Holding
  /** Of a direct member. GitHub calls an owner of the organisation a maintainer of every team they are in. */
  maintainer: boolean
}

const direct: Holding = { state: 'direct' }

/**
 * What the account holds. The membership endpoint answers for members of child teams too, so a team with children is
 * asked for its immediate members before anything is called direct.
 * @throws ConnectorError `principal_missing` or `entitlement_missing` once that is proven
 */
export async function look(ctx: Ctx, { entitlement, account }: CheckArgs): Promise<Seen> {
  const ref = teamRef(entitlement.id)
  const login = await loginOf(ctx, ref, account)
  const answer = await request(ctx, { path: membershipPath(ref, login) })
  const seen = (holding: Holding, maintainer = false): Seen => ({ ref, login, holding, maintainer })
  if (answer.status === 404) {
    // Not a member, or no team: whoever sees the team knows which.
    await teamOf(ctx, ref)
    return seen({ state: 'absent' })
  }
  const { state, role } = bodyOf<{ state: string; role: string }>(answer)
  if (state === 'pending')
    return seen({ state: 'pending', detail: `${login} is invited and has not accepted on GitHub yet.` })
  if (state !== 'active') throw unexpected(answer, 'look')
  const { items: children } = await pageOf<Team>(ctx, `${teamPath(ref)}/teams?per_page=100`)
  if (children.length === 0) return seen(direct, role === 'maintainer')
  const own = await immediate(ctx, ref, account.id)
  if (own) return seen(direct, own.maintainer)
  return seen({ state: 'indirect', via: await viaOf(ctx, ref, children, login) })
}

/**
 * The login behind the pinned number, by now. GitHub hides accounts it thinks are spam as if they were deleted, so an
 * account counts as gone only when the team does not list it either.
 */
async function loginOf(ctx: Ctx, ref: TeamRef, account: ConnectorAccount): Promise<string> {
  const user = await userById(ctx, account.id)
  if (user) return user.login
  await teamOf(ctx, ref)
  for await (const member of each<User>(ctx, `${teamPath(ref)}/members?per_page=100`))
    if (String(member.id) === account.id) return member.login
  throw new ConnectorError('principal_missing', `The account ${account.name} no longer exists on GitHub.`)
}

async function immediate(ctx: Ctx, ref: TeamRef, id: string) {
  const team = await teamOf(ctx, ref)
  for (let after: string | null = null; ; ) {
    const page = await membersOf(ctx, team, 'IMMEDIATE', after)
    const found = page.members.find((member) => String(member.id) === id)
    if (found || page.next === null) return found
    after = page.next
  }
}

/** The first child team that the account is in, by name. */
async function viaOf(ctx: Ctx, ref: TeamRef, children: Team[], login: string): Promise<string> {
  for (const { id, name } of children) {
    const path = membershipPath({ ...ref, team: id }, login)
    const { status, body } = await request(ctx, { path })
    if (status === 200 && (body as { state?: string }).state === 'active') return name
  }
  return 'a child team'
}

/** Adds as a member. Whoever is in the team already keeps their role; whoever is invited keeps their invitation. */
export async function add(ctx: Ctx, args: ChangeArgs): Promise<ChangeResult> {
  const { ref, login, holding } = await look(ctx, args)
  if (holding.state === 'direct' || holding.state === 'pending') return { state: 'done', changed: false }
  const there = ctx.config.invites || (await organisationMembership(ctx, ref.organisation, login))
  if (!there)
    throw new ConnectorError(
      'rejected',
      `${login} is not a member of the organisation ${ctx.config.organisation}, and this connection invites nobody.`,
    )
  const answer = await request(ctx, {
    method: 'PUT',
    path: membershipPath(ref, login),
    json: { role: 'member' },
  })
  if (answer.status === 200) return { state: 'done', changed: true }
  if (answer.status === 422)
    throw new ConnectorError('rejected', messageOf(answer) || 'GitHub refused without a reason.')
  if (answer.status !== 404) throw unexpected(answer, 'change')
  await look(ctx, args)
  throw new ConnectorError(
    'auth',
    'GitHub shows us the team but does not let our credential change its members.',
  )
}

/**
 * Removes from the team, or takes the invitation to it back.
 * @throws ConnectorError `rejected` for a maintainer: we give membership only, so somebody else gave them more
 */
export async function remove(ctx: Ctx, args: ChangeArgs): Promise<ChangeResult> {
  const { ref, login, holding, maintainer } = await look(ctx, args)
  if (holding.state !== 'direct' && holding.state !== 'pending') return { state: 'done', changed: false }
  if (maintainer && (await organisationMembership(ctx, ref.organisation, login))?.role !== 'admin')
    throw new ConnectorError('rejected', maintainerSentence(login))
  const answer = await request(ctx, { method: 'DELETE', path: membershipPath(ref, login) })
  if (answer.status === 404) {
    const after = await look(ctx, args)
    if (after.holding.state === 'absent' || after.holding.state === 'indirect')
      return { state: 'done', changed: false }
    throw new ConnectorError(
      'auth',
      'GitHub shows us the team but does not let our credential change its members.',
    )
  }
  if (answer.status !== 204) throw unexpected(answer, 'change')
  if (holding.state === 'pending') await cancelOurInvitation(ctx, login)
  return { state: 'done', changed: true }
}

export const maintainerSentence = (login: string) =>
  `${login} is a maintainer of the team, which is more than Leasehold gives and not for it to take. Make ${login} a member, or remove ${login}, on GitHub.`
