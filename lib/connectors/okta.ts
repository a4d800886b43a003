/**
 * Okta groups (https://developer.okta.com/docs/api/): a user is an account, a group of type OKTA_GROUP that no rule
 * feeds an entitlement, a membership what we give and take. Assigning applications is left out: taking an
 * assignment away can delete the account in the application.
 */
import 'server-only'
import type { Connector } from './contract'
import { baseUrl, type OktaConfig, oktaConfigSchema } from './okta/config'
import { listEntitlements } from './okta/groups'
import { check, endSessions, grant, listHolders, revoke } from './okta/members'
import { findAccount, resolveAccount } from './okta/people'
import { testConnection } from './okta/test-connection'

export const oktaConnector: Connector<OktaConfig> = {
  id: 'okta',
  name: 'Okta',
  description: 'Leases groups of an Okta organisation.',
  category: 'directory',
  searchWords: ['sso', 'identity provider', 'workforce identity'],
  configSchema: oktaConfigSchema,
  // Okta counts by kind of request, on the smallest plan 100 a minute of each; ours spread over three kinds.
  // https://developer.okta.com/docs/reference/rl-global-mgmt/
  limits: { concurrency: 4, perEntitlementSerial: false, requestsPerMinute: 240, callTimeoutMs: 20_000 },
  capabilities: (config) => ({
    catalogSync: true,
    listHolders: true,
    check: 'eventual',
    asyncGrant: false,
    nativeExpiry: false,
    sessionKill: config.endSessions,
    replacesWholeSet: false,
    effectDelay: 60_000,
  }),
  residue: (config) =>
    config.endSessions
      ? 'All Okta sessions of the account are ended with the access; sessions that are open in applications end by their own rules.'
      : 'Sessions that are open in Okta and in applications go on and end by their own rules.',
  target: (config) => baseUrl(config),
  testConnection,
  listEntitlements,
  resolveAccount,
  findAccount,
  grant,
  revoke,
  endSessions,
  check,
  listHolders,
}
