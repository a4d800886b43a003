import { asc, eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { connectors } from '@/lib/connectors/registry'
import { editConnection } from '@/lib/services/connection-edits'
import { probeConnection, testConnection } from '@/lib/services/connection-tests'
import { warnOfCredentials } from '@/lib/services/credential-warnings'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { armUpkeep } from './handlers/upkeep'

const DAY_MS = 86_400_000

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await world.close()
})

const probe = () => probeConnection(world.db, world.connectionId)
const connection = async () => (await world.db.query.connection.findFirst())!
const lines = () => world.db.query.probe.findMany({ orderBy: asc(schema.probe.id) })
const pings = () => world.target.calls.filter((call) => call.type === 'ping').length
const answers = (credentialExpiresAt?: Date) =>
  vi.spyOn(connectors.webhook, 'testConnection').mockResolvedValue({
    ok: true,
    checks: [{ name: 'Sign in', ok: true, detail: 'It knows us.' }],
    ...(credentialExpiresAt ? { credentialExpiresAt } : {}),
  })

describe('a look at a connection', () => {
  it('leaves a line of health each time, and an entry only where the answer is another', async () => {
    await probe()
    await probe()
    world.target.fault({ kind: 'status', status: 500, times: 2 })
    await probe()
    await probe()
    await probe()
    expect((await lines()).map((line) => [line.ok, line.detail !== null])).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [true, false],
    ])
    const entries = await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, world.connectionId),
      orderBy: asc(schema.timeline.version),
    })
    expect(entries.map((entry) => [entry.verb, entry.data.ok])).toEqual([
      ['tested', true],
      ['tested', false],
      ['tested', true],
    ])
    expect(await connection()).toMatchObject({ probeOk: true, version: 1 })
    expect(JSON.stringify([entries, await lines(), await connection()])).not.toContain(
      world.target.secret.slice(6),
    )
  })

  it('that succeeds after a failure has what waits tried at once', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ kind: 'status', status: 503, times: 1000 })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' }))
    await world.drain()
    await probe()
    await world.db.update(schema.work).set({ notBefore: sql`clock_timestamp() + interval '15 minutes'` })
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('revoking')
    world.target.clear()
    await probe()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
  })

  it('does not call a refused credential over while something that was refused waits', async () => {
    world.target.fault({ kind: 'status', status: 401, on: 'account.resolve', times: 1000 })
    await world.approved()
    await world.drain()
    expect(await connection()).toMatchObject({ probeOk: false })
    await probe()
    const { probeOk, probe: stored } = await connection()
    expect(probeOk).toBe(false)
    expect(stored).toMatchObject({ trouble: { code: 'auth' }, failed: [] })
    await world.db.delete(schema.work).where(eq(schema.work.kind, 'give'))
    await probe()
    expect(await connection()).toMatchObject({ probeOk: true })
    world.target.clear()
  })

  it('is worth nothing where the settings were edited meanwhile, and waits where patience was asked for', async () => {
    vi.spyOn(connectors.webhook, 'testConnection').mockImplementationOnce(async () => {
      const settings = { url: world.target.url, effectDelaySeconds: '5' }
      must(
        await editConnection(world.as(world.ines), {
          applicationId: world.applicationId,
          version: 1,
          settings,
        }),
      )
      return { ok: false, checks: [] }
    })
    await probe()
    expect(await lines()).toEqual([])
    await world.db.update(schema.connection).set({ resumeAt: sql`clock_timestamp() + interval '1 minute'` })
    await probe()
    expect(pings()).toBe(0)
  })

  it('is kept for 30 days', async () => {
    await probe()
    await world.db.update(schema.probe).set({ at: sql`clock_timestamp() - interval '31 days'` })
    await probe()
    expect(await lines()).toHaveLength(1)
  })
})

describe('an outage', () => {
  const mails = () => world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'connection-trouble') })
  /** The lines that are there get older; the next look is a quarter of an hour after them. */
  const quarter = () =>
    world.db.update(schema.probe).set({ at: sql`${schema.probe.at} - interval '15 minutes'` })
  const down = async () => {
    await quarter()
    await probe()
  }

  it('of an hour is told once to whom the application belongs, and anew the next time', async () => {
    await probe()
    world.target.fault({ kind: 'status', status: 503, times: 1000 })
    for (let look = 1; look <= 3; look++) await down()
    expect(await mails()).toEqual([])
    for (let look = 4; look <= 6; look++) await down()
    await world.drain()
    expect((await mails()).map((mail) => [mail.recipient, mail.state])).toEqual([[world.ben.email, 'sent']])
    expect((await mails())[0]?.subject).toContain('has failed every test for an hour')
    // Five looks ago: what the mail says is when it began, not when it was written.
    const [told] = await mails()
    const since = new Date(String(told?.data.since))
    expect(Math.round(((told?.createdAt.getTime() ?? 0) - since.getTime()) / 60_000)).toBe(45)

    world.target.clear()
    await down()
    world.target.fault({ kind: 'status', status: 503, times: 1000 })
    for (let look = 1; look <= 4; look++) await down()
    await world.drain()
    expect(await mails()).toHaveLength(2)
  })

  it('that is over before the mail goes out is not told', async () => {
    world.target.fault({ kind: 'status', status: 503, times: 1000 })
    for (let look = 1; look <= 4; look++) await down()
    world.target.clear()
    await probe()
    await world.drain()
    expect((await mails()).map((mail) => mail.state)).toEqual(['dropped'])
  })
})

describe('the job', () => {
  const job = () => world.db.query.work.findFirst({ where: eq(schema.work.kind, 'probe') })

  it('is armed once, takes no place that a take is called in, and is held back until its time', async () => {
    await armUpkeep(world.db)
    await armUpkeep(world.db)
    expect(await world.db.$count(schema.work, eq(schema.work.kind, 'probe'))).toBe(1)
    expect(await job()).toMatchObject({ connectionId: null, subjectId: world.connectionId })
    await world.retryNow()
    expect(pings()).toBe(1)
    const [next] = await world.db.execute<{ seconds: string }>(
      sql`select extract(epoch from not_before - clock_timestamp()) as seconds from work where kind = 'probe'`,
    )
    expect(Number(next?.seconds)).toBeGreaterThan(13 * 60)
    expect(Number(next?.seconds)).toBeLessThanOrEqual(15 * 60)
    await world.advance('+2d')
    expect(pings()).toBe(1)
  })

  it('ends with its application', async () => {
    await armUpkeep(world.db)
    await world.db.update(schema.application).set({ archivedAt: new Date() })
    await world.retryNow()
    await armUpkeep(world.db)
    expect(await job()).toBeUndefined()
    expect(pings()).toBe(0)
  })
})

describe('a credential that ends', () => {
  const mails = () => world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'credential-ends') })
  const inDays = async (days: number) => {
    const rows = await world.db.execute<{ now: string }>(sql`select leasehold_now() as now`)
    return new Date(new Date(rows[0]?.now ?? '').getTime() + days * DAY_MS)
  }

  it('is told of 30, 7 and 1 days ahead, once each, and not when it is over', async () => {
    answers(await inDays(40))
    await probe()
    expect(await warnOfCredentials(world.db)).toBe(0)
    const warned: (number | null)[] = []
    for (const by of ['+10d 1h', '+1d', '+22d', '+1d', '+5d', '+12h', '+2d']) {
      await world.advance(by)
      await Promise.all([warnOfCredentials(world.db), warnOfCredentials(world.db)])
      await world.drain()
      warned.push((await connection()).credentialWarnedDays)
    }
    expect(warned).toEqual([30, 30, 7, 7, 1, 1, 1])
    expect((await mails()).map((mail) => [mail.recipient, mail.state])).toEqual(
      Array(3).fill([world.ben.email, 'sent']),
    )
    expect((await mails())[0]?.text).toContain('Replace the credential: ')
    expect(await world.verbs(world.connectionId)).toEqual(['tested', ...Array(3).fill('needs_attention')])
  })

  it('is told of to admins where nobody owns it; a new credential begins anew', async () => {
    await world.db.delete(schema.applicationOwner)
    answers(await inDays(5))
    must(await testConnection(world.as(world.ines), { applicationId: world.applicationId }))
    expect(await warnOfCredentials(world.db)).toBe(1)
    expect(await connection()).toMatchObject({ credentialWarnedDays: 7 })
    answers(await inDays(6))
    await probe()
    expect(await connection()).toMatchObject({ credentialWarnedDays: null })
    expect(await warnOfCredentials(world.db)).toBe(1)
    expect((await mails()).map((mail) => mail.recipient)).toEqual([world.ines.email, world.ines.email])
    answers()
    await probe()
    expect(await connection()).toMatchObject({ credentialExpiresAt: null, credentialWarnedDays: null })
    // The mails were about ends that are none any more.
    await world.drain()
    expect((await mails()).map((mail) => mail.state)).not.toContain('sent')
  })
})
