import { randomUUID } from 'node:crypto'
import { jumpcloudConnector } from '../jumpcloud'
import { startJumpCloud } from './fake-jumpcloud'
import { type Person, pauseOf, type World } from './world'

/** A world behind a fake JumpCloud, signed in to with a service account. */
export async function jumpcloudWorld(): Promise<World> {
  const jumpcloud = await startJumpCloud()
  const { state, published } = jumpcloud
  const settings = {
    region: 'US',
    auth: 'service account',
    clientId: state.clientId,
    clientSecret: state.clientSecret,
    apiAddress: jumpcloud.url,
  }
  const wrong = randomUUID()
  const closed = await startJumpCloud()
  await closed.close()

  const addPerson = async ({ awkward }: { awkward?: boolean } = {}): Promise<Person> => {
    const displayname = awkward ? `Zoë "Z" O'Neil; \\ ${randomUUID()}` : `Person ${randomUUID()}`
    const email = `${awkward ? "o'neil+" : ''}${randomUUID()}@example.com`
    const { _id } = state.addUser({ email, displayname })
    return { person: { email, name: displayname }, account: { id: _id, name: displayname, email } }
  }

  return {
    against: published
      ? 'a fake checked against JumpCloud’s published description (v2), and one written by hand (v1)'
      : 'a fake checked against a description written by hand (v1) only',
    ...(published ? {} : { unchecked: 'JumpCloud’s published description is not beside this checkout' }),
    connector: jumpcloudConnector,
    settings,
    identity: 'Northwind',
    wrongCredential: { ...settings, clientSecret: wrong },
    unreachable: { ...settings, apiAddress: closed.url },
    canaries: [state.clientSecret, wrong],
    morePerPage: 101,
    addEntitlement: async (name = `group ${randomUUID()}`) => {
      const { id } = state.addGroup({ name })
      return { id, name }
    },
    addUnmanaged: async () => {
      const { id, name } = state.addGroup({
        name: `rule ${randomUUID()}`,
        membershipMethod: 'DYNAMIC_AUTOMATED',
      })
      return { id, name }
    },
    addPerson,
    async addTwins() {
      const email = `Twin.${randomUUID()}@example.com`
      state.addUser({ email, displayname: 'one' })
      state.addUser({ email: email.toLowerCase(), displayname: 'two' })
      return { email, name: 'Twin' }
    },
    async holdIndirectly(entitlement, account) {
      const inner = state.addGroup({ name: `inner ${randomUUID()}` })
      state.members.get(inner.id)!.add(account.id)
      state.nested.set(entitlement.id, new Set([inner.id]))
      return inner.name
    },
    async holdDirectly(entitlement, accounts) {
      for (const { id } of accounts) state.members.get(entitlement.id)!.add(id)
    },
    removeAccount: async ({ id }) => state.removeUser(id),
    removeEntitlement: async ({ id }) => state.removeGroup(id),
    renameEntitlement: async ({ id }, name) => {
      state.groups.get(id)!.name = name
    },
    holders: async ({ id }) => [...(state.members.get(id) ?? [])].sort(),
    async faulty(kind) {
      jumpcloud.fault({ kind })
      const next = jumpcloud.count() + 1
      return { settings, reached: () => jumpcloud.received(next), landed: async () => jumpcloud.land() }
    },
    async throttle(spelling) {
      const headers = { 'retry-after': pauseOf(spelling) }
      jumpcloud.fault({
        kind: 'reply',
        reply: { status: 429, headers, body: { message: 'Too Many Requests' } },
      })
    },
    problems: () => jumpcloud.problems,
    close: jumpcloud.close,
  }
}
