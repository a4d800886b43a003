import 'server-only'
import { decodeJwt } from 'jose'
import { z } from 'zod'
import { type ConnectionTest, ConnectorError } from '../contract'
import type { HttpAnswer } from '../http'
import { ask, type Ctx, pathOf, read, readGroup } from './client'
import { listPage } from './paging'
import { filteringOf } from './people'
import { accountOf, type Group, groupName, groupShape, listShape, userShape } from './resources'

type Check = ConnectionTest['checks'][number]

/** Groups looked into for one that shows its members. */
const LOOKED_INTO = 5

/** RFC 7643 section 5, as far as it matters here. */
const providerShape = z.object({ patch: z.object({ supported: z.boolean() }).nullish() })

/** Reads, and asks for one change to a group that does not exist; nothing is changed. */
export async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const checks: Check[] = []
  try {
    const groups = (await listPage(ctx, { kind: 'Groups', shape: groupShape }, null)).items
    const host = new URL(ctx.config.baseUrl).host
    checks.push({ name: 'Sign in to the server', ok: true, detail: `${host} takes our credential.` })
    checks.push(groupsCheck(groups, ctx.config.provisioned))
    checks.push(await peopleCheck(ctx))
    checks.push(await membersCheck(ctx, groups))
    checks.push(await changesCheck(ctx))
    const identity = await identityOf(ctx)
    const expires = expiryOf(ctx)
    return {
      ok: checks.every((check) => check.ok),
      ...(identity ? { identity } : {}),
      ...(expires ? { credentialExpiresAt: expires } : {}),
      checks,
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    const name = checks.length === 0 ? 'Sign in to the server' : 'Reading on'
    return { ok: false, checks: [...checks, { name, ok: false, detail: error.message }] }
  }
}

function groupsCheck(groups: Group[], provisioned: boolean): Check {
  const leasable = groups.filter((group) => provisioned || !group.externalId).length
  const name = 'Groups that can be leased'
  if (groups.length === 0) return { name, ok: false, detail: 'The server lists no groups for us.' }
  if (leasable === 0)
    return { name, ok: false, detail: 'Every group on the first page belongs to another system.' }
  return { name, ok: true, detail: `${leasable} on the first page, such as “${groupName(groups[0]!)}”.` }
}

async function peopleCheck(ctx: Ctx): Promise<Check> {
  const name = 'Find people'
  const query = { startIndex: '1', count: '1', excludedAttributes: 'groups' }
  const { Resources } = read(listShape, await ask(ctx, { method: 'GET', path: '/Users', query }))
  if (Resources.length === 0) return { name, ok: false, detail: 'The server lists no users for us.' }
  const filtering = await filteringOf(ctx)
  const by = ctx.config.matchBy
  if (filtering === 'works') return { name, ok: true, detail: `By a filter on ${by}.` }
  const why = filtering === 'refused' ? 'refuses' : 'ignores'
  const detail = `The server ${why} a filter on ${by}, so all users are read to find one, which takes longer.`
  return { name, ok: true, detail }
}

/** Where a group hides its members no end could be proven, and no whole set replaced. */
async function membersCheck(ctx: Ctx, groups: Group[]): Promise<Check> {
  const name = 'See members'
  for (const { id } of groups.slice(0, LOOKED_INTO)) {
    const seen = await readGroup(ctx, id)
    if (seen && seen.group.members.length > 0)
      return { name, ok: true, detail: `“${groupName(seen.group)}” shows its members.` }
  }
  const many = Math.min(groups.length, LOOKED_INTO)
  const looked = `None of the ${many} groups looked at shows a member, so it is not proven that this server tells them.`
  return ctx.config.removal === 'replace-all'
    ? { name, ok: false, detail: `${looked} A group that hides its members must not be replaced as a whole.` }
    : { name, ok: true, detail: looked }
}

/**
 * What can be known of write access without writing. A PATCH of a group that does not exist changes nothing, and
 * most servers judge the credential before they look for the group. A PUT could create one, so it is not tried.
 */
async function changesCheck(ctx: Ctx): Promise<Check> {
  const name = 'Change members'
  const provider = await providerConfig(ctx)
  const drill = 'Only a change proves it: set up a removal drill.'
  if (ctx.config.removal === 'replace-all')
    return { name, ok: true, detail: `SCIM has no way to ask whether a group may be replaced. ${drill}` }
  if (provider?.patch?.supported === false)
    return { name, ok: false, detail: 'The server says that it has no PATCH. Remove members by replace-all.' }
  const answer = await probe(ctx)
  if (answer instanceof ConnectorError) return { name, ok: false, detail: answer.message }
  if (answer.status === 405 || answer.status === 501)
    return { name, ok: false, detail: `The server answers ${answer.status} to a PATCH of a group.` }
  return {
    name,
    ok: true,
    detail: `A change to a group that does not exist was not forbidden to us. ${drill}`,
  }
}

/** @returns the error where the credential is refused for changes; other trouble is thrown */
async function probe(ctx: Ctx): Promise<HttpAnswer | ConnectorError> {
  const path = pathOf('Groups', `leasehold-probe-${ctx.operationId}`)
  const Operations = [{ op: 'add', path: 'members', value: [{ value: ctx.operationId }] }]
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
  return ask(ctx, { method: 'PATCH', path, json: { schemas, Operations } }).catch((error: unknown) => {
    if (error instanceof ConnectorError && error.code === 'auth')
      return new ConnectorError('auth', `${error.message} It may read, but not change groups.`)
    throw error
  })
}

/** What the server says of itself; some say nothing. */
async function providerConfig(ctx: Ctx) {
  const answer = await ask(ctx, { method: 'GET', path: '/ServiceProviderConfig' })
  return answer.status === 200 ? providerShape.safeParse(answer.body).data : undefined
}

/** Whom the server takes us for (RFC 7644 section 3.11), where it says so; else the OAuth client. */
async function identityOf(ctx: Ctx): Promise<string | undefined> {
  const answer = await ask(ctx, { method: 'GET', path: '/Me' }).catch((error: unknown) => {
    // An optional address: whatever a server makes of it is not our trouble.
    if (error instanceof ConnectorError) return null
    throw error
  })
  const me = answer?.status === 200 ? userShape.safeParse(answer.body).data : undefined
  return me ? accountOf(me).name : ctx.config.auth === 'oauth-client' ? ctx.config.clientId : undefined
}

/** Some bearer tokens are signed and carry their own end. */
function expiryOf({ config }: Ctx): Date | undefined {
  if (config.auth !== 'bearer-token' || !config.token) return undefined
  try {
    const { exp } = decodeJwt(config.token)
    return exp === undefined ? undefined : new Date(exp * 1000)
  } catch {
    return undefined
  }
}
