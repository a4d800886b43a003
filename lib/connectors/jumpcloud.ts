/**
 * JumpCloud user groups (https://docs.jumpcloud.com/api/2.0): a user is an account, a user group an entitlement, a
 * membership of one step what we give and take.
 */
import 'server-only'
import type { Connector } from './contract'
import { baseUrl, type JumpCloudConfig, jumpcloudConfigSchema } from './jumpcloud/config'
import { listEntitlements } from './jumpcloud/groups'
import { check, grant, listHolders, revoke } from './jumpcloud/members'
import { findAccount, resolveAccount } from './jumpcloud/people'
import { testConnection } from './jumpcloud/test-connection'

export const jumpcloudConnector: Connector<JumpCloudConfig> = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  description: 'Leases user groups of a JumpCloud organisation.',
  category: 'directory',
  searchWords: ['directory', 'sso', 'identity provider'],
  configSchema: jumpcloudConfigSchema,
  // JumpCloud publishes no rate: this one is ours, and 429 is obeyed.
  limits: { concurrency: 4, perEntitlementSerial: false, requestsPerMinute: 300, callTimeoutMs: 20_000 },
  capabilities: () => ({
    catalogSync: true,
    listHolders: true,
    check: 'eventual',
    asyncGrant: false,
    nativeExpiry: false,
    sessionKill: false,
    replacesWholeSet: false,
    effectDelay: 60_000,
  }),
  residue: () =>
    'Applications and devices that JumpCloud serves from the group follow when JumpCloud next syncs them, and sessions already open there end by their own rules.',
  target: (config) => {
    const { host } = new URL(baseUrl(config))
    return config.organisationId ? `${host}/${config.organisationId}` : host
  },
  testConnection,
  listEntitlements,
  resolveAccount,
  findAccount,
  grant,
  revoke,
  check,
  listHolders,
}
