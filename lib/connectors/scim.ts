/**
 * SCIM 2.0 (RFC 7643, RFC 7644): a user is an account, a group an entitlement, a membership what we give and take.
 * Servers differ in how they take changes; what the settings call `removal` says which way it is done here.
 */
import 'server-only'
import type { Connector } from './contract'
import { grant, revoke } from './scim/change'
import { type ScimConfig, scimConfigSchema } from './scim/config'
import { check, listHolders } from './scim/members'
import { listPage } from './scim/paging'
import { findAccount, resolveAccount } from './scim/people'
import { groupName, groupShape } from './scim/resources'
import { testConnection } from './scim/test-connection'

const foreign =
  'Another system provisions this group (it has an externalId) and may undo what is done to it here.'

export const scimConnector: Connector<ScimConfig> = {
  id: 'scim',
  name: 'SCIM 2.0',
  description: 'Leases groups of any application that has a SCIM 2.0 server.',
  category: 'directory',
  searchWords: ['RFC 7644', 'provisioning', 'groups'],
  configSchema: scimConfigSchema,
  // One change to a group at a time: the others are compared before and after each.
  limits: { concurrency: 4, perEntitlementSerial: true, requestsPerMinute: null, callTimeoutMs: 30_000 },
  capabilities: ({ effectDelaySeconds, removal }) => ({
    catalogSync: true,
    listHolders: true,
    check: effectDelaySeconds > 0 ? 'eventual' : 'strong',
    asyncGrant: false,
    nativeExpiry: false,
    sessionKill: false,
    replacesWholeSet: removal === 'replace-all',
    effectDelay: effectDelaySeconds * 1000,
  }),
  residue: () =>
    'Sessions that are already running may go on until the application looks at its groups again or ends them.',
  target: ({ baseUrl }) => baseUrl,
  testConnection,
  async listEntitlements(ctx, { cursor }) {
    const { items, next } = await listPage(ctx, { kind: 'Groups', shape: groupShape }, cursor)
    return {
      items: items.map((group) => ({
        id: group.id,
        name: groupName(group),
        ...(group.externalId && !ctx.config.provisioned
          ? { requestable: false, reason: foreign }
          : { requestable: true }),
      })),
      next,
    }
  },
  resolveAccount,
  findAccount,
  grant,
  revoke,
  check,
  listHolders,
}
