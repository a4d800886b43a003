import 'server-only'
import { X509Certificate } from 'node:crypto'
import { decodeJwt } from 'jose'
import { type ConnectionTest, ConnectorError } from '../contract'
import { accessToken } from '../oauth'
import { type Ctx, credentialsOf } from './config'
import { pageOf, withQuery } from './graph'

type Check = ConnectionTest['checks'][number]

/** Asks who we are, reads what our token may do, and looks at one group and one person; nothing is changed. */
export async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const checks: Check[] = []
  const found: Partial<ConnectionTest> = {}
  try {
    const { value } = await accessToken(ctx, credentialsOf(ctx.config))
    const { name, roles } = claimsOf(value, ctx.config.clientId)
    found.identity = name
    checks.push({ name: 'Sign in to Entra', ok: true, detail: `Signed in as the application ${name}.` })
    checks.push(...permissions(ctx, roles))
    await pageOf(ctx, '/groups?$top=1&$select=id')
    checks.push({ name: 'Read groups', ok: true, detail: 'Groups can be read.' })
    await pageOf(ctx, '/users?$top=1&$select=id')
    checks.push({ name: 'Read people', ok: true, detail: 'People can be read.' })
    const end = await endOfCredential(ctx, roles)
    if (end) found.credentialExpiresAt = end
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    const name = checks.some(({ name }) => name === 'Read groups') ? 'Read people' : 'Read groups'
    checks.push({
      name: checks.length === 0 ? 'Sign in to Entra' : name,
      ok: false,
      detail: error.message,
    })
  }
  return { ...found, ok: checks.every((check) => check.ok), checks }
}

/** What Entra wrote into the token for us. Read as a hint of what it allows; Graph judges it itself. */
function claimsOf(token: string, clientId: string): { name: string; roles: string[] | null } {
  try {
    const { app_displayname, roles } = decodeJwt(token)
    return {
      name: typeof app_displayname === 'string' ? app_displayname : clientId,
      roles: Array.isArray(roles) ? roles.map(String) : [],
    }
  } catch {
    return { name: clientId, roles: null }
  }
}

function permissions({ config }: Ctx, roles: string[] | null): Check[] {
  const needs = [
    {
      name: 'May change members',
      any: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    },
    ...(config.mode === 'pim'
      ? [
          {
            name: 'May assign in PIM',
            any: [
              'PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup',
              'PrivilegedAccess.ReadWrite.AzureADGroup',
            ],
          },
        ]
      : []),
    ...(config.endsSessions
      ? [{ name: 'May end sign-ins', any: ['User.RevokeSessions.All', 'User.ReadWrite.All'] }]
      : []),
  ]
  return needs.map(({ name, any }) => {
    if (roles === null) return { name, ok: true, detail: `The token cannot be read. It needs ${any[0]}.` }
    const held = any.find((one) => roles.includes(one))
    return {
      name,
      ok: held !== undefined,
      detail: held
        ? `The application has ${held}.`
        : `The application lacks ${any[0]}. Add it as an application permission and grant admin consent.`,
    }
  })
}

interface Secret {
  hint: string | null
  endDateTime: string | null
}

/** A certificate says its end itself; of a secret only an application that may read applications learns it. */
async function endOfCredential(ctx: Ctx, roles: string[] | null): Promise<Date | null> {
  const { auth, certificate, clientId, clientSecret } = ctx.config
  if (auth === 'certificate') return new Date(new X509Certificate(certificate ?? '').validTo)
  if (!roles?.some((role) => /^Application\.Read(Write)?\.(All|OwnedBy)$/.test(role))) return null
  const query = { $filter: `appId eq '${clientId}'`, $select: 'id,passwordCredentials' }
  const page = await pageOf<{ passwordCredentials?: Secret[] }>(ctx, withQuery('/applications', query))
  const { passwordCredentials = [] } = page?.items[0] ?? {}
  // Entra shows the first three characters of each, which is enough to tell ours unless two begin alike.
  const ours = passwordCredentials.filter(({ hint }) => hint && clientSecret?.startsWith(hint))
  const end = ours.length === 1 ? Date.parse(ours[0]?.endDateTime ?? '') : Number.NaN
  return Number.isNaN(end) ? null : new Date(end)
}
