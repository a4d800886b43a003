/**
 * Entra and Graph with state of their own: copies that lag, refusals said in words, pages by `@odata.nextLink`, and a
 * DELETE that deletes the person where its address does not end in `/$ref`.
 */
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { handWrittenGraph } from './contract-entra'
import { EntraState } from './entra-state'
import { type Fake, type FakeReply, type FakeRequest, startFake } from './fake'
import { contractOf } from './vendor-contract'

export interface EntraFake extends Fake {
  state: EntraState
  tenant: string
  clientId: string
  secret: string
  /** Permissions its tokens carry. */
  roles: string[]
  /** Accounts whose sign-ins were ended. */
  signedOut: string[]
  /** What the application's page says of its secrets. */
  secrets: { hint: string; endDateTime: string }[]
  /** Assertions the token endpoint was given; it takes any, the signature is for a test to judge. */
  assertions: string[]
}

const reply = (status: number, body?: unknown): FakeReply => ({
  status,
  ...(body === undefined ? {} : { body }),
})
const refusal = (status: number, code: string, message: string) => reply(status, { error: { code, message } })
const missing = (id: string) =>
  refusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )

const graph = contractOf(handWrittenGraph, '/v1.0')
const signing = createHash('sha256').update('a key of the fake').digest()
const { publicKey: _, ...keys } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const entraKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export async function startEntra(): Promise<EntraFake> {
  const state = new EntraState()
  const tokens = new Set<string>()
  const tenant = 'northwind.onmicrosoft.com'
  const clientId = randomUUID()
  const secret = 'c4n~ary+of/entra 8Q'
  const roles = [
    'GroupMember.ReadWrite.All',
    'User.Read.All',
    'PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup',
  ]
  const signedOut: string[] = []
  const secrets: { hint: string; endDateTime: string }[] = []
  const assertions: string[] = []
  let nextToken = ''
  let url = ''

  function token(form: Record<string, string>): FakeReply {
    const { client_id, client_secret, client_assertion, scope, grant_type } = form
    if (client_assertion) assertions.push(client_assertion)
    const known = client_id === clientId && grant_type === 'client_credentials' && scope === `${url}/.default`
    if (!known || (!client_assertion && client_secret !== secret))
      return reply(401, {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret.',
      })
    tokens.add(nextToken)
    return reply(200, { token_type: 'Bearer', expires_in: 3599, access_token: nextToken })
  }

  function paged(request: FakeRequest, items: unknown[]): FakeReply {
    const size = Math.min(state.pageSize, Number(request.query.get('$top') ?? 100))
    const from = Number(request.query.get('$skiptoken') ?? 0)
    const next = new URLSearchParams(request.query)
    next.set('$skiptoken', String(from + size))
    return reply(200, {
      value: items.slice(from, from + size),
      ...(items.length > from + size ? { '@odata.nextLink': `${url}${request.path}?${next}` } : {}),
    })
  }

  const asObject = (id: string) => {
    const user = state.users.get(id)
    return user
      ? { '@odata.type': '#microsoft.graph.user', ...user }
      : { '@odata.type': '#microsoft.graph.group', ...state.groups.get(id)! }
  }

  /** The only filter we ever ask for: two equalities with one text, quotes doubled. */
  function usersBy(filter: string) {
    const match = /^mail eq '((?:[^']|'')*)' or userPrincipalName eq '((?:[^']|'')*)'$/.exec(filter)
    if (!match) return null
    const same = (value: string | null, text = '') =>
      value?.toLowerCase() === text.replaceAll("''", "'").toLowerCase()
    return [...state.users.values()].filter(
      ({ mail, userPrincipalName }) => same(mail, match[1]) || same(userPrincipalName, match[2]),
    )
  }

  function ofUsers(request: FakeRequest, [id, what]: string[]): FakeReply {
    if (id === undefined) {
      const filter = request.query.get('$filter')
      const found = filter === null ? [...state.users.values()] : usersBy(filter)
      return found
        ? paged(request, found)
        : refusal(400, 'Request_UnsupportedQuery', `Invalid filter ${filter}`)
    }
    const user = state.users.get(id)
    if (!user) return missing(id)
    switch (what) {
      case undefined:
        return reply(200, user)
      case 'memberOf':
        return paged(
          request,
          state.memberOf(id).map((group) => asObject(group.id)),
        )
      case 'checkMemberGroups':
        return isIn(request, id)
      case 'revokeSignInSessions':
        signedOut.push(id)
        return reply(200, { value: true })
      default:
        return refusal(400, 'BadRequest', 'Resource not found for the segment.')
    }
  }

  const isIn = ({ body }: FakeRequest, id: string) => {
    const { groupIds } = body as { groupIds: string[] }
    return reply(200, { value: groupIds.filter((group) => state.transitive(group).has(id)) })
  }

  function ofGroups(request: FakeRequest, [id, what, member, ref]: string[]): FakeReply {
    if (id === undefined) return paged(request, [...state.groups.values()])
    // Graph takes such an address for the person's own.
    if (request.method === 'DELETE' && what === 'members' && member && ref !== '$ref') {
      state.removeUser(member)
      return reply(204)
    }
    if (!state.groups.has(id)) return missing(id)
    const members = state.members.get(id)!
    switch (what) {
      case undefined:
        return reply(200, state.groups.get(id))
      case 'transitiveMembers':
        return paged(request, [...state.transitive(id)].map(asObject))
      default:
        break
    }
    if (request.method === 'GET') return paged(request, [...members].map(asObject))
    if (request.method === 'DELETE') {
      if (!state.users.has(member!) || !members.has(member!)) return missing(member!)
      state.take(id, member!)
      return reply(204)
    }
    const user = (request.body as { '@odata.id': string })['@odata.id'].split('/').at(-1)!
    if (!state.users.has(user)) return missing(user)
    if (members.has(user))
      return refusal(
        400,
        'Request_BadRequest',
        "One or more added object references already exist for the following modified properties: 'members'.",
      )
    state.add(id, user)
    return reply(204)
  }

  interface Scheduled {
    groupId: string
    principalId: string
    action: string
    scheduleInfo?: { expiration: { endDateTime?: string } }
  }
  function ofPim(request: FakeRequest, id: string | undefined): FakeReply {
    if (id !== undefined) {
      const found = state.requests.get(id)
      return found ? reply(200, found) : refusal(404, 'ResourceNotFound', 'The request is not found.')
    }
    const { groupId, principalId, action, scheduleInfo } = request.body as Scheduled
    if (!state.groups.has(groupId)) return refusal(404, 'ResourceNotFound', 'The resource is not found.')
    if (!state.users.has(principalId)) return refusal(404, 'SubjectNotFound', 'The subject is not found.')
    const open = [...state.requests.values()].some(
      (one) => one.group === groupId && one.user === principalId && one.status.startsWith('Pending'),
    )
    if (open)
      return refusal(
        400,
        'PendingRoleAssignmentRequest',
        'There is already an existing pending Role assignment request.',
      )
    const there = state.assignmentOf(groupId, principalId)
    if (there && action === 'adminAssign')
      return refusal(400, 'RoleAssignmentExists', 'The Role assignment already exists.')
    if (!there && action === 'adminRemove')
      return refusal(400, 'RoleAssignmentDoesNotExist', 'The Role assignment does not exist.')
    const end = scheduleInfo?.expiration.endDateTime ?? null
    return reply(201, state.schedule({ group: groupId, user: principalId, action, end }))
  }

  function answer(request: FakeRequest): FakeReply {
    if (request.path === `/${tenant}/oauth2/v2.0/token`) return token(request.body as Record<string, string>)
    if (!tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? ''))
      return refusal(401, 'InvalidAuthenticationToken', 'Access token is empty.')
    const [, , root, ...rest] = request.path.split('/').map(decodeURIComponent)
    if (root === 'users') return ofUsers(request, rest)
    if (root === 'groups') return ofGroups(request, rest)
    if (root === 'identityGovernance') return ofPim(request, rest[3])
    if (root === 'applications')
      return reply(200, { value: [{ id: clientId, passwordCredentials: secrets }] })
    return refusal(400, 'BadRequest', 'Resource not found for the segment.')
  }

  const fake = await startFake({
    answer,
    isChange: ({ method, path }) => method !== 'GET' && !path.endsWith('checkMemberGroups'),
    isAside: ({ path }) => path.endsWith('/token'),
    prepare: async ({ path }) => {
      if (!path.endsWith('/token')) return
      nextToken = await new SignJWT({ roles, app_displayname: 'Leasehold' })
        .setProtectedHeader({ alg: 'HS256' })
        .setJti(randomUUID())
        .sign(signing)
    },
    validate: graph.validate,
  })
  url = fake.url
  return { ...fake, state, tenant, clientId, secret, roles, signedOut, secrets, assertions }
}
