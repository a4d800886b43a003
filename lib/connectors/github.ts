/**
 * Teams of a GitHub organisation (REST API 2022-11-28, https://docs.github.com/rest/teams/members). Teams and accounts
 * are pinned by their numbers and acted on by them; the one name in a change is the login, read a moment before.
 */
import 'server-only'
import type { Connector, ConnectorAccount } from './contract'
import { type GithubConfig, githubConfigSchema, restBase } from './github/config'
import { type User, userById, userByLogin } from './github/ids'
import { accountOf, holders, teams } from './github/lists'
import { add, look, remove } from './github/memberships'
import { organisationMembership, organisationOf } from './github/organisation'
import { testConnection } from './github/test-connection'

/** GitHub's own forms of a login: letters, digits and hyphens, and an underscore before a managed user's suffix. */
const isLogin = (text: string) => /^[A-Za-z\d][A-Za-z\d_-]{0,98}$/.test(text)

export const githubConnector: Connector<GithubConfig> = {
  id: 'github',
  name: 'GitHub',
  description: 'Adds people to teams of a GitHub organisation and removes them.',
  category: 'code',
  searchWords: ['git', 'repository', 'repositories', 'team', 'source code', 'github enterprise'],
  configSchema: githubConfigSchema,
  // GitHub wants changes one after another and allows 5,000 requests an hour; a call is about four.
  limits: { concurrency: 2, perEntitlementSerial: false, requestsPerMinute: 60, callTimeoutMs: 20_000 },

  capabilities: () => ({
    catalogSync: true,
    listHolders: true,
    check: 'eventual',
    asyncGrant: false,
    nativeExpiry: false,
    sessionKill: false,
    replacesWholeSet: false,
    effectDelay: 10_000,
  }),

  residue: ({ invites }) =>
    invites
      ? 'What was cloned stays with the person, and whoever accepted an invitation stays a member of the organisation.'
      : 'What was cloned stays with the person.',

  target: (config) => `${new URL(restBase(config)).host}/${config.organisation}`,

  testConnection,

  listEntitlements: (ctx, { cursor }) => teams(ctx, cursor),

  /** GitHub tells no addresses: people say which login is theirs, and it is looked up by `findAccount`. */
  resolveAccount: async () => ({ kind: 'missing' }),

  async findAccount(ctx, { text }) {
    const sought = text.trim().replace(/^@/, '')
    if (!isLogin(sought)) return []
    const found: User[] = []
    for (const user of [await userByLogin(ctx, sought), await userById(ctx, sought)])
      if (user?.type === 'User' && !found.some((one) => one.id === user.id)) found.push(user)
    if (ctx.config.invites || found.length === 0) return found.map(accountOf)
    const { id } = await organisationOf(ctx)
    const members: ConnectorAccount[] = []
    for (const user of found)
      if (await organisationMembership(ctx, id, user.login)) members.push(accountOf(user))
    return members
  },

  grant: add,
  revoke: remove,
  check: async (ctx, args) => (await look(ctx, args)).holding,
  listHolders: (ctx, { entitlement, cursor }) => holders(ctx, entitlement, cursor),
}
