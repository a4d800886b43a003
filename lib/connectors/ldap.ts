/**
 * LDAP directories, OpenLDAP and Active Directory: a person's entry is an account, a group an
 * entitlement, being named in the group what we give and take. Entries are pinned by the id that
 * stays when they are renamed or moved.
 */
import 'server-only'
import { type Connector, ConnectorError, type Holding } from './contract'
import { type Ctx, withDirectory } from './ldap/client'
import { isActiveDirectory, type LdapConfig, ldapConfigSchema } from './ldap/config'
import { entitlementOf, unmanagedReason } from './ldap/entries'
import { findAccount, findAccounts, findGroup, resolveAccount } from './ldap/find'
import { listGroups, listHolders } from './ldap/lists'
import { addMember, holdsDirectly, removeMember } from './ldap/members'
import { isPrimaryGroup, PRIMARY_GROUP, viaGroups } from './ldap/nested'
import { testConnection } from './ldap/test-connection'

type Pair = Parameters<Connector<LdapConfig>['check']>[1]

const quoted = (names: string[]) => names.map((name) => `“${name}”`).join(', ')

async function grant(ctx: Ctx, args: Pair) {
  return withDirectory(ctx, async (directory) => {
    const group = await findGroup(directory, args.entitlement)
    const reason = unmanagedReason(group, ctx.config)
    if (reason) {
      const { name } = entitlementOf(group, ctx.config)
      throw new ConnectorError('entitlement_unmanaged', `The group “${name}” is never leased. ${reason}`)
    }
    // Found first: OpenLDAP takes names of nobody without a word.
    const account = await findAccount(directory, args.account)
    return { state: 'done' as const, changed: await addMember(directory, group, account) }
  })
}

async function revoke(ctx: Ctx, args: Pair) {
  return withDirectory(ctx, async (directory) => {
    const group = await findGroup(directory, args.entitlement)
    const account = await findAccount(directory, args.account)
    return { state: 'done' as const, changed: await removeMember(directory, group, account) }
  })
}

async function check(ctx: Ctx, args: Pair): Promise<Holding> {
  return withDirectory(ctx, async (directory) => {
    const group = await findGroup(directory, args.entitlement)
    const account = await findAccount(directory, args.account)
    if (await holdsDirectly(directory, group, account)) return { state: 'direct' }
    if (isPrimaryGroup(directory, group, account)) {
      return { state: 'indirect', via: PRIMARY_GROUP, detail: 'It is the account’s primary group.' }
    }
    const via = await viaGroups(directory, group, account)
    if (via.length === 0) return { state: 'absent' }
    return { state: 'indirect', via: via.join(', '), detail: `Through ${quoted(via)}.` }
  })
}

export const ldapConnector: Connector<LdapConfig> = {
  id: 'ldap',
  name: 'LDAP or Active Directory',
  description: 'Leases groups of an LDAP directory, such as OpenLDAP or Active Directory.',
  category: 'directory',
  searchWords: ['OpenLDAP', 'AD', 'Microsoft', 'Samba', '389 Directory Server', 'FreeIPA'],
  configSchema: ldapConfigSchema,
  limits: { concurrency: 4, perEntitlementSerial: false, requestsPerMinute: null, callTimeoutMs: 15_000 },
  capabilities: () => ({
    catalogSync: true,
    listHolders: true,
    check: 'strong',
    asyncGrant: false,
    nativeExpiry: false,
    sessionKill: false,
    replacesWholeSet: false,
    effectDelay: 0,
  }),
  residue: (config) =>
    isActiveDirectory(config)
      ? 'Sessions that are open, and Kerberos tickets issued before, keep the group until they end, tickets usually within 10 hours.'
      : 'A system that reads the group only at sign-in keeps the access in sessions that are already open.',
  target: ({ host, port, groupsBase }) => `${host.includes(':') ? `[${host}]` : host}:${port}/${groupsBase}`,
  testConnection,
  listEntitlements: listGroups,
  resolveAccount: (ctx, { person }) =>
    withDirectory(ctx, (directory) => resolveAccount(directory, person.email)),
  findAccount: (ctx, { text }) => withDirectory(ctx, (directory) => findAccounts(directory, text)),
  grant,
  revoke,
  check,
  listHolders,
}
