import 'server-only'
import { type ConnectionTest, ConnectorError } from '../contract'
import { bodyOf, request } from './api'
import type { Ctx } from './config'
import { installation, organisationMembership, organisationOf } from './organisation'

type Check = ConnectionTest['checks'][number]

/** Asks who we are and what we may do; nothing is changed. */
export async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const checks: Check[] = []
  let found: Partial<ConnectionTest> = {}
  try {
    found = ctx.config.auth === 'app' ? await asApp(ctx, checks) : await asPerson(ctx, checks)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    checks.push({ name: steps[checks.length] ?? 'Look at GitHub', ok: false, detail: error.message })
  }
  return { ...found, ok: checks.every((check) => check.ok), checks }
}

const steps = ['Sign in to GitHub', 'Organisation', 'May change team members']

async function asApp(ctx: Ctx, checks: Check[]): Promise<Partial<ConnectionTest>> {
  const { app_slug, account, permissions, suspended_at } = await installation(ctx)
  const identity = `${app_slug}[bot]`
  checks.push({
    name: steps[0]!,
    ok: suspended_at === null,
    detail:
      suspended_at === null
        ? `Signed in as the App ${app_slug}.`
        : 'The installation of the App is suspended.',
  })
  const organisation = await organisationOf(ctx)
  checks.push({
    name: steps[1]!,
    ok: account?.id === organisation.id,
    detail:
      account?.id === organisation.id
        ? `The App is installed in ${organisation.login}.`
        : `The App is installed in ${account?.login ?? 'another place'}, not in ${organisation.login}.`,
  })
  const writes = permissions.members === 'write'
  checks.push({
    name: steps[2]!,
    ok: writes,
    detail: writes
      ? 'The App has the organisation permission Members: read and write.'
      : 'The App lacks the organisation permission Members: read and write. Add it, and accept it in the organisation.',
  })
  return { identity }
}

async function asPerson(ctx: Ctx, checks: Check[]): Promise<Partial<ConnectionTest>> {
  const answer = await request(ctx, { path: '/user' })
  const { login } = bodyOf<{ login: string }>(answer)
  checks.push({ name: steps[0]!, ok: true, detail: `Signed in as ${login}.` })
  const credentialExpiresAt = dateOf(answer.headers.get('github-authentication-token-expiration'))
  const found = { identity: login, ...(credentialExpiresAt ? { credentialExpiresAt } : {}) }
  const organisation = await organisationOf(ctx)
  const own = await organisationMembership(ctx, organisation.id, login)
  const owner = own?.state === 'active' && own.role === 'admin'
  checks.push({
    name: steps[1]!,
    ok: owner,
    detail: owner
      ? `${login} is an owner of ${organisation.login} and sees all its teams.`
      : `${login} is no owner of ${organisation.login}, so some teams are hidden and a team that is gone could not be told from a hidden one.`,
  })
  checks.push(scopeCheck(answer.headers.get('x-oauth-scopes')))
  return found
}

/** Classic tokens come with their scopes; what a fine-grained one may do is told to nobody. */
function scopeCheck(scopes: string | null): Check {
  const name = steps[2]!
  if (scopes === null)
    return {
      name,
      ok: true,
      detail:
        'GitHub does not tell what a fine-grained token may change. It needs the organisation permission Members: read and write.',
    }
  const ok = scopes.split(',').some((scope) => ['admin:org', 'write:org'].includes(scope.trim()))
  return {
    name,
    ok,
    detail: ok
      ? `The token’s scopes allow it: ${scopes}.`
      : `The token lacks the scope admin:org; it has ${scopes.trim() || 'none'}.`,
  }
}

/** GitHub writes "2026-12-31 23:59:59 UTC", or an offset in the place of UTC. */
function dateOf(text: string | null): Date | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(text?.trim() ?? '')
  if (!match) return null
  const offset = match[3] === 'UTC' ? 'Z' : `${match[3]!.slice(0, 3)}:${match[3]!.slice(3)}`
  return new Date(`${match[1]}T${match[2]}${offset}`)
}
