import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { oktaConnector } from '../okta'
import { startOkta } from './fake-okta'
import { type Person, pauseOf, type World } from './world'

/** A world behind a fake Okta, signed in to with a service app's private key. */
export async function oktaWorld(): Promise<World> {
  const okta = await startOkta()
  const { state, published } = okta
  const settings = {
    orgUrl: okta.url,
    auth: 'private key',
    clientId: state.clientId,
    privateKey: state.privateKey,
    keyId: state.keyId,
    endSessions: true,
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const wrong = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const closed = await startOkta()
  await closed.close()
  /** A line out of the middle of a key: nothing of it may show. */
  const lineOf = (pem: string) => pem.split('\n')[5]!

  return {
    against: published
      ? 'a fake checked against Okta’s published description (groups, members), and one written by hand (the rest)'
      : 'a fake checked against a description written by hand (users, rules, sessions) only',
    ...(published ? {} : { unchecked: 'Okta’s published description is not beside this checkout' }),
    connector: oktaConnector,
    settings,
    identity: `app ${state.clientId}`,
    wrongCredential: { ...settings, privateKey: wrong },
    unreachable: { ...settings, orgUrl: closed.url },
    canaries: [lineOf(state.privateKey), lineOf(wrong)],
    morePerPage: 201,
    addEntitlement: async (name = `group ${randomUUID()}`) => {
      const { id } = state.addGroup(name)
      return { id, name }
    },
    addUnmanaged: async () => {
      const name = `fed ${randomUUID()}`
      const { id } = state.addGroup(name)
      state.addRule(`everybody in ${name}`, id)
      return { id, name }
    },
    async addPerson({ awkward } = {}): Promise<Person> {
      const email = `${randomUUID()}@example.com`
      const login = awkward ? `Zoë "Z" O'Neil; \\ ${email}` : `login.${email}`
      const { id } = state.addUser({ email, login })
      return { person: { email, name: login }, account: { id, name: login, email } }
    },
    async addTwins() {
      const email = `${randomUUID()}@example.com`
      state.addUser({ email, login: `one.${email}` })
      state.addUser({ email: email.toUpperCase(), login: `two.${email}` })
      return { email, name: 'Twin' }
    },
    async holdDirectly(entitlement, accounts) {
      for (const { id } of accounts) state.members.get(entitlement.id)!.add(id)
    },
    removeAccount: async ({ id }) => state.removeUser(id),
    removeEntitlement: async ({ id }) => state.removeGroup(id),
    renameEntitlement: async ({ id }, name) => {
      state.groups.get(id)!.profile.name = name
    },
    holders: async ({ id }) => [...(state.members.get(id) ?? [])].sort(),
    async faulty(kind) {
      okta.fault({ kind })
      const next = okta.count() + 1
      return { settings, reached: () => okta.received(next), landed: async () => okta.land() }
    },
    async throttle(spelling) {
      const headers = { 'x-rate-limit-limit': '0', 'x-rate-limit-reset': pauseOf(spelling) }
      okta.fault({ kind: 'reply', reply: { status: 429, headers, body: { errorCode: 'E0000047' } } })
    },
    problems: () => okta.problems,
    close: okta.close,
  }
}
