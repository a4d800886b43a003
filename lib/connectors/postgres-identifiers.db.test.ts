import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext } from './contract'
import { postgresConnector as connector } from './postgres'
import type { PostgresConfig } from './postgres/config'
import { type PostgresWorld, postgresWorld } from './testing/world-postgres'

let world: PostgresWorld
const egress = createEgress(['loopback'])

beforeAll(async () => {
  world = await postgresWorld(process.env.TEST_ADMIN_URL ?? '')
})
afterAll(async () => {
  await world?.close()
  await egress.close()
})

const call = <Result>(attempt: (ctx: ConnectorContext<PostgresConfig>) => Promise<Result>) =>
  callConnector(attempt, {
    connector,
    config: world.settings,
    operationId: randomUUID(),
    effect: 'change',
    egress,
    now: () => new Date(),
  })

/** Names of roles that are statements, or almost. PostgreSQL takes at most 63 bytes; the world puts its own in front. */
const names = [
  `x"; drop role y; --`,
  `x'; select pg_sleep(9); --`,
  `x" to postgres; --`,
  'x" with admin option; --',
  String.raw`x\"; --`,
  `$$x$$; --`,
  `x/* */; --`,
  'x%I%L%s',
  'x\ny',
  'Räuber\u202eelor',
  'public',
  'x; reset role',
]

test.each(names)('%j is a role, and nothing else happens', async (name) => {
  const entitlement = await world.addEntitlement(`${world.prefix} ${name}`.slice(0, 60))
  const { account } = await world.addPerson({ awkward: true })
  const bystander = await world.addEntitlement()
  const pair = { entitlement, account }
  const members = () => world.admin`
    select roleid::text, member::text, admin_option from pg_auth_members where member = ${account.id}::oid`
  const roles = async () => (await world.admin`select oid from pg_roles`).length
  const before = await roles()
  const grantId = randomUUID()

  await call((ctx) => connector.grant(ctx, { grantId, endsAt: null, ...pair }))
  expect(await members()).toEqual([{ roleid: entitlement.id, member: account.id, admin_option: false }])
  expect((await call((ctx) => connector.check(ctx, pair))).state).toBe('direct')
  expect((await call((ctx) => connector.check(ctx, { ...pair, entitlement: bystander }))).state).toBe(
    'absent',
  )

  await call((ctx) => connector.revoke(ctx, { grantId, ...pair }))
  expect(await members()).toEqual([])
  expect(await roles()).toBe(before)
})
