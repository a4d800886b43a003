/**
 * Okta with state of its own, as far as the connector uses it. Groups and their members are held against Okta's
 * published description; users, sessions and group rules are not in the part of it that we have, so those few
 * operations are described here by hand, after https://developer.okta.com/docs/api/.
 */
import { generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { type Fake, type FakeReply, type FakeRequest, startFake } from './fake'
import { contractOf, vendorContract } from './vendor-contract'

const text = { type: 'string' }
const many = (schema: object) => ({ type: 'array', items: schema })
const query = (name: string, schema: object = text) => ({ name, in: 'query', schema })
const limit = query('limit', { type: 'integer', minimum: 1, maximum: 200 })
const json = (schema: object) => ({ 200: { content: { 'application/json': { schema } } } })
const user = {
  type: 'object',
  required: ['id', 'status', 'profile'],
  properties: {
    id: text,
    status: {
      enum: 'ACTIVE DEPROVISIONED LOCKED_OUT PASSWORD_EXPIRED PROVISIONED RECOVERY STAGED SUSPENDED'.split(
        ' ',
      ),
    },
    profile: { type: 'object', required: ['login', 'email'], properties: { login: text, email: text } },
  },
}
const group = {
  type: 'object',
  required: ['id', 'type', 'profile'],
  properties: { type: { enum: ['APP_GROUP', 'BUILT_IN', 'OKTA_GROUP'] } },
}
const rule = {
  type: 'object',
  required: ['id', 'name', 'status', 'actions'],
  properties: { status: { enum: ['ACTIVE', 'INACTIVE', 'INVALID'] }, type: { enum: ['group_rule'] } },
}

/** Written by hand: not the vendor's. */
const restOfIt = {
  openapi: '3.0.3',
  paths: {
    '/api/v1/users': {
      get: {
        parameters: [{ ...query('search'), required: true }, limit, query('after')],
        responses: json(many(user)),
      },
    },
    '/api/v1/users/{id}': { get: { responses: json(user) } },
    '/api/v1/users/{id}/groups': {
      get: { parameters: [limit, query('after')], responses: json(many(group)) },
    },
    '/api/v1/users/{id}/sessions': {
      delete: { parameters: [query('oauthTokens', { type: 'boolean' })], responses: { 204: {} } },
    },
    '/api/v1/groups/rules': {
      get: {
        parameters: [limit, query('after'), query('search'), query('expand')],
        responses: json(many(rule)),
      },
    },
  },
}

export interface FakeOktaUser {
  id: string
  status: 'ACTIVE' | 'DEPROVISIONED' | 'SUSPENDED' | 'STAGED'
  profile: { login: string; email: string; firstName: string; lastName: string }
}
export interface FakeOktaGroup {
  id: string
  type: 'APP_GROUP' | 'BUILT_IN' | 'OKTA_GROUP'
  profile: { name: string; description?: string }
}
export interface FakeOktaRule {
  id: string
  name: string
  status: 'ACTIVE' | 'INACTIVE'
  groupIds: string[]
  /** Whom it fits. */
  fits: string[]
  /** Whom it no longer puts anywhere. */
  exceptions: string[]
}

const secret = () => randomBytes(20).toString('hex')
const idOf = (kind: string) => `${kind}${randomBytes(9).toString('hex').slice(0, 17)}`
const trouble = (status: number, errorCode: string, errorSummary: string): FakeReply => ({
  status,
  body: { errorCode, errorSummary, errorLink: errorCode, errorId: `oae${secret()}`, errorCauses: [] },
})
const missing = trouble(404, 'E0000007', 'Not found: Resource not found')
const forbidden = trouble(403, 'E0000006', 'You do not have permission to perform the requested action')

const published = vendorContract('okta-slice.json')
const byHand = contractOf(restOfIt)
/** One for all: making a key takes as long as many tests together. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Who is where. */
export class OktaState {
  readonly apiToken = secret()
  readonly clientId = `0oa${secret()}`
  readonly keyId = 'k1'
  readonly privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  readonly users = new Map<string, FakeOktaUser>()
  readonly groups = new Map<string, FakeOktaGroup>()
  readonly members = new Map<string, Set<string>>()
  rules: FakeOktaRule[] = []
  /** Open Okta sessions by user. */
  readonly sessions = new Map<string, number>()
  scopes = ['okta.groups.manage', 'okta.users.read', 'okta.users.manage']
  /** What the role of the app, or of the token's owner, lets it do. */
  role = { changesMembers: true, readsRules: true }
  asksForProof = false
  /** Its own address, for the audience of assertions and for links. */
  url = ''
  private readonly tokens = new Map<string, string[]>()
  readonly admin = this.addUser({ email: 'admin@example.com' })

  addUser({ email, ...user }: Partial<FakeOktaUser> & { email: string; login?: string }): FakeOktaUser {
    const { login = email, ...rest } = user
    const profile = { login, email, firstName: 'First', lastName: 'Last' }
    const added: FakeOktaUser = { id: idOf('00u'), status: 'ACTIVE', profile, ...rest }
    this.users.set(added.id, added)
    return added
  }

  addGroup(name: string, type: FakeOktaGroup['type'] = 'OKTA_GROUP'): FakeOktaGroup {
    const added = { id: idOf('00g'), type, profile: { name } }
    this.groups.set(added.id, added)
    this.members.set(added.id, new Set())
    return added
  }

  /** Switches a rule on for a group, and puts whom it fits there. */
  addRule(name: string, groupId: string, fits: string[] = []): FakeOktaRule {
    const added: FakeOktaRule = {
      id: idOf('0pr'),
      name,
      status: 'ACTIVE',
      groupIds: [groupId],
      fits,
      exceptions: [],
    }
    this.rules.push(added)
    for (const one of fits) this.members.get(groupId)!.add(one)
    return added
  }

  removeUser(id: string) {
    this.users.delete(id)
    for (const members of this.members.values()) members.delete(id)
  }

  removeGroup(id: string) {
    this.groups.delete(id)
    this.members.delete(id)
  }

  forgetTokens() {
    this.tokens.clear()
  }

  /** A private_key_jwt as RFC 7523 has it: signed by the app's key, for this address, from and about the app. */
  token({ body }: FakeRequest, now = new Date()): FakeReply {
    const {
      grant_type,
      scope = '',
      client_assertion_type,
      client_assertion = '',
    } = body as Record<string, string>
    const denied = (status: number, error: string, error_description: string) => ({
      status,
      body: { error, error_description },
    })
    const [head = '', claims = '', signature = ''] = client_assertion.split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}')
    const { alg, kid } = read(head)
    const { iss, sub, aud, exp, jti } = read(claims)
    const signed = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      keys.publicKey,
      Buffer.from(signature, 'base64url'),
    )
    const fits =
      alg === 'RS256' &&
      kid === this.keyId &&
      iss === this.clientId &&
      sub === this.clientId &&
      aud === `${this.url}/oauth2/v1/token` &&
      typeof jti === 'string' &&
      exp > now.getTime() / 1000 &&
      exp <= now.getTime() / 1000 + 3600
    if (!signed || !fits) return denied(401, 'invalid_client', 'The client_assertion is invalid.')
    if (
      grant_type !== 'client_credentials' ||
      client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    )
      return denied(400, 'invalid_request', 'Unknown grant or assertion type.')
    if (this.asksForProof) return denied(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.')
    const granted = scope.split(' ').filter((one) => this.scopes.includes(one))
    if (granted.length === 0)
      return denied(400, 'invalid_scope', 'You are not allowed any of the requested scopes.')
    const token = secret()
    this.tokens.set(token, granted)
    return {
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, access_token: token, scope: granted.join(' ') },
    }
  }

  /** What the request's credential may; null where Okta does not know it. An administrator's token knows no scopes. */
  private allows({ headers }: FakeRequest): ((scope: string) => boolean) | null {
    const [kind, value = ''] = (headers.authorization ?? '').split(' ')
    if (kind === 'SSWS' && value === this.apiToken) return () => true
    const scopes = kind === 'Bearer' ? this.tokens.get(value) : undefined
    return scopes
      ? (scope) => scopes.some((one) => one === scope || one === scope.replace('.read', '.manage'))
      : null
  }

  answer(request: FakeRequest): FakeReply {
    const may = this.allows(request)
    if (!may) return trouble(401, 'E0000011', 'Invalid token provided')
    const [, area, id = '', list, other = ''] =
      /^\/api\/v1\/(\w+)(?:\/(\w+))?(?:\/(\w+))?(?:\/(\w+))?$/.exec(request.path) ?? []
    const { method } = request
    if (area === 'groups' && list === 'users' && method !== 'GET')
      return may('okta.groups.manage') ? this.change(request, id, other) : forbidden
    if (area === 'users' && list === 'sessions')
      return may('okta.users.manage') ? this.endSessions(id) : forbidden
    if (!may(area === 'users' ? 'okta.users.read' : 'okta.groups.read')) return forbidden
    return area === 'users' ? this.answerUsers(request, id, list) : this.answerGroups(request, id, list)
  }

  private answerUsers(request: FakeRequest, id: string, list?: string): FakeReply {
    if (!id) return this.search(request)
    if (id === 'me') return { status: 200, body: this.admin }
    if (!this.users.has(id)) return missing
    if (list !== 'groups') return { status: 200, body: this.users.get(id) }
    const groups = [...this.groups.values()].filter((one) => this.members.get(one.id)!.has(id))
    return this.paged(request, groups, 200)
  }

  private answerGroups(request: FakeRequest, id: string, list?: string): FakeReply {
    if (!id) return this.paged(request, [...this.groups.values()], 10_000)
    if (id === 'rules') return this.role.readsRules ? this.listRules(request) : forbidden
    const found = this.groups.get(id)
    if (!found) return missing
    if (list !== 'users') return { status: 200, body: found }
    return this.paged(
      request,
      [...this.members.get(id)!].map((one) => this.users.get(one)!),
      1000,
    )
  }

  private listRules(request: FakeRequest): FakeReply {
    const rules = this.rules.map(({ id, name, status, groupIds, exceptions }) => ({
      type: 'group_rule',
      id,
      name,
      status,
      conditions: { people: { users: { exclude: exceptions } } },
      actions: { assignUserToGroups: { groupIds } },
    }))
    return this.paged(request, rules, 200)
  }

  /** 204 whether it changed anything or not, as Okta has it. */
  private change({ method }: FakeRequest, groupId: string, userId: string): FakeReply {
    const group = this.groups.get(groupId)
    const user = this.users.get(userId)
    if (!this.role.changesMembers || (group && group.type !== 'OKTA_GROUP')) return forbidden
    if (!group || !user) return missing
    const members = this.members.get(groupId)!
    if (method === 'DELETE') {
      members.delete(userId)
      for (const one of this.rules)
        if (one.status === 'ACTIVE' && one.groupIds.includes(groupId) && one.fits.includes(userId))
          one.exceptions.push(userId)
    } else if (user.status === 'DEPROVISIONED') {
      return trouble(403, 'E0000038', "This operation is not allowed in the user's current status.")
    } else members.add(userId)
    return { status: 204 }
  }

  private endSessions(id: string): FakeReply {
    if (!this.users.has(id)) return missing
    this.sessions.delete(id)
    return { status: 204 }
  }

  /** `field eq "value"`, joined by `or`, values without regard to case. */
  private search(request: FakeRequest): FakeReply {
    const expression = request.query.get('search') ?? ''
    const term = /(id|profile\.email|profile\.login) eq ("(?:[^"\\]|\\["\\])*")/
    if (!new RegExp(`^${term.source}(?: or ${term.source})*$`).test(expression))
      return trouble(400, 'E0000031', `Invalid search criteria: ${expression}`)
    const terms = [...expression.matchAll(new RegExp(term, 'g'))]
    const users = [...this.users.values()].filter(({ id, profile }) =>
      terms.some(([, field, value = '']) => {
        const own = field === 'id' ? id : profile[field === 'profile.email' ? 'email' : 'login']
        return own.toLowerCase() === value.slice(1, -1).replace(/\\(.)/g, '$1').toLowerCase()
      }),
    )
    return this.paged(request, users, 200)
  }

  /** Pages by a cursor that only Okta understands, linked to in a header, the rest of the query kept. */
  private paged(request: FakeRequest, all: { id: string }[], most: number): FakeReply {
    const { query: asked, path } = request
    const size = Math.min(Number(asked.get('limit') ?? most), most)
    const after = asked.get('after')
    const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
    const page = all.slice(start, start + size)
    const links = [`<${this.url}${path}?${asked}>; rel="self"`]
    if (start + size < all.length) {
      const next = new URLSearchParams(asked)
      next.set('after', page.at(-1)!.id)
      links.push(`<${this.url}${path}?${next}>; rel="next"`)
    }
    return { status: 200, body: page, headers: { link: links.join(', ') } }
  }
}

export interface FakeOkta extends Fake {
  state: OktaState
  /** Whether Okta's published description was there to hold groups and members against. */
  published: boolean
}

export async function startOkta(): Promise<FakeOkta> {
  const state = new OktaState()
  const handWritten = ({ path }: FakeRequest) =>
    path.startsWith('/api/v1/users') || path === '/api/v1/groups/rules'
  const fake = await startFake({
    answer: (request) => (request.path === '/oauth2/v1/token' ? state.token(request) : state.answer(request)),
    isAside: ({ path }) => path === '/oauth2/v1/token',
    isChange: ({ method, path }) => method !== 'GET' && /\/groups\/\w+\/users\/\w+$/.test(path),
    validate: (request, reply) =>
      handWritten(request) ? byHand.validate(request, reply) : (published?.validate(request, reply) ?? null),
  })
  state.url = fake.url
  return { ...fake, state, published: published !== null }
}
