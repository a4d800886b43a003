import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import type { Ctx } from '@/lib/context'
import type { ActingSession } from '@/lib/domain/sign-in'
import { must } from '@/lib/testing/lease-world'
import { createApplication, setOwners } from './applications'
import { editConnection, replaceSecrets, setPaused } from './connection-edits'
import { createPolicy, publishPolicy, saveDraft } from './policies'

const secretOf = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`

let world: World
let ines: TestPerson
let applicationId: string
beforeAll(async () => {
  world = await createWorld()
  ines = await world.person('Ines Albrecht', { admin: true })
  const ben = await world.person('Ben Okafor')
  const settings = { url: 'http://127.0.0.1:9/', effectDelaySeconds: 0 }
  const connectionId = await world.connection('webhook', settings, { secret: secretOf(1) })
  applicationId = await world.application('Data warehouse', { connectionId, owners: [ines, ben] })
})
afterAll(() => world.close())

/** Ines in a session of this age; none: in no browser's session at all. */
const as = (session?: ActingSession): Ctx => ({ db: world.db, actor: { ...ines.actor, session } })
const stale = () => as({ way: 'oidc', fresh: false })
const again = { ok: false, code: 'sign_in_again', message: expect.stringContaining('15 minutes') }

async function connection() {
  const [row] = await world.db.select().from(schema.connection)
  if (!row) throw new Error('no connection')
  return row
}

it('secrets, and the settings that say whom they are shown to, change only soon after a sign-in', async () => {
  const before = await connection()
  const secrets = { applicationId, version: before.version, secrets: { secret: secretOf(2) }, remove: [] }
  const settings = { applicationId, version: before.version, settings: { url: 'https://evil.example/' } }
  for (const ctx of [stale(), as()]) {
    expect(await replaceSecrets(ctx, secrets)).toMatchObject(again)
    expect(await editConnection(ctx, settings)).toMatchObject(again)
  }
  expect(await connection()).toEqual(before)
  must(await replaceSecrets(as({ way: 'email', fresh: true }), secrets))
  expect((await connection()).secrets).not.toEqual(before.secrets)
})

it('a connection is stopped at once, however old the sign-in', async () => {
  const { version } = await connection()
  must(await setPaused(stale(), { applicationId, version, paused: true, reason: 'INC-1' }))
  expect((await connection()).paused).toBe(true)
})

it('a policy is written at any time and published only soon after a sign-in', async () => {
  const entitlementId = await world.entitlement(applicationId, 'prod_read')
  const { policyId } = must(await createPolicy(stale(), { name: 'Production read', description: null }))
  const row = await world.db.query.policy.findFirst({ where: eq(schema.policy.id, policyId) })
  const definition = { ...row!.draft!, entitlementIds: [entitlementId] }
  const saved = must(
    await saveDraft(stale(), {
      policyId,
      version: 1,
      name: 'Production read',
      description: null,
      definition,
    }),
  )
  const input = { ...saved, lapsePending: false }
  expect(await publishPolicy(stale(), input)).toMatchObject(again)
  expect(await world.db.$count(schema.policyVersion)).toBe(0)
  must(await publishPolicy(as({ way: 'oidc', fresh: true }), input))
  expect(await world.db.$count(schema.policyVersion)).toBe(1)
})

it('owners are named, and connections made, only soon after a sign-in', async () => {
  const owners = { applicationId, version: 1, ownerIds: [] }
  expect(await setOwners(stale(), owners)).toMatchObject(again)
  const about = { name: 'Vault', description: null, ownerIds: [], taskSeconds: 86_400, checklist: null }
  const connected = { ...about, connector: 'webhook', settings: {}, fulfilmentGroupId: null }
  expect(await createApplication(stale(), connected as never)).toMatchObject(again)
  expect(await world.db.$count(schema.application)).toBe(1)
})

it('somebody who may not do it at all is told that, and not to sign in again', async () => {
  const ana = await world.person('Ana Oliveira')
  const ctx: Ctx = { db: world.db, actor: { ...ana.actor, session: undefined } }
  const { version } = await connection()
  const secrets = { applicationId, version, secrets: { secret: secretOf(3) }, remove: [] }
  expect(await replaceSecrets(ctx, secrets)).toMatchObject({ ok: false, code: 'forbidden' })
})
