import 'server-only'
import { type ConnectionTest, ConnectorError } from '../contract'
import { accessToken } from '../oauth'
import { type Ctx, find } from './api'
import { baseUrl, credentialsOf, scopesOf } from './config'
import { groupsPage, readRules, unmanagedBecause } from './groups'
import { mayChange } from './members'
import { oktaUser, search } from './people'

type Check = ConnectionTest['checks'][number]

/** Whom and what the credential sees; nothing is changed. */
export async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const checks: Check[] = []
  let identity: string | undefined
  try {
    const signedIn = await signIn(ctx)
    identity = signedIn.identity
    checks.push(...signedIn.checks)
    const groups = await allowed(groupsPage(ctx, null))
    checks.push(check('Read groups', groups, 'Groups can be read.', 'The credential may not read groups.'))
    const rules = await allowed(readRules(ctx))
    checks.push(
      check(
        'Read group rules',
        rules,
        'Groups that a rule feeds can be told from the others.',
        'The role may not read group rules, so no group is known to be free of them. Give the app the role Read-Only Administrator as well.',
      ),
    )
    const people = await allowed(search(ctx, 'profile.email eq "leasehold.connection.test@example.com"'))
    checks.push(
      check(
        'Read people',
        people,
        'Accounts can be looked up by e-mail address.',
        'The credential may not look up users.',
      ),
    )
    const ours = rules && groups?.items.find((group) => unmanagedBecause(group, rules) === null)
    if (groups && rules)
      checks.push(
        check(
          'Groups that can be leased',
          ours,
          `Such as “${ours?.profile.name}”.`,
          'There is no group of Okta’s own without a rule. Make one.',
        ),
      )
    if (ours) checks.push(await changesMembers(ctx, { id: ours.id, name: ours.profile.name }))
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    checks.push({
      name: checks.length === 0 ? 'Sign in' : 'Answers',
      ok: false,
      detail: hinted(error.message),
    })
  }
  return { ok: checks.every(({ ok }) => ok), ...(identity ? { identity } : {}), checks }
}

/** A token of the administrator names that person; an app is known by its client ID, and by what it was granted. */
async function signIn(ctx: Ctx): Promise<{ identity: string; checks: Check[] }> {
  const { host } = new URL(baseUrl(ctx.config))
  const credentials = credentialsOf(ctx.config)
  if (!credentials) {
    const me = await find(ctx, oktaUser, '/api/v1/users/me')
    const identity = me?.value.profile.login ?? `the API token at ${host}`
    return {
      identity,
      checks: [{ name: 'Sign in', ok: true, detail: `${host} takes the API token of ${identity}.` }],
    }
  }
  const { scope } = await accessToken(ctx, credentials)
  const granted = scope?.split(' ')
  const missing = granted ? scopesOf(ctx.config).filter((one) => !granted.includes(one)) : []
  const detail =
    missing.length > 0
      ? `Grant the app ${missing.join(' and ')}.`
      : granted
        ? `Granted: ${scopesOf(ctx.config).join(', ')}.`
        : 'Okta does not say what it granted.'
  return {
    identity: `app ${credentials.clientId}`,
    checks: [
      { name: 'Sign in', ok: true, detail: `${host} gave the app an access token.` },
      { name: 'Scopes', ok: missing.length === 0, detail },
    ],
  }
}

async function changesMembers(ctx: Ctx, group: { id: string; name: string }): Promise<Check> {
  const name = 'Change members'
  const may = await mayChange(ctx, group)
  if (may === false)
    return { name, ok: false, detail: `The credential may not change the members of “${group.name}”.` }
  const detail = may
    ? `Asked to remove nobody from “${group.name}”, Okta did not object.`
    : 'Okta does not say whether it would let us; a removal drill shows it.'
  return { name, ok: true, detail }
}

function check(name: string, found: unknown, yes: string, no: string): Check {
  return found ? { name, ok: true, detail: yes } : { name, ok: false, detail: no }
}

/** New service apps ask for proofs that we do not send, and Okta's words do not say where to switch that off. */
const hinted = (message: string) =>
  /dpop/i.test(message)
    ? `${message} Clear “Require Demonstrating Proof of Possession (DPoP)” in the app’s general settings.`
    : message

/** Null where our credential may not. */
async function allowed<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'auth') return null
    throw error
  }
}
