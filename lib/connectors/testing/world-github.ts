import { randomUUID } from 'node:crypto'
import type { ConnectorAccount } from '../contract'
import { githubConnector } from '../github'
import { type GithubFake, startGithub } from './fake-github'
import type { FakeTeam } from './github-state'
import { type Person, pauseOf, type World } from './world'

export interface GithubWorld extends World {
  github: GithubFake
}

/** A world behind a fake GitHub, signed in to with an owner's token. */
export async function githubWorld(): Promise<GithubWorld> {
  const github = await startGithub()
  const { state, token, published } = github
  const settings = {
    organisation: state.organisation.login,
    auth: 'token',
    token,
    invites: false,
    identityProvider: 'none',
    apiUrl: github.url,
  }
  const wrong = `github_pat_${randomUUID()}`
  const closed = await startGithub()
  await closed.close()

  const teamOf = (id: string) => state.teams.get(Number(id.split('/')[1]))!
  const entitlementOf = ({ id, name }: FakeTeam) => ({ id: `${state.organisation.id}/${id}`, name })
  const accountOf = (user: { id: number; login: string }): ConnectorAccount => ({
    id: String(user.id),
    name: user.login,
  })

  return {
    github,
    against: published
      ? 'a fake checked against GitHub’s published description, and one written by hand for what that leaves out'
      : 'a fake checked against a description written by hand, for parts of the API only',
    ...(published ? {} : { unchecked: 'GitHub’s published description is not beside this checkout' }),
    connector: githubConnector,
    settings,
    identity: 'northwind-bot',
    wrongCredential: { ...settings, token: wrong },
    unreachable: { ...settings, apiUrl: closed.url },
    canaries: [token, wrong],
    morePerPage: state.pageSize + 2,
    knowsNoAddresses: true,
    addEntitlement: async (name = `team ${randomUUID()}`) => entitlementOf(state.addTeam(name)),
    addUnmanaged: async () => entitlementOf(state.addTeam(`all ${randomUUID()}`, { type: 'enterprise' })),
    async addPerson({ awkward } = {}): Promise<Person> {
      const login = `${awkward ? 'O-Neil' : 'person'}-${randomUUID()}${awkward ? '_nw' : ''}`
      return {
        person: { email: `${login}@example.com`, name: login },
        account: accountOf(state.addUser(login)),
      }
    },
    addTwins: async () => ({ email: 'twin@example.com', name: 'Twin' }),
    async holdIndirectly({ id }, account) {
      const child = state.addTeam(`child ${randomUUID()}`, { parent: teamOf(id).id })
      const below = state.addTeam(`below ${randomUUID()}`, { parent: child.id })
      below.members.set(Number(account.id), 'member')
      return child.name
    },
    async holdDirectly({ id }, accounts) {
      for (const account of accounts) teamOf(id).members.set(Number(account.id), 'member')
    },
    removeAccount: async ({ id }) => state.removeUser(Number(id)),
    removeEntitlement: async ({ id }) => void state.teams.delete(teamOf(id).id),
    renameEntitlement: async ({ id }, name) => state.rename(teamOf(id).id, name),
    holders: async ({ id }) => [...teamOf(id).members.keys()].map(String).sort(),
    async faulty(kind) {
      github.fault({ kind })
      const next = github.count() + 1
      return { settings, reached: () => github.received(next), landed: async () => github.land() }
    },
    async throttle(spelling) {
      const headers = { 'retry-after': pauseOf(spelling) }
      github.fault({ kind: 'reply', reply: { status: 403, headers, body: { message: 'Slow down' } } })
    },
    problems: () => github.problems,
    close: github.close,
  }
}
