/**
 * JumpCloud with state of its own, as far as the connector uses it. Its v2 requests and replies are held against
 * JumpCloud's published description; v1 (users, organisations) is in none we have, so those few operations are
 * described here by hand, after the documentation at https://docs.jumpcloud.com/api/1.0.
 */
import { randomBytes } from 'node:crypto'
import { type Fake, type FakeReply, type FakeRequest, startFake } from './fake'
import { contractOf, vendorContract } from './vendor-contract'

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const user = {
  type: 'object',
  required: ['_id'],
  properties: {
    _id: text,
    username: text,
    email: text,
    displayname: text,
    suspended: { type: 'boolean' },
    state: text,
  },
}
const listOf = (schema: object) => ({
  type: 'object',
  required: ['totalCount', 'results'],
  properties: { totalCount: count, results: { type: 'array', items: schema } },
})
const answers = (schema: object) => ({ 200: { schema } })
const query = (name: string, type: string) => ({ name, in: 'query', type })

/** Written by hand: not the vendor's. */
const v1 = {
  swagger: '2.0',
  paths: {
    '/search/systemusers': {
      post: {
        parameters: [
          {
            name: 'body',
            in: 'body',
            required: true,
            schema: {
              type: 'object',
              additionalProperties: false,
              properties: {
                filter: {
                  type: 'object',
                  additionalProperties: false,
                  maxProperties: 1,
                  properties: { or: { type: 'array', items: { type: 'object' } }, and: { type: 'array' } },
                },
                fields: text,
                limit: { ...count, maximum: 100 },
                skip: count,
              },
            },
          },
        ],
        responses: answers(listOf(user)),
      },
    },
    '/systemusers/{id}': { get: { parameters: [query('fields', 'string')], responses: answers(user) } },
    '/organizations': {
      get: {
        parameters: [query('limit', 'integer'), query('skip', 'integer')],
        responses: answers(listOf({ type: 'object', properties: { _id: text, displayName: text } })),
      },
    },
  },
}

export interface FakeUser {
  _id: string
  username: string
  email: string
  displayname: string
  suspended: boolean
}

export interface FakeGroup {
  id: string
  name: string
  membershipMethod: 'NOTSET' | 'STATIC' | 'DYNAMIC_REVIEW_REQUIRED' | 'DYNAMIC_AUTOMATED'
}

const objectId = () => randomBytes(12).toString('hex')
const secret = () => randomBytes(20).toString('hex')

const published = vendorContract('jc-slice.json', '/api/v2')
const byHand = contractOf(v1, '/api')

/** Who is where. */
export class JumpCloudState {
  readonly apiKey = secret()
  readonly clientId = secret()
  readonly clientSecret = secret()
  readonly users = new Map<string, FakeUser>()
  readonly groups = new Map<string, FakeGroup>()
  /** Users of each group. */
  readonly members = new Map<string, Set<string>>()
  /** Groups whose members are also those of the group named first. */
  readonly nested = new Map<string, Set<string>>()
  organisations = [{ _id: objectId(), displayName: 'Northwind' }]
  /** What the credential's role lets it do. */
  role: 'manage groups' | 'read only' = 'manage groups'
  private readonly tokens = new Set<string>()

  addUser(user: Partial<FakeUser> & { email: string }): FakeUser {
    const added = { _id: objectId(), username: `u${secret()}`, displayname: '', suspended: false, ...user }
    this.users.set(added._id, added)
    return added
  }

  addGroup(group: Partial<FakeGroup> & { name: string }): FakeGroup {
    const added = { id: objectId(), membershipMethod: 'STATIC' as const, ...group }
    this.groups.set(added.id, added)
    this.members.set(added.id, new Set())
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

  /** Withdraws every access token, as JumpCloud does with a revoked service account. */
  forgetTokens() {
    this.tokens.clear()
  }

  token({ headers, body }: FakeRequest): FakeReply {
    const basic = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64')
    const { grant_type, scope } = (body ?? {}) as Record<string, string>
    if (headers.authorization !== `Basic ${basic}`)
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'Client authentication failed' },
      }
    if (grant_type !== 'client_credentials' || scope !== 'api')
      return { status: 400, body: { error: 'invalid_request' } }
    const token = secret()
    this.tokens.add(token)
    return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: 3599, scope } }
  }

  answer(request: FakeRequest): FakeReply {
    const { method, path, headers } = request
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
    if (headers['x-api-key'] !== this.apiKey && !(bearer && this.tokens.has(bearer)))
      return { status: 401, body: { message: 'Unauthorized' } }
    if (path === '/api/search/systemusers') return this.search(request)
    if (path === '/api/organizations')
      return { status: 200, body: { totalCount: this.organisations.length, results: this.organisations } }
    const [, area, id = '', list] = /^\/api(?:\/v2)?\/(\w+)(?:\/(\w+))?(?:\/(\w+))?$/.exec(path) ?? []
    if (area === 'systemusers') return found(this.users.get(id))
    if (area === 'users' && list === 'memberof') return this.memberOf(request, id)
    if (area !== 'usergroups') return missing
    if (!id) return paged(request, [...this.groups.values()].map(shown).sort(byName))
    const group = this.groups.get(id)
    if (!group || !list) return found(group && shown(group))
    if (method === 'POST') return this.change(request, group)
    if (list === 'membership') return this.membership(request, id)
    return paged(
      request,
      [...this.members.get(id)!].map((user) => ({ to: { id: user, type: 'user' } })),
    )
  }

  private change({ body }: FakeRequest, { id, membershipMethod }: FakeGroup): FakeReply {
    const { op, id: user } = body as { op: string; id: string }
    if (this.role === 'read only') return { status: 403, body: { message: 'Forbidden' } }
    if (membershipMethod.startsWith('DYNAMIC'))
      return { status: 400, body: { message: 'Members of a dynamic group cannot be set' } }
    const members = this.members.get(id)!
    if (op === 'add') {
      if (!this.users.has(user)) return missing
      if (members.has(user)) return { status: 409, body: { message: 'Already Exists' } }
      members.add(user)
      return { status: 204 }
    }
    return members.delete(user) ? { status: 204 } : missing
  }

  /** Every way from the group down to a user, as lists of what is stepped on. */
  private waysTo(group: string): { user: string; way: string[] }[] {
    const own = [...(this.members.get(group) ?? [])].map((user) => ({ user, way: [] as string[] }))
    const below = [...(this.nested.get(group) ?? [])].flatMap((inner) =>
      this.waysTo(inner).map(({ user, way }) => ({ user, way: [inner, ...way] })),
    )
    return [...own, ...below]
  }

  private membership(request: FakeRequest, group: string): FakeReply {
    const paths = new Map<string, object[]>()
    for (const { user, way } of this.waysTo(group)) {
      const steps = [...way.map((id) => ({ id, type: 'user_group' })), { id: user, type: 'user' }]
      paths.set(user, [...(paths.get(user) ?? []), steps.map((to) => ({ to }))])
    }
    return paged(
      request,
      [...paths].map(([id, all]) => ({ id, type: 'user', paths: all })),
    )
  }

  private memberOf(request: FakeRequest, user: string): FakeReply {
    if (!this.users.has(user)) return missing
    const groups = [...this.groups.keys()].flatMap((id) => {
      const ways = this.waysTo(id).filter((one) => one.user === user)
      const paths = ways.map(({ way }) =>
        [...way.toReversed(), id].map((step) => ({ to: { id: step, type: 'user_group' } })),
      )
      return paths.length > 0 ? [{ id, type: 'user_group', paths }] : []
    })
    return paged(request, groups)
  }

  /** Compares letter for letter. */
  private search({ body }: FakeRequest): FakeReply {
    const {
      filter,
      limit = 10,
      skip = 0,
    } = body as {
      filter?: { or?: Record<string, string>[] }
      limit?: number
      skip?: number
    }
    const results = [...this.users.values()].filter((one) =>
      (filter?.or ?? []).some((wanted) =>
        Object.entries(wanted).every(([field, value]) => one[field as keyof FakeUser] === value),
      ),
    )
    return {
      status: 200,
      body: { totalCount: results.length, results: results.slice(skip, skip + Math.min(limit, 100)) },
    }
  }
}

const missing: FakeReply = { status: 404, body: { message: 'Not Found' } }
const found = (body: unknown): FakeReply => (body ? { status: 200, body } : missing)
const shown = (group: FakeGroup) => ({ ...group, type: 'user_group' })
const byName = (a: FakeGroup, b: FakeGroup) => (a.name < b.name ? -1 : 1)

/** Ten unless asked, a hundred at most. */
function paged({ query: asked }: FakeRequest, all: unknown[]): FakeReply {
  const limit = Math.min(Number(asked.get('limit') ?? 10), 100)
  const skip = Number(asked.get('skip') ?? 0)
  return { status: 200, body: all.slice(skip, skip + limit) }
}

export interface FakeJumpCloud extends Fake {
  state: JumpCloudState
  /** Whether JumpCloud's published description was there to hold v2 against. */
  published: boolean
}

export async function startJumpCloud(): Promise<FakeJumpCloud> {
  const state = new JumpCloudState()
  const fake = await startFake({
    answer: (request) => (request.path === '/oauth2/token' ? state.token(request) : state.answer(request)),
    isAside: ({ path }) => path === '/oauth2/token',
    isChange: ({ method, path }) => method === 'POST' && path.endsWith('/members'),
    validate: (request, reply) =>
      request.path.startsWith('/api/v2/')
        ? (published?.validate(request, reply) ?? null)
        : byHand.validate(request, reply),
  })
  return { ...fake, state, published: published !== null }
}
