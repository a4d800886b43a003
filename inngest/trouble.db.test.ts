import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { DAY, HOUR } from '@/lib/domain/duration'
import { decideOnRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import type { Driver } from './testing/driver'
import { openStage, realServer, type Stage } from './testing/stage'

let stage: Stage
let world: LeaseWorld
let driver: Driver

const acts = () => world.target.state.effects.map((effect) => effect.act)
const runsOf = (fn: string) => driver.runs.filter((run) => run.fn.id === `leasehold-${fn}`)
const notices = () => world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'expiry-notice') })

/** An active grant of six hours whose run sleeps. */
async function active(): Promise<string> {
  const grantId = await world.approved()
  await stage.minute()
  expect((await world.grant(grantId)).state).toBe('active')
  return grantId
}

// Only the in-memory driver can lose, repeat, forget and hurry on demand; a real server does so when it likes.
describe.skipIf(realServer)('what the job engine may do wrong', () => {
  beforeAll(async () => {
    stage = await openStage()
    driver = stage.driver
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    world = await createLeaseWorld()
    stage.enter(world)
  })
  afterEach(() => world.close())

  it('serves three functions, whose names are theirs for good', () => {
    expect(driver.functions.map((fn) => fn.id)).toEqual([
      'leasehold-grant-lifecycle-v1',
      'leasehold-request-lifecycle-v1',
      'leasehold-sweep-v1',
    ])
  })

  it('sends hints that carry ids and nothing else, and ends every run with its record', async () => {
    const grantId = await active()
    await stage.advance('+8h')
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(new Set(driver.received.map((event) => event.name))).toEqual(
      new Set(['request/asked', 'request/changed', 'grant/approved', 'grant/changed']),
    )
    for (const { data } of driver.received)
      expect(Object.keys(data).filter((key) => key !== 'grantId' && key !== 'requestId')).toEqual([])
    expect(driver.runs.map((run) => [run.fn.id, run.state, run.error])).toEqual(
      driver.runs.map((run) => [run.fn.id, 'done', undefined]),
    )
    expect(runsOf('grant-lifecycle-v1')).toHaveLength(1)
  })

  it('wakes by itself at the end: not a second early, hardly one late', async () => {
    const grantId = await active()
    const endsAt = (await world.grant(grantId)).endsAt!
    await stage.advance('+5h 59m')
    expect((await world.grant(grantId)).state).toBe('active')
    await stage.advance('+2m')
    const grant = await world.grant(grantId)
    expect(grant.state).toBe('ended')
    expect(grant.seenAbsentAt!.getTime()).toBeGreaterThanOrEqual(endsAt.getTime())
    expect(grant.lateMs).toBeLessThan(30_000)
  })

  it('a repeated event starts no second run', async () => {
    const grantId = await active()
    const event = driver.received.find((one) => one.name === 'grant/approved')!
    const { inngest } = await import('./client')
    await inngest.send({ id: event.id, name: event.name, data: { grantId } })
    await inngest.send({ name: event.name, data: { grantId } })
    await driver.settle()
    expect(runsOf('grant-lifecycle-v1')).toHaveLength(1)
  })

  it('two runs of one grant, on a server that lets them, do everything once', async () => {
    driver.singletons = false
    const grantId = await active()
    const { inngest } = await import('./client')
    await inngest.send({ name: 'grant/approved', data: { grantId } })
    await driver.settle()
    expect(runsOf('grant-lifecycle-v1').map((run) => run.state)).toEqual(['waiting', 'waiting'])
    await stage.advance('+7h')
    expect(acts()).toEqual(['given', 'taken'])
    expect(await notices()).toHaveLength(1)
    const verbs = await world.verbs(grantId)
    expect(verbs).toEqual([...new Set(verbs)])
  })

  it('a timer that fires early changes nothing: the row decides', async () => {
    const grantId = await active()
    const before = await world.verbs(grantId)
    for (let i = 0; i < 3; i++) await driver.fireEarly()
    expect(await world.verbs(grantId)).toEqual(before)
    expect(world.holders()).toEqual([world.anaAccount])
    expect(await notices()).toEqual([])
    await stage.advance('+7h')
    expect(acts()).toEqual(['given', 'taken'])
  })

  it('an extension whose event is lost holds: the run wakes at the old end and goes on waiting', async () => {
    const grantId = await active()
    await stage.advance('+5h 1m')
    driver.lose = (event) => event.name === 'grant/changed'
    const input = { grantId, seconds: 6 * HOUR, reason: 'one more run' }
    const { requestId } = must(await askForExtension(world.as(world.ana), input))
    must(
      await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }),
    )
    await stage.advance('+2h')
    expect((await world.grant(grantId)).state).toBe('active')
    expect(acts()).toEqual(['given'])
    await stage.advance('+5h')
    const grant = await world.grant(grantId)
    expect(grant.state).toBe('ended')
    expect(grant.seenAbsentAt!.getTime()).toBeGreaterThanOrEqual(grant.endsAt!.getTime())
    expect(acts()).toEqual(['given', 'taken'])
  })

  it('a revocation whose event is lost is done by the next sweep', async () => {
    const grantId = await active()
    driver.lose = () => true
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'left the team' }))
    await driver.settle()
    expect((await world.grant(grantId)).state).toBe('revoking')
    await stage.minute()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'revoked' })
    expect(world.holders()).toEqual([])
  })

  it('a server that forgot every run harms no grant: the sweep ends it within its minute', async () => {
    const grantId = await active()
    driver.wipe()
    await stage.advance('+6h 30s')
    expect((await world.grant(grantId)).state).toBe('active')
    await stage.minute()
    const grant = await world.grant(grantId)
    expect(grant).toMatchObject({ state: 'ended', endReason: 'expired', verified: true })
    expect(grant.lateMs).toBeLessThan(60_000)
    expect(world.holders()).toEqual([])
  })

  it('what was forgotten gets a run again, which then ends it on time without the sweep', async () => {
    const grantId = await active()
    driver.wipe()
    await stage.advance('+5h 30s')
    expect(await notices()).toEqual([])
    await stage.minute()
    expect(await notices()).toHaveLength(1)
    expect(runsOf('grant-lifecycle-v1').map((run) => run.state)).toEqual(['waiting'])
    await stage.advance('+1h')
    const grant = await world.grant(grantId)
    expect(grant.state).toBe('ended')
    expect(grant.lateMs).toBeLessThan(30_000)
  })

  // The client itself tries five times before it gives up, which takes its seconds.
  it('a server that takes no events loses none of them: they wait in the outbox', async () => {
    const grantId = await world.approved()
    const url = process.env.INNGEST_BASE_URL
    process.env.INNGEST_BASE_URL = 'http://127.0.0.1:1'
    try {
      await stage.minute()
    } finally {
      process.env.INNGEST_BASE_URL = url
    }
    const owed = () => world.db.query.work.findMany({ where: eq(schema.work.kind, 'event') })
    expect((await owed()).length).toBeGreaterThan(0)
    expect((await world.grant(grantId)).state).toBe('active')
    await world.db.update(schema.work).set({ notBefore: null }).where(eq(schema.work.kind, 'event'))
    await stage.minute()
    expect(await owed()).toEqual([])
    expect(runsOf('grant-lifecycle-v1').map((run) => run.state)).toEqual(['waiting'])
  }, 60_000)

  it('a lease longer than a wait may be is looked at in between, and ends on its day', async () => {
    await world.close()
    world = await createLeaseWorld({
      maxSeconds: 90 * DAY,
      presets: [{ seconds: 60 * DAY, noticeSeconds: 7 * DAY }],
    })
    stage.enter(world)
    const grantId = await world.approved(60 * DAY)
    await stage.minute()
    expect(driver.untilNext()).toBeLessThanOrEqual(30 * DAY * 1000)
    await stage.advance('+59d')
    expect((await world.grant(grantId)).state).toBe('active')
    expect(await notices()).toHaveLength(1)
    await stage.advance('+2d')
    const grant = await world.grant(grantId)
    expect(grant.state).toBe('ended')
    expect(grant.lateMs).toBeLessThan(30_000)
  })

  it('a paused connection holds back a give without using up the run', async () => {
    await world.db.update(schema.connection).set({ paused: true })
    const grantId = await world.approved()
    await stage.minute()
    await stage.minute()
    expect((await world.grant(grantId)).state).toBe('scheduled')
    const [run] = runsOf('grant-lifecycle-v1')
    expect([run?.state, run!.calls]).toEqual(['waiting', expect.toSatisfy((calls: number) => calls < 12)])
    await world.db.update(schema.connection).set({ paused: false })
    await stage.advance('+1m')
    expect((await world.grant(grantId)).state).toBe('active')
  })
})
