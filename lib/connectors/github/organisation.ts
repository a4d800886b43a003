/** The organisation, and what our credential and others are in it. */
import 'server-only'
import { ConnectorError } from '../contract'
import { bodyOf, request } from './api'
import type { Ctx } from './config'

export interface Installation {
  account: { id: number; login: string } | null
  app_slug: string
  permissions: Record<string, string>
  suspended_at: string | null
}

/** The installation our App's tokens are for, asked as the App itself. */
export async function installation(ctx: Ctx): Promise<Installation> {
  const id = encodeURIComponent(ctx.config.installationId ?? '')
  const answer = await request(ctx, { path: `/app/installations/${id}`, as: 'app' })
  if (answer.status === 404) throw new ConnectorError('auth', 'GitHub knows no such installation of the App.')
  return bodyOf<Installation>(answer)
}

/** The login that GitHub takes us for. */
export async function ownLogin(ctx: Ctx): Promise<string> {
  if (ctx.config.auth === 'app') return `${(await installation(ctx)).app_slug}[bot]`
  return bodyOf<{ login: string }>(await request(ctx, { path: '/user' })).login
}

/** @throws ConnectorError `misconfigured` where our credential sees no such organisation */
export async function organisationOf(ctx: Ctx): Promise<{ id: number; login: string }> {
  const { organisation } = ctx.config
  const answer = await request(ctx, { path: `/orgs/${encodeURIComponent(organisation)}` })
  if (answer.status === 404)
    throw new ConnectorError(
      'misconfigured',
      `GitHub shows us no organisation called ${organisation}. It may be spelt differently, or our credential may not see it.`,
    )
  return bodyOf(answer)
}

export interface OrganisationMembership {
  state: 'active' | 'pending'
  role: string
}

/**
 * What somebody is in the organisation, or null for a stranger. The one question that has to be asked by name.
 * @throws ConnectorError `misconfigured` where the name belongs to another organisation by now
 */
export async function organisationMembership(
  ctx: Ctx,
  organisation: number,
  login: string,
): Promise<OrganisationMembership | null> {
  const { config } = ctx
  const answer = await request(ctx, {
    path: `/orgs/${encodeURIComponent(config.organisation)}/memberships/${encodeURIComponent(login)}`,
  })
  if (answer.status === 404) return null
  const found = bodyOf<OrganisationMembership & { organization: { id: number } }>(answer)
  if (found.organization.id === organisation) return found
  throw new ConnectorError(
    'misconfigured',
    `The name ${config.organisation} belongs to another organisation than the one this team is in.`,
  )
}

/**
 * Whether our credential would see a team if it existed: only then does a 404 prove that it is gone. An App with the
 * permission sees every team of its organisation; of people, only owners do.
 */
export async function sees(ctx: Ctx, organisation: number): Promise<boolean> {
  if (ctx.config.auth === 'app') {
    const { account, permissions, suspended_at } = await installation(ctx)
    return account?.id === organisation && permissions.members !== undefined && suspended_at === null
  }
  const own = await organisationMembership(ctx, organisation, await ownLogin(ctx))
  return own?.state === 'active' && own.role === 'admin'
}
