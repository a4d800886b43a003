import { randomUUID } from 'node:crypto'
import { webhookConnector } from '../webhook'
import { newSigningSecret, startTarget } from './target'
import { type Person, pauseOf, type World } from './world'

/** A world behind a signed webhook. */
export async function webhookWorld(): Promise<World> {
  const target = await startTarget()
  const { state } = target
  state.pageSize = 2
  const settings = {
    url: target.url,
    secret: target.secret,
    effectDelaySeconds: 0,
    endsSessions: true,
    listsHolders: true,
  }
  const wrong = newSigningSecret()
  const closed = await startTarget()
  await closed.close()

  return {
    against: 'a receiver of the protocol in the tests’ own process',
    connector: webhookConnector,
    settings,
    identity: 'test target',
    wrongCredential: { ...settings, secret: wrong },
    unreachable: { ...settings, url: closed.url },
    canaries: [target.secret, wrong, target.secret.slice(6), wrong.slice(6)],
    morePerPage: 5,
    addEntitlement: async (name = `group ${randomUUID()}`) => state.addEntitlement({ name }),
    addUnmanaged: async () =>
      state.addEntitlement({ name: `synced ${randomUUID()}`, requestable: false, reason: 'Synced from HR.' }),
    async addPerson({ awkward } = {}): Promise<Person> {
      const name = awkward ? `Zoë "Z" O'Neil; \\ ${randomUUID()}` : `Person ${randomUUID()}`
      const email = `${randomUUID()}@example.com`
      const account = state.addAccount({ email, name })
      return { person: { email, name }, account: { id: account.id, name, email } }
    },
    async addTwins() {
      const email = `${randomUUID()}@example.com`
      state.addAccount({ email, name: 'one' })
      state.addAccount({ email, name: 'two' })
      return { email, name: 'Twin' }
    },
    async holdIndirectly(entitlement, account) {
      state.hold(entitlement.id, account.id, { state: 'indirect', via: 'everyone' })
      return 'everyone'
    },
    async holdDirectly(entitlement, accounts) {
      for (const { id } of accounts) state.hold(entitlement.id, id, { state: 'direct' })
    },
    removeAccount: async ({ id }) => void state.accounts.delete(id),
    removeEntitlement: async ({ id }) => void state.entitlements.delete(id),
    renameEntitlement: async ({ id }, name) => {
      state.entitlements.get(id)!.name = name
    },
    holders: async ({ id }) => state.holders(id),
    async faulty(kind) {
      const faults = {
        lose: { kind: 'hang', at: 'after' },
        cut: { kind: 'reset', at: 'after' },
        late: { kind: 'late' },
        hang: { kind: 'hang', at: 'before' },
      } as const
      target.fault(faults[kind])
      const next = target.calls.length + 1
      return { settings, reached: () => target.received(next), landed: async () => target.land() }
    },
    async throttle(spelling) {
      target.fault({ kind: 'status', status: 429, headers: { 'retry-after': pauseOf(spelling) } })
    },
    close: target.close,
  }
}
