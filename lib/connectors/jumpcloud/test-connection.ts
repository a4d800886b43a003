import 'server-only'
import { z } from 'zod'
import { type ConnectionTest, ConnectorError } from '../contract'
import { type Ctx, find } from './api'
import { baseUrl } from './config'
import { groupsPage, unmanagedBecause } from './groups'
import { mayChange } from './members'
import { usersWhere } from './people'

type Check = ConnectionTest['checks'][number]

const organisations = z.object({
  results: z.array(z.object({ _id: z.string().nullish(), displayName: z.string().nullish() })),
})

/** Whom and what the credential sees; nothing is changed. */
export async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const checks: Check[] = []
  const { config } = ctx
  const host = new URL(baseUrl(config)).host
  let identity: string | undefined
  try {
    const { items } = await groupsPage(ctx, null)
    checks.push({ name: 'Sign in', ok: true, detail: `${host} takes the ${config.auth}.` })
    const organisation = await organisationOf(ctx)
    if (organisation.check) checks.push(organisation.check)
    identity = organisation.name ?? `the ${config.auth} at ${host}`
    checks.push(await readsPeople(ctx))
    const ours = items.filter((group) => unmanagedBecause(group) === null)
    checks.push({
      name: 'Groups that can be leased',
      ok: ours.length > 0,
      detail: ours[0]
        ? `Such as “${ours[0].name}”.`
        : 'There is no user group whose members are set by hand. Make one in JumpCloud.',
    })
    if (ours[0]) checks.push(await changesMembers(ctx, ours[0]))
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    checks.push({
      name: checks.length === 0 ? 'Sign in' : 'Answers',
      ok: false,
      detail: error.message,
    })
  }
  return {
    ok: checks.every((check) => check.ok),
    ...(identity ? { identity } : {}),
    ...(config.expiresOn ? { credentialExpiresAt: new Date(`${config.expiresOn}T00:00:00Z`) } : {}),
    checks,
  }
}

/** A role may hide the organisation; then it stays unnamed, and nothing is wrong. */
async function organisationOf(ctx: Ctx): Promise<{ name?: string; check?: Check }> {
  const seen = await allowed(
    find(ctx, organisations, { method: 'GET', path: '/api/organizations', query: { limit: 2 } }),
  )
  const [first, second] = seen?.results ?? []
  if (!ctx.config.organisationId && second) {
    const detail = 'The credential sees several organisations. Enter the organisation ID to choose one.'
    return { check: { name: 'One organisation', ok: false, detail } }
  }
  const name = ctx.config.organisationId
    ? seen?.results.find(({ _id }) => _id === ctx.config.organisationId)?.displayName
    : first?.displayName
  return name ? { name } : {}
}

async function readsPeople(ctx: Ctx): Promise<Check> {
  const name = 'Read people'
  const users = await allowed(usersWhere(ctx, [{ username: 'leasehold.connection.test' }]))
  return users
    ? { name, ok: true, detail: 'Accounts can be looked up by e-mail address.' }
    : { name, ok: false, detail: 'The role does not let us look up users.' }
}

async function changesMembers(ctx: Ctx, group: { id: string; name: string }): Promise<Check> {
  const name = 'Change members'
  const may = await mayChange(ctx, group)
  if (may === false)
    return { name, ok: false, detail: `The role does not let us change the members of “${group.name}”.` }
  const detail = may
    ? `Asked to remove nobody from “${group.name}”, JumpCloud did not object.`
    : 'JumpCloud does not say whether it would; a removal drill shows it.'
  return { name, ok: true, detail }
}

/** Null where our credential may not. */
async function allowed<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'auth') return null
    throw error
  }
}
