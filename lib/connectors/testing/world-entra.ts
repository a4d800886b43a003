import { randomUUID } from 'node:crypto'
import type { ConnectorAccount } from '../contract'
import { entraConnector } from '../entra'
import type { EntraConfig } from '../entra/config'
import type { Group, User } from '../entra/objects'
import { startEntra } from './fake-entra'
import { type Person, pauseOf, type World } from './world'

/** A world behind a fake Entra, by plain membership or by PIM. */
export async function entraWorld(mode: EntraConfig['mode'] = 'membership'): Promise<World> {
  const entra = await startEntra()
  const { state, tenant, clientId, secret } = entra
  const settings = {
    tenant,
    clientId,
    auth: 'secret',
    clientSecret: secret,
    mode,
    endsSessions: false,
    cloud: 'global',
    address: entra.url,
  }
  const wrong = `wr0ng~${randomUUID()}`
  const closed = await startEntra()
  await closed.close()
  const entitlementOf = ({ id, displayName }: Group) => ({ id, name: displayName })
  const accountOf = ({ id, userPrincipalName, mail }: User): ConnectorAccount => ({
    id,
    name: userPrincipalName,
    ...(mail ? { email: mail } : {}),
  })

  return {
    against: 'a fake checked against a description of Graph written by hand, not Microsoft’s own',
    connector: entraConnector,
    settings,
    identity: 'Leasehold',
    wrongCredential: { ...settings, clientSecret: wrong },
    unreachable: { ...settings, address: closed.url },
    canaries: [secret, wrong],
    morePerPage: state.pageSize + 2,
    addEntitlement: async (name = `group ${randomUUID()}`) => entitlementOf(state.addGroup(name)),
    addUnmanaged: async () =>
      entitlementOf(state.addGroup(`all ${randomUUID()}`, { groupTypes: ['DynamicMembership'] })),
    async addPerson({ awkward } = {}): Promise<Person> {
      const email = `${awkward ? "zoë.o'neil" : 'person'}-${randomUUID()}@example.com`
      // A guest: known by an address, signing in by a name made of it.
      const userPrincipalName = awkward ? `${email.replace('@', '_')}#EXT#@northwind.onmicrosoft.com` : email
      const user = state.addUser({ userPrincipalName, mail: email })
      return { person: { email, name: user.displayName ?? email }, account: accountOf(user) }
    },
    async addTwins() {
      const email = `twin-${randomUUID()}@example.com`
      state.addUser({ userPrincipalName: email, mail: null })
      state.addUser({ userPrincipalName: `${randomUUID()}@example.com`, mail: email.toUpperCase() })
      return { email, name: 'Twin' }
    },
    async holdIndirectly({ id }, account) {
      const inner = state.addGroup(`inner ${randomUUID()}`)
      state.add(inner.id, account.id)
      state.add(id, inner.id)
      return inner.displayName
    },
    async holdDirectly({ id }, accounts) {
      for (const account of accounts) state.add(id, account.id)
    },
    removeAccount: async ({ id }) => state.removeUser(id),
    removeEntitlement: async ({ id }) => state.removeGroup(id),
    renameEntitlement: async ({ id }, name) => {
      state.groups.get(id)!.displayName = name
    },
    holders: async ({ id }) =>
      [...(state.members.get(id) ?? [])].filter((one) => state.users.has(one)).sort(),
    async faulty(kind) {
      entra.fault({ kind })
      const next = entra.count() + 1
      return { settings, reached: () => entra.received(next), landed: async () => entra.land() }
    },
    async throttle(spelling) {
      const headers = { 'retry-after': pauseOf(spelling) }
      const body = { error: { code: 'TooManyRequests', message: 'Slow down.' } }
      entra.fault({ kind: 'reply', reply: { status: 429, headers, body } })
    },
    problems: () => entra.problems,
    close: entra.close,
  }
}
