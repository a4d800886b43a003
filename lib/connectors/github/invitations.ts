/** Invitations to the organisation, which is how GitHub gives a team to somebody who is not in it. */
import 'server-only'
import { each, request, unexpected } from './api'
import type { Ctx } from './config'
import { ownLogin } from './organisation'

export interface Invitation {
  id: number
  login: string | null
  email: string | null
  team_count: number
  inviter: { login: string } | null
}

/**
 * Takes an invitation back that our give had sent: one that we sent and that leads to no team any more. Others'
 * invitations stay. By its own number, never by removing the person, who may have accepted a moment ago.
 */
export async function cancelOurInvitation(ctx: Ctx, login: string): Promise<void> {
  const organisation = encodeURIComponent(ctx.config.organisation)
  const same = (a: string | null | undefined, b: string) => a?.toLowerCase() === b.toLowerCase()
  for await (const invitation of each<Invitation>(ctx, `/orgs/${organisation}/invitations?per_page=100`)) {
    if (!same(invitation.login, login) || invitation.team_count > 0) continue
    if (!same(invitation.inviter?.login, await ownLogin(ctx))) continue
    const path = `/orgs/${organisation}/invitations/${invitation.id}`
    const answer = await request(ctx, { method: 'DELETE', path })
    // 404: accepted or cancelled meanwhile; the team is taken either way.
    if (answer.status !== 204 && answer.status !== 404) throw unexpected(answer, 'change')
  }
}
