import { desc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { schema } from '@/db/client'
import { newId } from '@/lib/ids'
import { failedDrills } from '@/lib/queries/drills'
import { setPaused } from '@/lib/services/connection-edits'
import { drillNow, endDrill, setDrill } from '@/lib/services/drills'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { runDrill } from './drill'
import { createEngine } from './engine'

let world: LeaseWorld
let canary: string
let account: string
let entitlementId: string

beforeEach(async () => {
  world = await createLeaseWorld()
  canary = world.target.state.addEntitlement({ name: 'canary' }).id
  account = world.target.state.addAccount({ email: 'drill@target.invalid', name: 'drill' }).id
  entitlementId = await world.entitlement(world.applicationId, 'canary', { externalId: canary })
})
afterEach(() => world.close())

const set = (more: { account?: string; entitlementId?: string } = {}, as = world.ines) =>
  setDrill(world.as(as), { applicationId: world.applicationId, entitlementId, account: 'drill', ...more })
const run = () => runDrill(createEngine(world.db, new AbortController().signal), world.connectionId)
const drills = () => world.db.query.drill.findMany({ orderBy: desc(schema.drill.startedAt) })
const names = async () =>
  (await drills())[0]?.steps.map((step) => `${step.name} ${step.ok ? 'ok' : 'failed'}`)
const mails = async () =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'drill-failed') })).map(
    (m) => m.recipient,
  )
const held = () => world.target.state.holders(canary)

test('gives, looks, takes, looks, on what is set aside, and the ledger does not take it for a grant', async () => {
  must(await set())
  await world.drain()
  expect(await names()).toEqual(['before ok', 'give ok', 'seen ok', 'take ok', 'gone ok'])
  const [drill] = await drills()
  expect(drill).toMatchObject({ ok: true })
  expect(world.target.state.effects).toMatchObject([
    { act: 'given', account, entitlement: canary, grant: drill!.id },
    { act: 'taken', account, entitlement: canary, grant: drill!.id },
  ])
  expect(
    await world.db.query.timeline.findMany({ where: eq(schema.timeline.verb, 'drilled') }),
  ).toMatchObject([{ data: { ok: true, application: 'Data warehouse' } }])
  // The next one is a day away.
  await world.drain()
  expect(await drills()).toHaveLength(1)
  must(await drillNow(world.as(world.ben), { applicationId: world.applicationId }))
  await world.drain()
  expect(await drills()).toHaveLength(2)
})

test('one that is not seen gone failed: owners are told once, and the next one cleans up first', async () => {
  must(await set())
  // Everything that is sent is refused from the take on.
  world.target.fault({
    kind: 'status',
    status: 422,
    body: { error: 'rejected', message: 'No.' },
    on: 'grant.revoke',
    times: 2,
  })
  await world.drain()
  expect(await names()).toEqual(['before ok', 'give ok', 'seen ok', 'take failed', 'take failed'])
  expect(held()).toEqual([account])
  expect([...(await failedDrills(world.db))]).toEqual([world.connectionId])
  await world.drain()
  expect(await mails()).toEqual([world.ben.email])

  expect(await endDrill(world.as(world.ines), { applicationId: world.applicationId })).toMatchObject({
    code: 'conflict',
  })
  world.target.fault({ kind: 'status', status: 422, body: { error: 'rejected' }, on: 'grant.revoke' })
  await world.retryNow()
  expect(await names()).toEqual(['clean failed'])
  await world.retryNow()
  expect(await names()).toEqual(['clean ok', 'before ok', 'give ok', 'seen ok', 'take ok', 'gone ok'])
  expect(held()).toEqual([])
  expect(await mails()).toEqual([world.ben.email])
  expect([...(await failedDrills(world.db))]).toEqual([])
  must(await endDrill(world.as(world.ines), { applicationId: world.applicationId }))
})

test('a crash in the middle is cleaned up by the next one, also while the connection is paused', async () => {
  must(await set())
  await world.drain()
  const { startedAt } = (await drills())[0]!
  // As a crash right after the give leaves it: begun, written down, held, and nobody there to finish.
  const at = startedAt.toISOString()
  await world.db.insert(schema.drill).values({
    id: newId(),
    connectionId: world.connectionId,
    account,
    entitlement: canary,
    startedAt: new Date(startedAt.getTime() + 1),
    steps: [
      { name: 'before', ok: true, at, tookMs: 1, detail: 'Seen without it' },
      { name: 'give', ok: false, at, tookMs: 0, detail: 'Begun' },
    ],
  })
  world.target.state.hold(canary, account, { state: 'direct' })
  const row = await world.db.query.connection.findFirst()
  const pause = (paused: boolean, version: number) =>
    setPaused(world.as(world.ines), { applicationId: world.applicationId, version, paused, reason: 'Moving' })
  must(await pause(true, row!.version))
  await run()
  expect(held()).toEqual([])
  expect((await drills()).filter((one) => one.finishedAt === null)).toEqual([])
  const before = (await drills()).length
  // While paused nothing is given, so there is nothing to prove.
  await run()
  expect(await drills()).toHaveLength(before)
  must(await pause(false, row!.version + 1))
  await run()
  expect((await drills())[0]).toMatchObject({ ok: true })
  expect(await mails()).toEqual([])
})

test('takes go first, and a target that is away proves nothing either way', async () => {
  must(await set())
  await world.drain()
  const id = await world.approved()
  await world.drain()
  world.target.fault({ kind: 'status', status: 503, on: 'grant.revoke', times: 50 })
  await world.advance('7h')
  const count = (await drills()).length
  expect(await run()).toBe(60_000)
  expect(await drills()).toHaveLength(count)
  world.target.clear()
  await world.retryNow()
  expect(await world.grant(id)).toMatchObject({ state: 'ended' })
  world.target.fault({ kind: 'status', status: 503, on: 'grant.check' })
  expect(await run()).toBe(300_000)
  expect(await drills()).toHaveLength(count)
  expect(await mails()).toEqual([])
})

test('only what is nobody’s and offered to nobody is set aside, by admins', async () => {
  expect(await set({}, world.ben)).toMatchObject({ code: 'forbidden' })
  expect(await set({ entitlementId: world.entitlementId })).toMatchObject({
    code: 'conflict',
    field: 'entitlementId',
  })
  expect(await set({ account: 'nobody' })).toMatchObject({ code: 'invalid', field: 'account' })
  expect(await set({ account: world.anaAccount })).toMatchObject({ code: 'conflict', field: 'account' })
  world.target.state.hold(canary, account, { state: 'direct' })
  expect(await set()).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('holds canary already'),
  })
  world.target.state.drop(canary, account)
  must(await set())
})
