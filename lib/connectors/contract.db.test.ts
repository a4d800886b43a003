/**
 * What every connector has to keep, on a real target. An entry of the registry without a world here
 * does not compile.
 */
import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { slapdTrouble } from '../../scripts/lib/slapd.mjs'
import { callConnector } from './call'
import type { AnyConnector, ConnectorConfig, ConnectorContext, Page } from './contract'
import { ConnectorError } from './contract'
import type { ConnectorId } from './registry'
import { sambaTrouble } from './testing/samba'
import { pauseSpellings, type World } from './testing/world'
import { entraWorld } from './testing/world-entra'
import { githubWorld } from './testing/world-github'
import { jumpcloudWorld } from './testing/world-jumpcloud'
import { ldapWorld } from './testing/world-ldap'
import { oktaWorld } from './testing/world-okta'
import { postgresWorld } from './testing/world-postgres'
import { sambaWorld } from './testing/world-samba'
import { scimWorld } from './testing/world-scim'
import { webhookWorld } from './testing/world-webhook'

const worlds: Record<ConnectorId, () => Promise<World>> = {
  entra: () => entraWorld(),
  jumpcloud: jumpcloudWorld,
  github: githubWorld,
  ldap: () => ldapWorld(),
  okta: oktaWorld,
  postgres: () => postgresWorld(process.env.TEST_ADMIN_URL ?? ''),
  scim: () => scimWorld(),
  webhook: webhookWorld,
}

/** Why a world cannot be made on this machine; its tests are then skipped, visibly. */
const missing: Record<string, string | null> = {
  ldap: slapdTrouble(),
  'ldap on a Samba domain controller': sambaTrouble(),
}

/** The same connectors set up another way. */
const others: Record<string, () => Promise<World>> = {
  'entra by PIM': () => entraWorld('pim'),
  'ldap on a Samba domain controller': () => sambaWorld(),
}

const egress = createEgress(['loopback'])
afterAll(() => egress.close())

describe.each(Object.entries({ ...worlds, ...others }))('%s', (name, open) => {
  let world: World
  let connector: AnyConnector
  const said: string[] = []

  beforeAll(async () => {
    if (missing[name]) return
    world = await open()
    connector = world.connector
    // A domain controller takes its time to be made.
  }, 300_000)
  afterAll(() => world?.close())
  beforeEach(({ skip }) => {
    if (missing[name]) skip(missing[name])
  })

  interface How {
    effect?: 'change' | 'look'
    settings?: ConnectorConfig
    timeoutMs?: number
    signal?: AbortSignal
  }

  const call = <Result>(
    attempt: (connector: AnyConnector, ctx: ConnectorContext<ConnectorConfig>) => Promise<Result>,
    { effect = 'look', settings = world.settings, ...how }: How = {},
  ) =>
    callConnector((ctx) => attempt(connector, ctx), {
      connector,
      config: settings,
      operationId: randomUUID(),
      effect,
      egress,
      now: () => new Date(),
      log: (message, fields) => said.push(message, inspect(fields, { depth: 9 })),
      ...how,
    })

  /** The error of a call that must fail; everything it says is kept for the canary test. */
  const failure = async (running: Promise<unknown>): Promise<ConnectorError> => {
    const error = await running.then(
      (value) => expect.fail(`should have failed, but gave ${inspect(value)}`),
      (caught: unknown) => caught,
    )
    expect(error).toBeInstanceOf(ConnectorError)
    said.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error))
    return error as ConnectorError
  }

  const grant = (args: Pair, how?: How) =>
    call((c, ctx) => c.grant(ctx, { grantId: randomUUID(), endsAt: null, ...args }), {
      effect: 'change',
      ...how,
    })
  const revoke = (args: Pair, how?: How) =>
    call((c, ctx) => c.revoke(ctx, { grantId: randomUUID(), ...args }), { effect: 'change', ...how })
  const check = (args: Pair, how?: How) => call((c, ctx) => c.check(ctx, args), how)

  type Pair = Pick<Parameters<AnyConnector['check']>[1], 'entitlement' | 'account'>
  const newPair = async (): Promise<Pair> => ({
    entitlement: await world.addEntitlement(),
    account: (await world.addPerson()).account,
  })

  async function everything<Item>(page: (cursor: string | null) => Promise<Page<Item>>) {
    const items: Item[] = []
    let pages = 0
    let cursor: string | null = null
    do {
      const found: Page<Item> = await page(cursor)
      items.push(...found.items)
      cursor = found.next
      pages += 1
    } while (cursor !== null)
    return { items, pages }
  }

  test('its connection can be tested, and says who we are', async () => {
    const report = await call((c, ctx) => c.testConnection(ctx))
    expect(report.checks.every((item) => item.name && item.detail)).toBe(true)
    expect(report.identity).toBe(world.identity)
  })

  test('a wrong credential is a failed check, and auth for every other call', async () => {
    const settings = world.wrongCredential
    const report = await call((c, ctx) => c.testConnection(ctx), { settings })
    expect(report.ok).toBe(false)
    said.push(inspect(report, { depth: 9 }))
    const pair = await newPair()
    expect((await failure(check(pair, { settings }))).code).toBe('auth')
    expect((await failure(grant(pair, { settings }))).code).toBe('auth')
    expect((await failure(revoke(pair, { settings }))).code).toBe('auth')
    expect(await world.holders(pair.entitlement)).toEqual([])
  })

  test('finds the account of a person', async () => {
    const { person, account } = await world.addPerson()
    const found = await call((c, ctx) => c.resolveAccount(ctx, { person }))
    if (world.knowsNoAddresses) {
      expect(found).toEqual({ kind: 'missing' })
      expect(connector.findAccount).toBeDefined()
    } else expect(found).toMatchObject({ kind: 'found', account: { id: account.id, name: account.name } })
  })

  test('says missing for a stranger and ambiguous for two', async ({ skip }) => {
    const stranger = { email: 'nobody.at.all@example.com', name: 'Nobody' }
    expect(await call((c, ctx) => c.resolveAccount(ctx, { person: stranger }))).toEqual({ kind: 'missing' })
    if (world.knowsNoAddresses) return skip('nobody is found by an address here, so no two are either')
    const twins = await world.addTwins()
    const found = await call((c, ctx) => c.resolveAccount(ctx, { person: twins }))
    expect(found.kind === 'ambiguous' && found.candidates).toHaveLength(2)
  })

  test('finds an account by exactly what somebody typed, where it can', async (context) => {
    if (!world.connector.findAccount) return context.skip('this system has no such look-up')
    const { account } = await world.addPerson()
    const find = (text: string) => call((c, ctx) => c.findAccount!(ctx, { text }))
    expect(await find(account.name)).toMatchObject([{ id: account.id, name: account.name }])
    expect(await find(account.id)).toMatchObject([{ id: account.id }])
    expect(await find(account.name.slice(0, -1))).toEqual([])
  })

  test('gives: absent before, direct after, and once when asked twice', async () => {
    const pair = await newPair()
    expect((await check(pair)).state).toBe('absent')
    expect(await grant(pair)).toMatchObject({ state: 'done', changed: true })
    expect((await check(pair)).state).toBe('direct')
    expect(await grant(pair)).toMatchObject({ state: 'done', changed: false })
    expect(await world.holders(pair.entitlement)).toEqual([pair.account.id])
  })

  test('takes: absent after, and taking again is fine', async () => {
    const pair = await newPair()
    await grant(pair)
    expect(await revoke(pair)).toMatchObject({ state: 'done', changed: true })
    expect((await check(pair)).state).toBe('absent')
    expect(await revoke(pair)).toMatchObject({ state: 'done', changed: false })
    expect(await world.holders(pair.entitlement)).toEqual([])
  })

  test('leaves every other holder alone', async () => {
    const pair = await newPair()
    const others = [(await world.addPerson()).account, (await world.addPerson()).account]
    await world.holdDirectly(pair.entitlement, others)
    const otherIds = others.map((other) => other.id).sort()
    await grant(pair)
    expect(await world.holders(pair.entitlement)).toEqual([...otherIds, pair.account.id].sort())
    await revoke(pair)
    expect(await world.holders(pair.entitlement)).toEqual(otherIds)
  })

  test('tells indirect from direct, and takes only what is direct', async ({ skip }) => {
    if (!world.holdIndirectly) return skip('here nothing is held through something else')
    const pair = await newPair()
    const via = await world.holdIndirectly(pair.entitlement, pair.account)
    expect(await check(pair)).toMatchObject({ state: 'indirect', via })
    expect(await grant(pair)).toMatchObject({ state: 'done', changed: true })
    expect((await check(pair)).state).toBe('direct')
    await revoke(pair)
    expect(await check(pair)).toMatchObject({ state: 'indirect', via })
  })

  test('an account that is gone is proven gone', async () => {
    const pair = await newPair()
    await grant(pair)
    await world.removeAccount(pair.account)
    expect((await failure(revoke(pair))).code).toBe('principal_missing')
    expect((await failure(check(pair))).code).toBe('principal_missing')
    expect((await failure(grant(pair))).code).toBe('principal_missing')
  })

  test('an entitlement that is gone is proven gone, also when its name lives on', async () => {
    const pair = await newPair()
    await grant(pair)
    await world.removeEntitlement(pair.entitlement)
    const successor = await world.addEntitlement(pair.entitlement.name)
    expect(successor.id).not.toBe(pair.entitlement.id)
    expect((await failure(revoke(pair))).code).toBe('entitlement_missing')
    expect((await failure(check(pair))).code).toBe('entitlement_missing')
    expect((await failure(grant(pair))).code).toBe('entitlement_missing')
    expect(await world.holders(successor)).toEqual([])
  })

  test('a renamed entitlement stays the same one', async () => {
    const pair = await newPair()
    await grant(pair)
    const name = `${pair.entitlement.name} renamed`
    await world.renameEntitlement(pair.entitlement, name)
    expect((await check(pair)).state).toBe('direct')
    const { items } = await everything((cursor) => call((c, ctx) => c.listEntitlements(ctx, { cursor })))
    expect(items.find((item) => item.id === pair.entitlement.id)?.name).toBe(name)
    expect(await revoke(pair)).toMatchObject({ changed: true })
  })

  test('awkward names are only names', async () => {
    const entitlement = await world.addEntitlement(
      `É "quoted"; drop role x; -- \\ 'a' ${randomUUID().slice(0, 4)}`,
    )
    const { person, account } = await world.addPerson({ awkward: true })
    if (!world.knowsNoAddresses) {
      const found = await call((c, ctx) => c.resolveAccount(ctx, { person }))
      expect(found).toMatchObject({ kind: 'found', account: { id: account.id, name: account.name } })
    }
    const pair = { entitlement, account }
    expect(await grant(pair)).toMatchObject({ changed: true })
    expect((await check(pair)).state).toBe('direct')
    expect(await revoke(pair)).toMatchObject({ changed: true })
    expect((await check(pair)).state).toBe('absent')
  })

  test.each(['lose', 'cut'] as const)(
    'an answer lost after the give (%s) is an unknown outcome',
    async (kind) => {
      const pair = await newPair()
      const { settings, landed } = await world.faulty(kind)
      const error = await failure(grant(pair, { settings, timeoutMs: 1000 }))
      expect(error.code).toBe('unknown_outcome')
      await landed()
      expect(await world.holders(pair.entitlement)).toEqual([pair.account.id])
      expect((await check(pair)).state).toBe('direct')
      expect(await grant(pair)).toMatchObject({ changed: false })
    },
  )

  test.each(['lose', 'cut'] as const)(
    'an answer lost after the take (%s) is an unknown outcome',
    async (kind) => {
      const pair = await newPair()
      await grant(pair)
      const { settings, landed } = await world.faulty(kind)
      expect((await failure(revoke(pair, { settings, timeoutMs: 1000 }))).code).toBe('unknown_outcome')
      await landed()
      expect((await check(pair)).state).toBe('absent')
      expect(await revoke(pair)).toMatchObject({ changed: false })
    },
  )

  test('a give that lands late is an unknown outcome, and is seen when it lands', async () => {
    const pair = await newPair()
    const { settings, landed } = await world.faulty('late')
    expect((await failure(grant(pair, { settings, timeoutMs: 500 }))).code).toBe('unknown_outcome')
    expect((await check(pair)).state).toBe('absent')
    await landed()
    expect((await check(pair)).state).toBe('direct')
  })

  test('a look without an answer may simply be repeated', async () => {
    const pair = await newPair()
    const { settings } = await world.faulty('hang')
    expect((await failure(check(pair, { settings, timeoutMs: 300 }))).code).toBe('retryable')
    expect((await check(pair)).state).toBe('absent')
  })

  test('a target nobody can reach is retryable, also for a change', async () => {
    const pair = await newPair()
    const settings = world.unreachable
    expect((await failure(check(pair, { settings }))).code).toBe('retryable')
    expect((await failure(grant(pair, { settings }))).code).toBe('retryable')
    expect((await call((c, ctx) => c.testConnection(ctx), { settings })).ok).toBe(false)
  })

  test('a call that is stopped returns at once', async () => {
    const pair = await newPair()
    for (const [run, code] of [
      [check, 'retryable'],
      [grant, 'unknown_outcome'],
    ] as const) {
      const { settings, reached } = await world.faulty('hang')
      const stop = new AbortController()
      const error = failure(run(pair, { settings, signal: stop.signal, timeoutMs: 60_000 }))
      await reached()
      stop.abort()
      expect((await error).code).toBe(code)
    }
    const stopped = AbortSignal.abort()
    expect((await failure(grant(pair, { signal: stopped }))).code).toBe('retryable')
    expect(await world.holders(pair.entitlement)).toEqual([])
  })

  test('a plea for patience is a pause of 1 s to 15 min, however it is spelt', async ({ skip }) => {
    if (!world.throttle) return skip('this protocol has no way to ask for patience')
    const pair = await newPair()
    for (const spelling of pauseSpellings) {
      for (const run of [grant, check]) {
        await world.throttle(spelling)
        const error = await failure(run(pair))
        expect(error.code).toBe('rate_limited')
        expect(error.retryAfterMs).toBeGreaterThanOrEqual(spelling === 'rubbish' ? 1000 : 50_000)
        expect(error.retryAfterMs).toBeLessThanOrEqual(spelling === 'rubbish' ? 900_000 : 70_000)
      }
    }
    expect(await world.holders(pair.entitlement)).toEqual([])
    expect((await check(pair)).state).toBe('absent')
  })

  test('lists its catalogue over all pages, each thing once, with reasons', async () => {
    const added: string[] = []
    for (let n = 0; n < world.morePerPage; n += 1) added.push((await world.addEntitlement()).id)
    const unmanaged = await world.addUnmanaged()
    const { items, pages } = await everything((cursor) =>
      call((c, ctx) => c.listEntitlements(ctx, { cursor })),
    )
    const ids = items.map((item) => item.id)
    expect(pages).toBeGreaterThan(1)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(added))
    const refused = items.find((item) => item.id === unmanaged.id)
    expect(refused?.requestable).toBe(false)
    expect(refused?.reason).toMatch(/\.$/)
    expect(items.find((item) => item.id === added[0])?.requestable).toBe(true)
  })

  test('lists holders over all pages and tells how they hold', async ({ skip }) => {
    const { listHolders } = connector
    if (!connector.capabilities(world.settings).listHolders || !listHolders) {
      return skip('this connector lists no holders')
    }
    const entitlement = await world.addEntitlement()
    const direct = []
    for (let n = 0; n < world.morePerPage; n += 1) direct.push((await world.addPerson()).account)
    await world.holdDirectly(entitlement, direct)
    const { account: indirect } = await world.addPerson()
    await world.holdIndirectly?.(entitlement, indirect)
    const { items, pages } = await everything((cursor) =>
      call((_, ctx) => listHolders(ctx, { entitlement, cursor })),
    )
    expect(pages).toBeGreaterThan(1)
    const by = (state: string) => items.filter((item) => item.state === state).map((item) => item.account.id)
    expect(by('direct').sort()).toEqual(direct.map((account) => account.id).sort())
    expect(by('indirect')).toEqual(world.holdIndirectly ? [indirect.id] : [])
  }, 120_000)

  test('ends sessions where it can, and finds none the second time', async ({ skip }) => {
    const { endSessions } = connector
    if (!connector.capabilities(world.settings).sessionKill || !endSessions) {
      return skip('this connector ends no sessions')
    }
    const pair = await newPair()
    const end = () => call((_, ctx) => endSessions(ctx, pair), { effect: 'change' })
    expect(await end()).toEqual({ ended: 0 })
    expect(await end()).toEqual({ ended: 0 })
  })

  test('says in one sentence what may outlive a take, and where it points, without secrets', () => {
    const { settings, canaries } = world
    const texts = [connector.residue(settings), connector.target(settings)]
    expect(texts[0]).toMatch(/\.$/)
    for (const canary of canaries) expect(texts.join()).not.toContain(canary)
  })

  // Last in the file on purpose: it reads what every failure above said.
  test('no error and no log line carries a secret', () => {
    expect(said.length).toBeGreaterThan(20)
    for (const canary of world.canaries) expect(said.filter((text) => text.includes(canary))).toEqual([])
  })

  test('what it was run against is a real one, or a fake held to a contract', ({ skip }) => {
    if (world.problems) expect(world.problems()).toEqual([])
    else expect(world.against).toMatch(/^a (real server|receiver)/)
    if (world.unchecked) skip(world.unchecked)
  })
})
