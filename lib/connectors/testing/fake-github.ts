/**
 * GitHub's teams with state of their own. As GitHub, it answers the membership question for members of child teams
 * too, calls owners maintainers, hides what a credential may not see behind a 404, and demotes a maintainer who is
 * put in as a member.
 */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { membersQuery } from '../github/members'
import { handWrittenGithub } from './contract-github'
import { type Fake, type FakeReply, type FakeRequest, startFake } from './fake'
import { type FakeTeam, type FakeUser, GithubState } from './github-state'
import { contractOf, vendorContract } from './vendor-contract'

export interface GithubFake extends Fake {
  state: GithubState
  /** Of an owner, `northwind-bot`. */
  token: string
  app: { id: string; installation: string; privateKey: string; permissions: Record<string, string> }
  /** Sent with the answer to `/user`. */
  tokenHeaders: Record<string, string>
  /** How often an App asked for a token. */
  tokensGiven: () => number
  /** Whether GitHub's published description was there to be held against it. */
  published: boolean
}

const reply = (status: number, body?: unknown, headers?: Record<string, string>): FakeReply => ({
  status,
  ...(body === undefined ? {} : { body }),
  ...(headers ? { headers } : {}),
})
const notFound = reply(404, { message: 'Not Found' })

// Read, compiled and made once: each takes long.
const published = vendorContract('gh-slice.json')
const byHand = contractOf(handWrittenGithub)
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

export async function startGithub(): Promise<GithubFake> {
  const state = new GithubState()
  const owner = state.addUser('northwind-bot', 'admin')
  const token = 'github_pat_c4n4ry+of/github'
  const app = {
    id: '4711',
    installation: '815',
    // As GitHub hands it out.
    privateKey: keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    permissions: { members: 'write', metadata: 'read' } as Record<string, string>,
  }
  const tokens = new Map<string, string>([[token, owner.login]])
  const tokenHeaders: Record<string, string> = {}
  let given = 0
  let url = ''

  const asUser = ({ id, login }: FakeUser) => {
    const at = `${url}/users/${login}`
    return {
      ...Object.fromEntries(
        ['followers', 'subscriptions', 'organizations', 'repos', 'received_events', 'events'].map((one) => [
          `${one}_url`,
          `${at}/${one}`,
        ]),
      ),
      following_url: at,
      gists_url: at,
      starred_url: at,
      avatar_url: at,
      html_url: at,
      url: at,
      gravatar_id: '',
      node_id: `U_${id}`,
      site_admin: false,
      type: 'User',
      id,
      login,
    }
  }
  const teamParts = ({ id, name, slug, description, type }: FakeTeam) => ({
    id,
    node_id: `T_${id}`,
    name,
    slug,
    description,
    type,
    permission: 'pull',
    privacy: 'closed',
    url: `${url}/organizations/${state.organisation.id}/team/${id}`,
    html_url: url,
    members_url: url,
    repositories_url: url,
  })
  const asTeam = (team: FakeTeam) => {
    const parent = team.parent === null ? undefined : state.teams.get(team.parent)
    return { ...teamParts(team), parent: parent ? teamParts(parent) : null }
  }
  const organisation = () => {
    const at = `${url}/orgs/${state.organisation.login}`
    return {
      ...state.organisation,
      node_id: 'O_1',
      description: null,
      avatar_url: at,
      url: at,
      repos_url: at,
      events_url: at,
      hooks_url: at,
      issues_url: at,
      members_url: at,
      public_members_url: at,
    }
  }

  /** A page, with the address of the next one as GitHub writes it: by the organisation's number. */
  function paged(request: FakeRequest, items: unknown[]): FakeReply {
    const size = Math.min(state.pageSize, Number(request.query.get('per_page') ?? 30))
    const page = Number(request.query.get('page') ?? 1)
    const more = items.length > page * size
    const next = new URLSearchParams(request.query)
    next.set('page', String(page + 1))
    const path = request.path.replace(/^\/orgs\/[^/]+/, `/organizations/${state.organisation.id}`)
    return reply(
      200,
      items.slice((page - 1) * size, page * size),
      more ? { link: `<${url}${path}?${next}>; rel="next"` } : {},
    )
  }

  function graphql({ variables, query }: { query: string; variables: Record<string, string | null> }) {
    if (query !== membersQuery) return reply(200, { errors: [{ message: 'another question' }] })
    const team = state.teams.get(Number(variables.team?.slice(2)))
    if (!team) return reply(200, { data: { node: null }, errors: [{ type: 'NOT_FOUND', message: 'gone' }] })
    const effective = state.effective(team)
    const own = variables.membership === 'IMMEDIATE'
    const below = state.children(team.id).flatMap((child) => [...state.effective(child).keys()])
    const ids = own ? [...team.members.keys()] : [...new Set(below)].filter((id) => !team.members.has(id))
    const from = variables.after ? Number(variables.after) : 0
    const shown = ids.slice(from, from + state.pageSize)
    const end = from + shown.length
    return reply(200, {
      data: {
        node: {
          databaseId: team.id,
          members: {
            edges: shown.map((id) => ({
              role: effective.get(id) === 'maintainer' ? 'MAINTAINER' : 'MEMBER',
              node: { databaseId: id, login: state.users.get(id)!.login },
            })),
            pageInfo: { hasNextPage: end < ids.length, endCursor: shown.length ? String(end) : null },
          },
        },
      },
    })
  }

  function membership(request: FakeRequest, team: FakeTeam, user: FakeUser | undefined, by: string) {
    if (!user) return notFound
    const said = (found: { state: string; role: string }) =>
      reply(200, { ...found, url: `${url}${request.path}` })
    if (request.method !== 'GET' && team.synced)
      return reply(403, { message: 'Team membership is externally managed by team synchronization.' })
    switch (request.method) {
      case 'PUT':
        return said(
          state.put(
            team,
            user,
            (request.body as { role?: 'member' | 'maintainer' } | undefined)?.role ?? 'member',
            by,
          ),
        )
      case 'DELETE':
        team.members.delete(user.id)
        team.invited.delete(user.id)
        return reply(204)
      default: {
        const role = state.effective(team).get(user.id)
        if (role) return said({ state: 'active', role })
        return team.invited.has(user.id) ? said({ state: 'pending', role: 'member' }) : notFound
      }
    }
  }

  function inTeam(request: FakeRequest, team: FakeTeam, rest: string[], by: string): FakeReply {
    const [what, who] = rest
    switch (what) {
      case undefined:
        return reply(200, {
          ...asTeam(team),
          created_at: '2026-01-01T00:00:00Z',
          updated_at: '2026-01-01T00:00:00Z',
          members_count: team.members.size,
          repos_count: 0,
          organization: {
            ...organisation(),
            html_url: url,
            has_organization_projects: true,
            has_repository_projects: true,
            public_repos: 0,
            public_gists: 0,
            followers: 0,
            following: 0,
            archived_at: null,
            created_at: '2026-01-01T00:00:00Z',
            updated_at: '2026-01-01T00:00:00Z',
            type: 'Organization',
          },
        })
      case 'teams':
        return paged(request, state.children(team.id).map(asTeam))
      case 'members':
        return paged(
          request,
          [...state.effective(team).keys()].map((id) => asUser(state.users.get(id)!)),
        )
      case 'invitations':
        return paged(
          request,
          [...state.invitations.values()].filter(({ user }) => team.invited.has(user)).map(asInvitation),
        )
      case 'memberships':
        return membership(request, team, state.byLogin(decodeURIComponent(who ?? '')), by)
      case 'team-sync':
      case 'external-groups':
        return reply(200, { groups: team.synced ? [{ group_id: '1', group_name: team.synced }] : [] })
      default:
        return notFound
    }
  }

  function asInvitation({ id, user, inviter }: { id: number; user: number; inviter: string }) {
    return {
      id,
      node_id: `I_${id}`,
      login: state.users.get(user)!.login,
      email: null,
      role: 'direct_member',
      created_at: '2026-01-01T00:00:00Z',
      inviter: asUser(state.byLogin(inviter) ?? { id: 1, login: inviter }),
      team_count: [...state.teams.values()].filter((team) => team.invited.has(user)).length,
      invitation_teams_url: url,
    }
  }

  function inOrganisation(request: FakeRequest, rest: string[], by: string): FakeReply {
    const [what, which, ...more] = rest
    switch (what) {
      case undefined:
        return reply(200, organisation())
      case 'teams': {
        if (which === undefined) return paged(request, [...state.teams.values()].map(asTeam))
        const team = [...state.teams.values()].find((one) => one.slug === which)
        return team ? inTeam(request, team, more, by) : notFound
      }
      case 'team': {
        const team = state.teams.get(Number(which))
        return team ? inTeam(request, team, more, by) : notFound
      }
      case 'members': {
        const role = request.query.get('role')
        const ids = [...state.people].filter(([, one]) => role !== 'admin' || one === 'admin')
        return paged(
          request,
          ids.map(([id]) => asUser(state.users.get(id)!)),
        )
      }
      case 'memberships': {
        const user = state.byLogin(decodeURIComponent(which ?? ''))
        const role = user && state.people.get(user.id)
        if (!user || !role) return notFound
        return reply(200, {
          url,
          state: 'active',
          role,
          organization_url: url,
          organization: organisation(),
          user: asUser(user),
        })
      }
      case 'invitations':
        if (request.method === 'DELETE')
          return state.invitations.delete(Number(which)) ? reply(204) : notFound
        return paged(request, [...state.invitations.values()].map(asInvitation))
      default:
        return notFound
    }
  }

  function answer(request: FakeRequest): FakeReply {
    const [, root, ...rest] = request.path.split('/')
    const bearer = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (root === 'app') return asApp(request, rest, bearer)
    const by = tokens.get(bearer)
    if (!by) return reply(401, { message: 'Bad credentials' })
    switch (root) {
      case 'graphql':
        return graphql(request.body as Parameters<typeof graphql>[0])
      case 'user': {
        if (rest.length === 0) return reply(200, asUser(state.byLogin(by)!), tokenHeaders)
        const user = state.users.get(Number(rest[0]))
        return user && !user.hidden ? reply(200, asUser(user)) : notFound
      }
      case 'users': {
        const user = state.byLogin(decodeURIComponent(rest[0] ?? ''))
        return user && !user.hidden ? reply(200, asUser(user)) : notFound
      }
      case 'orgs':
        return rest[0]?.toLowerCase() === state.organisation.login
          ? inOrganisation(request, rest.slice(1), by)
          : notFound
      case 'organizations':
        return Number(rest[0]) === state.organisation.id
          ? inOrganisation(request, rest.slice(1), by)
          : notFound
      default:
        return notFound
    }
  }

  /** The signature was judged before, for that takes a promise. */
  const signed = new Set<string>()
  function asApp({ method }: FakeRequest, [, id, last]: string[], jwt: string): FakeReply {
    if (!signed.has(jwt)) return reply(401, { message: 'A JSON web token could not be decoded' })
    if (id !== app.installation) return notFound
    if (method === 'GET')
      return reply(200, {
        id: Number(id),
        account: state.organisation,
        app_slug: 'northwind-leases',
        permissions: app.permissions,
        suspended_at: null,
      })
    if (last !== 'access_tokens') return notFound
    given += 1
    const value = `ghs_${state.next()}`
    tokens.set(value, 'northwind-leases[bot]')
    const until = new Date(Date.now() + 3_600_000).toISOString()
    return reply(201, { token: value, expires_at: until, permissions: app.permissions })
  }

  /** GitHub documents every page of a team also by numbers; its description has them by name. */
  function described(request: FakeRequest): FakeRequest {
    const path = request.path
      .replace(/^\/organizations\/\d+\/team\/(\d+)/, '/orgs/northwind/teams/by-number-$1')
      .replace(/^\/organizations\/\d+/, '/orgs/northwind')
    return { ...request, path }
  }

  const fake = await startFake({
    answer,
    isChange: ({ method, path }) => method !== 'GET' && path !== '/graphql' && !path.startsWith('/app'),
    isAside: ({ method, path }) => method === 'POST' && path.startsWith('/app/'),
    prepare: async ({ path, headers }) => {
      if (!path.startsWith('/app/')) return
      const jwt = headers.authorization?.replace(/^Bearer /, '') ?? ''
      const judged = await jwtVerify(
        jwt,
        createPublicKey(keys.publicKey.export({ type: 'spki', format: 'pem' })),
        {
          issuer: app.id,
          algorithms: ['RS256'],
          maxTokenAge: '10m',
        },
      ).catch(() => null)
      if (judged) signed.add(jwt)
    },
    validate: (request, answered) => {
      const known = described(request)
      const wrong = byHand.validate(known, answered)
      if (wrong === null || !wrong.includes('no such operation')) return wrong
      return published ? published.validate(known, answered) : null
    },
  })
  url = fake.url
  return {
    ...fake,
    state,
    token,
    app,
    tokenHeaders,
    tokensGiven: () => given,
    published: published !== null,
  }
}
