/** Calls of the SCIM connector on servers of every kind of manners, for tests. */
import { randomUUID } from 'node:crypto'
import { createEgress } from '@/lib/egress'
import { callConnector } from '../call'
import type {
  ConnectorAccount,
  ConnectorContext,
  ConnectorEntitlement,
  ListedEntitlement,
  Page,
} from '../contract'
import { scimConnector as connector } from '../scim'
import type { ScimConfig } from '../scim/config'
import type { ScimManners, ScimRequest } from './scim-server'
import { type ScimWorld, scimWorld } from './world-scim'

let egress = createEgress(['loopback'])
const worlds = new Map<ScimManners, Promise<ScimWorld>>()

/** For the end of a test file. */
export async function closeScimWorlds(): Promise<void> {
  for (const world of worlds.values()) await (await world).close()
  worlds.clear()
  await egress.close()
  // Files that share a process share this module: the next one begins anew.
  egress = createEgress(['loopback'])
}

export interface Pair {
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

/** One world per manners, and the calls on it with some settings changed. */
export async function onScim(manners: ScimManners, overrides: Partial<ScimConfig> = {}) {
  if (!worlds.has(manners)) worlds.set(manners, scimWorld(manners))
  const world = await worlds.get(manners)!
  const { server } = world
  const config = { ...(world.byToken as unknown as ScimConfig), pageSize: 50, ...overrides }
  const call = <Result>(
    attempt: (ctx: ConnectorContext<ScimConfig>) => Promise<Result>,
    effect: 'change' | 'look',
  ) =>
    callConnector(attempt, {
      connector,
      config,
      operationId: randomUUID(),
      effect,
      egress,
      now: () => new Date(),
      timeoutMs: 5000,
    })
  const pair = async (): Promise<Pair> => ({
    entitlement: await world.addEntitlement(),
    account: (await world.addPerson()).account,
  })
  return {
    world,
    server,
    store: server.store,
    config,
    call,
    pair,
    grant: (args: Pair) =>
      call((ctx) => connector.grant(ctx, { grantId: 'g', endsAt: null, ...args }), 'change'),
    revoke: (args: Pair) => call((ctx) => connector.revoke(ctx, { grantId: 'g', ...args }), 'change'),
    check: (args: Pair) => call((ctx) => connector.check(ctx, args), 'look'),
    resolve: (email: string) =>
      call((ctx) => connector.resolveAccount(ctx, { person: { email, name: '' } }), 'look'),
    find: (text: string) => call((ctx) => connector.findAccount!(ctx, { text }), 'look'),
    testConnection: () => call((ctx) => connector.testConnection(ctx), 'look'),
    /** The changes asked for while something runs. */
    changesOf: async (run: () => Promise<unknown>): Promise<ScimRequest[]> => {
      const before = server.requests.length
      await run().catch(() => {})
      return server.requests.slice(before).filter(({ method }) => method !== 'GET')
    },
    catalogue: async () => {
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const from: string | null = cursor
        const page: Page<ListedEntitlement> = await call(
          (ctx) => connector.listEntitlements(ctx, { cursor: from }),
          'look',
        )
        ids.push(...page.items.map((item) => item.id))
        cursor = page.next
      } while (cursor !== null)
      return ids
    },
  }
}
