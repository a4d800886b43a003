/**
 * Groups of Microsoft Entra ID over Microsoft Graph 1.0 (https://learn.microsoft.com/graph/api/resources/group), given
 * by membership or by an assignment of Privileged Identity Management.
 */
import 'server-only'
import { type Connector, ConnectorError } from './contract'
import { type EntraConfig, entraConfigSchema, graphBase } from './entra/config'
import { bodyOf, request } from './entra/graph'
import { groups, holders } from './entra/lists'
import { EFFECT_DELAY_MS, look } from './entra/look'
import { add, remove } from './entra/members'
import { find, resolve } from './entra/objects'
import { assign, follow, unassign } from './entra/pim'
import { testConnection } from './entra/test-connection'

export const entraConnector: Connector<EntraConfig> = {
  id: 'entra',
  name: 'Microsoft Entra',
  description: 'Adds people to groups of Microsoft Entra ID and removes them, plainly or through PIM.',
  category: 'directory',
  searchWords: ['azure', 'azure ad', 'aad', 'active directory', 'microsoft 365', 'office', 'pim', 'graph'],
  configSchema: entraConfigSchema,
  limits: { concurrency: 4, perEntitlementSerial: false, requestsPerMinute: 120, callTimeoutMs: 20_000 },

  capabilities: ({ mode, endsSessions }) => ({
    catalogSync: true,
    listHolders: true,
    check: 'eventual',
    asyncGrant: mode === 'pim',
    nativeExpiry: mode === 'pim',
    sessionKill: endsSessions,
    replacesWholeSet: false,
    effectDelay: EFFECT_DELAY_MS,
  }),

  residue: ({ endsSessions }) =>
    endsSessions
      ? 'The person is signed out everywhere, yet access tokens that applications hold already may work for up to a day.'
      : 'Applications see the change with their next token, as a rule within an hour or so; sessions already open may go on.',

  target: (config) => `${new URL(graphBase(config)).host}/${config.tenant}`,

  testConnection,
  listEntitlements: (ctx, { cursor }) => groups(ctx, cursor),
  resolveAccount: (ctx, { person }) => resolve(ctx, person.email),
  findAccount: (ctx, { text }) => find(ctx, text),
  grant: (ctx, args) => (ctx.config.mode === 'pim' ? assign(ctx, args) : add(ctx, args)),
  revoke: (ctx, args) => (ctx.config.mode === 'pim' ? unassign(ctx, args) : remove(ctx, args)),
  poll: (ctx, { token }) => follow(ctx, token),
  check: look,
  listHolders: (ctx, { entitlement, cursor }) => holders(ctx, entitlement, cursor),

  /** Entra tells no number: one order is given, for all sign-ins of the account. */
  async endSessions(ctx, { account }) {
    if (!ctx.config.endsSessions) return { ended: 0 }
    const path = `/users/${encodeURIComponent(account.id)}/revokeSignInSessions`
    const answer = await request(ctx, { method: 'POST', path })
    if (answer.status === 404)
      throw new ConnectorError('principal_missing', `The account ${account.name} no longer exists in Entra.`)
    return { ended: bodyOf<{ value: boolean }>(answer).value ? 1 : 0 }
  },
}
