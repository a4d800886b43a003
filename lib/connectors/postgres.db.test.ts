import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress, type Egress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext } from './contract'
import { postgresConnector as connector } from './postgres'
import type { PostgresConfig } from './postgres/config'
import { startProxy } from './testing/proxy'
import { type PostgresWorld, postgresWorld } from './testing/world-postgres'

let world: PostgresWorld
let version: number
const egress = createEgress(['loopback'])

beforeAll(async () => {
  world = await postgresWorld(process.env.TEST_ADMIN_URL ?? '')
  const [row] = await world.admin<{ version: number }[]>`
    select current_setting('server_version_num')::int as version`
  version = row!.version
})
afterAll(async () => {
  await world?.close()
  await egress.close()
})

const call = <Result>(
  attempt: (ctx: ConnectorContext<PostgresConfig>) => Promise<Result>,
  effect: 'change' | 'look' = 'look',
  overrides: Partial<PostgresConfig> = {},
  door: Egress = egress,
) =>
  callConnector(attempt, {
    connector,
    config: { ...world.settings, ...overrides },
    operationId: randomUUID(),
    effect,
    egress: door,
    now: () => new Date(),
  })

type Pair = Parameters<typeof connector.check>[1]
const grant = (pair: Pair) =>
  call((ctx) => connector.grant(ctx, { grantId: randomUUID(), endsAt: null, ...pair }), 'change')
const revoke = (pair: Pair) =>
  call((ctx) => connector.revoke(ctx, { grantId: randomUUID(), ...pair }), 'change')
const check = (pair: Pair) => call((ctx) => connector.check(ctx, pair))
const endSessions = (pair: Pair) => call((ctx) => connector.endSessions!(ctx, pair), 'change')

test('a session that switched to the role keeps it after the take, and is ended', async () => {
  const entitlement = await world.addEntitlement()
  const login = await world.addLogin()
  const bystander = await world.addLogin()
  const pair = { entitlement, account: login.account }
  const table = `${world.prefix}_table`
  await world.admin.unsafe(`create table "${table}" (n int)`)
  await world.admin.unsafe(`grant select on "${table}" to "${entitlement.name}"`)
  await grant(pair)

  let closed: () => void = () => {}
  const gone = new Promise<void>((resolve) => {
    closed = resolve
  })
  const session = postgres(login.url, { max: 1, onnotice: () => {}, onclose: () => closed() })
  const other = postgres(bystander.url, { max: 1, onnotice: () => {} })
  try {
    await other`select 1`
    await session.unsafe(`set role "${entitlement.name}"`)
    await session.unsafe(`select * from "${table}"`)
    await revoke(pair)
    // The residue that makes ending necessary: the membership is gone, the session still reads.
    expect((await check(pair)).state).toBe('absent')
    await session.unsafe(`select * from "${table}"`)

    expect(await endSessions(pair)).toEqual({ ended: 1 })
    await gone
    await expect(session.unsafe(`select * from "${table}"`)).rejects.toMatchObject({ code: '42501' })
    expect(await other`select 1 as still`).toMatchObject([{ still: 1 }])
    expect(await endSessions({ entitlement, account: bystander.account })).toEqual({ ended: 1 })
  } finally {
    await session.end({ timeout: 1 })
    await other.end({ timeout: 1 })
    await world.admin.unsafe(`drop table "${table}"`)
  }
})

test('the membership gives the use of the role and nothing more', async () => {
  const pair = { entitlement: await world.addEntitlement(), account: (await world.addPerson()).account }
  await world.admin.unsafe(`alter role "${pair.account.name}" noinherit`)
  await grant(pair)
  const [row] = await world.admin<{ options: Record<string, boolean> }[]>`
    select to_jsonb(m) as options from pg_auth_members m
    where roleid = ${pair.entitlement.id}::oid and member = ${pair.account.id}::oid`
  expect(row?.options).toMatchObject(
    version >= 160_000
      ? { admin_option: false, inherit_option: true, set_option: true }
      : { admin_option: false },
  )
})

test('what somebody else granted stays, and is reported as theirs', async ({ skip }) => {
  if (version < 160_000) return skip('before PostgreSQL 16 a membership has one grantor')
  const pair = { entitlement: await world.addEntitlement(), account: (await world.addPerson()).account }
  const listed = async () =>
    (await call((ctx) => connector.listHolders!(ctx, { entitlement: pair.entitlement, cursor: null }))).items
  await grant(pair)
  expect(await listed()).toEqual([{ account: pair.account, state: 'direct' }])
  await world.holdDirectly(pair.entitlement, [pair.account])
  expect(await listed()).toMatchObject([
    { account: pair.account, fixed: expect.stringContaining('only whoever granted it can take it back') },
  ])
  expect(
    await world.admin`select 1 from pg_auth_members where member = ${pair.account.id}::oid`,
  ).toHaveLength(2)
  expect(await revoke(pair)).toMatchObject({ changed: true })
  expect(await check(pair)).toMatchObject({ state: 'direct', detail: expect.stringContaining('Granted by') })
  expect(await revoke(pair)).toMatchObject({ changed: false })
  expect(await world.holders(pair.entitlement)).toEqual([pair.account.id])
})

test('ADMIN OPTION alone is a rest that can be turned into access, so it is told', async ({ skip }) => {
  if (version < 160_000) return skip('before PostgreSQL 16 ADMIN OPTION always carries the role')
  const pair = { entitlement: await world.addEntitlement(), account: (await world.addPerson()).account }
  await world.admin.unsafe(
    `grant "${pair.entitlement.name}" to "${pair.account.name}" with admin true, inherit false, set false`,
  )
  expect(await check(pair)).toMatchObject({ state: 'indirect', via: 'ADMIN OPTION' })
})

test('ADMIN OPTION alone survives a take, also where this operator gave it: it is none of our leases', async ({
  skip,
}) => {
  if (version < 160_000) return skip('before PostgreSQL 16 ADMIN OPTION always carries the role')
  const pair = { entitlement: await world.addEntitlement(), account: (await world.addPerson()).account }
  await world.admin.unsafe(
    `grant "${pair.entitlement.name}" to "${pair.account.name}" with admin true, inherit false, set false granted by "${world.settings.user}"`,
  )
  expect(await revoke(pair)).toMatchObject({ state: 'done', changed: false })
  expect(await check(pair)).toMatchObject({ state: 'indirect', via: 'ADMIN OPTION' })
})

test('a superuser holds everything, indirectly', async () => {
  const { account } = await world.addPerson()
  await world.admin.unsafe(`alter role "${account.name}" superuser`)
  const entitlement = await world.addEntitlement()
  expect(await check({ entitlement, account })).toMatchObject({ state: 'indirect', via: 'SUPERUSER' })
  const holders = await call((ctx) => connector.listHolders!(ctx, { entitlement, cursor: null }))
  expect(holders.items).toEqual([])
})

test('without ADMIN OPTION on the role the operator is refused, and nothing changes', async () => {
  const pair = { entitlement: await world.addUnmanaged(), account: (await world.addPerson()).account }
  await expect(grant(pair)).rejects.toMatchObject({ code: 'auth' })
  expect(await world.holders(pair.entitlement)).toEqual([])
})

test('superuser roles and built-in roles are never leased', async () => {
  const { account } = await world.addPerson()
  const entitlement = await world.addEntitlement()
  await world.admin.unsafe(`alter role "${entitlement.name}" superuser`)
  await expect(grant({ entitlement, account })).rejects.toMatchObject({ code: 'entitlement_unmanaged' })
  const [row] = await world.admin<{ id: string }[]>`
    select oid::text as id from pg_roles where rolname = 'pg_read_all_data'`
  const builtIn = { id: row!.id, name: 'pg_read_all_data' }
  await expect(grant({ entitlement: builtIn, account })).rejects.toMatchObject({
    code: 'entitlement_unmanaged',
  })
})

test('a name over 63 bytes is refused, not cut off to somebody else’s', async () => {
  const base = `${world.prefix}${'é'.repeat(30)}`.slice(0, 36)
  const cut = Buffer.from(base.padEnd(63, 'x')).subarray(0, 63).toString('utf8')
  await world.admin.unsafe(`create role "${cut}" login`)
  const person = { email: `${cut}tail@example.com`, name: 'Long' }
  await expect(
    call((ctx) => connector.resolveAccount(ctx, { person }), 'look', { accountTemplate: '{local}' }),
  ).rejects.toMatchObject({ code: 'rejected' })
})

test('the account pattern decides which login is meant', async () => {
  const { account, person } = await world.addPerson()
  const resolve = (accountTemplate: string) =>
    call((ctx) => connector.resolveAccount(ctx, { person }), 'look', { accountTemplate })
  expect(await resolve('{local}')).toMatchObject({ kind: 'found', account: { id: account.id } })
  expect(await resolve('svc_{local}')).toEqual({ kind: 'missing' })
  expect(await resolve('{email}')).toEqual({ kind: 'missing' })
})

test('the connection test names what is missing', async () => {
  const good = await call((ctx) => connector.testConnection(ctx))
  await world.addEntitlement()
  const better = await call((ctx) => connector.testConnection(ctx))
  expect(better.checks.filter((item) => !item.ok)).toEqual([])
  expect(good.identity).toBe(world.settings.user)

  await world.admin.unsafe(`revoke pg_signal_backend from "${world.settings.user}"`)
  await world.admin.unsafe(`alter role "${world.settings.user}" valid until '2099-01-01T00:00:00Z'`)
  const worse = await call((ctx) => connector.testConnection(ctx))
  await world.admin.unsafe(`grant pg_signal_backend to "${world.settings.user}"`)
  await world.admin.unsafe(`alter role "${world.settings.user}" valid until 'infinity'`)
  expect(worse.ok).toBe(false)
  expect(worse.checks.filter((item) => !item.ok).map((item) => item.name)).toEqual(['End sessions'])
  expect(worse.credentialExpiresAt).toEqual(new Date('2099-01-01T00:00:00Z'))
  expect((await call((ctx) => connector.testConnection(ctx))).credentialExpiresAt).toBeUndefined()
})

test('a private server is out of reach unless the operator of the installation allows it', async () => {
  const strict = createEgress([])
  const pair = { entitlement: await world.addEntitlement(), account: (await world.addPerson()).account }
  await expect(call((ctx) => connector.check(ctx, pair), 'look', {}, strict)).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('on this machine'),
  })
  await expect(
    call((ctx) => connector.check(ctx, pair), 'look', { host: '169.254.169.254' }),
  ).rejects.toMatchObject({ code: 'misconfigured' })
  await strict.close()
})

test('encryption that the server does not offer is not silently given up', async () => {
  const [row] = await world.admin<{ ssl: string }[]>`select current_setting('ssl') as ssl`
  expect(row?.ssl).toBe('off')
  for (const sslmode of ['require', 'verify-full'] as const) {
    await expect(
      call((ctx) => connector.listEntitlements(ctx, { cursor: null }), 'look', { sslmode }),
    ).rejects.toMatchObject({ code: 'misconfigured', message: expect.stringContaining('encrypted') })
  }
})

test('an unknown database is a wrong setting', async () => {
  await expect(
    call((ctx) => connector.listEntitlements(ctx, { cursor: null }), 'look', { database: 'no_such' }),
  ).rejects.toMatchObject({ code: 'misconfigured' })
})

test('a server that hangs up before sign-in is asked once', async () => {
  const proxy = await startProxy({ host: '127.0.0.1', port: 1 })
  try {
    await expect(
      call((ctx) => connector.listEntitlements(ctx, { cursor: null }), 'look', {
        host: '127.0.0.1',
        port: proxy.port,
      }),
    ).rejects.toMatchObject({ code: 'retryable' })
    expect(proxy.connections).toBe(1)
  } finally {
    await proxy.close()
  }
})

test('an id that is no oid is a wrong setting, not a missing role', async () => {
  const pair = { entitlement: { id: 'prod_read', name: 'prod_read' }, account: { id: '1', name: 'x' } }
  await expect(check(pair)).rejects.toMatchObject({ code: 'misconfigured' })
})
