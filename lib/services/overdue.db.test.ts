import { and, eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { overduePage } from '@/lib/queries/overdue'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { attestGone, confirmGone, retryTake } from './overdue'

/** The target answers nobody. */
const away = { kind: 'status', status: 503, times: 1000 } as const

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const reason = 'The server was scrapped on Monday'

/** Held by Ana, over, and not to be taken: the target answers nobody. */
async function overdue(): Promise<string> {
  const grantId = await world.approved()
  await world.drain()
  world.target.fault(away)
  await world.advance('+6h 10m')
  expect((await world.grant(grantId)).overdueSince).not.toBeNull()
  return grantId
}

const attest = (who: TestPerson, grantId: string) => attestGone(world.as(who), { grantId, reason })
const confirm = (who: TestPerson, grantId: string) => confirmGone(world.as(who), { grantId, reason })
const lastVerbs = async (id: string, n: number) => (await world.verbs(id)).slice(-n)
/** Nothing of a refusal stays. */
const untouched = async (id: string) => {
  expect(await world.grant(id)).toMatchObject({ state: 'revoking', endReason: 'expired' })
  expect(await world.db.$count(schema.attestation)).toBe(0)
}
/** Ends what the test left, so that the record is held against the invariants whole. */
async function takenBack(): Promise<void> {
  world.target.clear()
  await world.retryNow()
  // What was attested is looked at an hour later.
  if (world.holders().length > 0) await world.advance('+1h')
  await world.retryNow()
  expect(world.holders()).toEqual([])
}

describe('attesting', () => {
  it('takes two people; one alone changes nothing but the record', async () => {
    const grantId = await overdue()
    must(await attest(world.ben, grantId))
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'expired' })
    expect(await lastVerbs(grantId, 1)).toEqual(['attesting'])
    expect(await confirm(world.ben, grantId)).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('somebody else'),
    })
    expect(await attest(world.ines, grantId)).toMatchObject({ code: 'conflict' })
    expect(must(await confirm(world.ines, grantId))).toEqual({ grantId, ended: true })
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'ended', endReason: 'attested', verified: false, seenAbsentAt: null })
    expect(await lastVerbs(grantId, 2)).toEqual(['attesting', 'attested'])
    const entries = await world.db.query.timeline.findMany({
      where: and(eq(schema.timeline.subjectId, grantId), sql`verb in ('attesting', 'attested')`),
      orderBy: schema.timeline.version,
    })
    expect(entries.map((entry) => [entry.actorId, entry.data.note])).toEqual([
      [world.ben.id, reason],
      [world.ines.id, reason],
    ])
    await takenBack()
  })

  it('is not verified: it is looked at hourly, and counts as verified only when a look saw it gone', async () => {
    const grantId = await overdue()
    must(await attest(world.ben, grantId))
    must(await confirm(world.ines, grantId))
    await world.advance('+1h')
    await world.retryNow()
    const look = await world.db.query.work.findFirst({ where: eq(schema.work.kind, 'look') })
    const [{ pause } = { pause: 0 }] = await world.db.execute<{ pause: number }>(
      sql`select extract(epoch from not_before - clock_timestamp())::float8 as pause from work where kind = 'look'`,
    )
    expect(look).toBeDefined()
    expect(pause).toBeGreaterThan(3500)
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', verified: false })
    world.target.clear()
    world.target.state.drop(world.externalId, world.anaAccount)
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({
      state: 'ended',
      endReason: 'attested',
      verified: true,
      seenAbsentAt: expect.any(Date),
    })
    expect(await world.db.query.work.findFirst({ where: eq(schema.work.kind, 'look') })).toBeUndefined()
  })

  it('is wrong when the target shows it: it is taken back again, and the finding stays', async () => {
    const grantId = await overdue()
    must(await attest(world.ben, grantId))
    must(await confirm(world.ines, grantId))
    await world.advance('+1h')
    await takenBack()
    expect(await world.verbs(grantId)).toEqual(
      expect.arrayContaining(['attested', 'reopened', 'seen_absent']),
    )
    const [found] = await world.db.select().from(schema.finding)
    expect(found).toMatchObject({ kind: 'came_back', grantId, closedAt: null })
    expect(found?.detail).toContain('after people had attested')
    // The end it was about is another one now: nobody's word of before counts for it.
    expect(await confirm(world.ben, grantId)).toMatchObject({ code: 'conflict' })
  })

  it('is by nobody whose access it is, by whatever account, and by nobody who does not look after it', async () => {
    const grantId = await overdue()
    const spelled = world.ana.email.replace('@', '+home@')
    const twin = await world.person('Ana Oliveira', { email: spelled, admin: true })
    const mei = await world.person('Mei Tanaka')
    const ada = await world.person('Ada Auditor', { auditor: true })
    expect(await attest(world.ana, grantId)).toMatchObject({ code: 'forbidden' })
    expect(await attest(twin, grantId)).toMatchObject({ code: 'forbidden' })
    expect(await attest(ada, grantId)).toMatchObject({ code: 'forbidden' })
    expect(await attest(mei, grantId)).toMatchObject({ code: 'forbidden', hidden: true })
    await untouched(grantId)
    must(await attest(world.ben, grantId))
    expect(await confirm(world.ana, grantId)).toMatchObject({ code: 'forbidden' })
    expect(await confirm(twin, grantId)).toMatchObject({ code: 'forbidden' })
    expect(await confirm(mei, grantId)).toMatchObject({ code: 'forbidden', hidden: true })
    must(await confirm(ada, grantId))
    expect((await world.grant(grantId)).endReason).toBe('attested')
    await takenBack()
  })

  it('takes a fresh sign-in of both', async () => {
    const grantId = await overdue()
    const stale = (who: TestPerson) => ({
      db: world.db,
      actor: { ...who.actor, session: { way: 'oidc', fresh: false } as const },
    })
    expect(await attestGone(stale(world.ben), { grantId, reason })).toMatchObject({ code: 'sign_in_again' })
    await untouched(grantId)
    must(await attest(world.ben, grantId))
    expect(await confirmGone(stale(world.ines), { grantId, reason })).toMatchObject({ code: 'sign_in_again' })
    expect((await world.grant(grantId)).state).toBe('revoking')
    await takenBack()
  })

  it('takes a reason of both, at the field', async () => {
    const grantId = await overdue()
    const none = { grantId, reason: '' }
    expect(await attestGone(world.as(world.ben), none)).toMatchObject({ code: 'invalid', field: 'reason' })
    must(await attest(world.ben, grantId))
    expect(await confirmGone(world.as(world.ines), none)).toMatchObject({ code: 'invalid', field: 'reason' })
    await takenBack()
  })

  it('is not for what is not overdue, nor for a target that answers that it is there', async () => {
    const grantId = await world.approved()
    await world.drain()
    expect(await attest(world.ben, grantId)).toMatchObject({
      code: 'conflict',
      message: 'This access is active',
    })
    world.target.fault({ ...away, on: 'grant.revoke' })
    await world.advance('+6h 10m')
    expect((await world.grant(grantId)).overdueSince).not.toBeNull()
    expect(await attest(world.ben, grantId)).toMatchObject({
      code: 'conflict',
      message: 'Data warehouse answers, and says that it is still there',
    })
    await untouched(grantId)
    await takenBack()
    expect(await attest(world.ben, grantId)).toMatchObject({
      code: 'conflict',
      message: 'This access has ended',
    })
  })

  it('is by one person twice, a day apart and said so, only where there is nobody else', async () => {
    const grantId = await overdue()
    await world.db.update(schema.person).set({ admin: false }).where(eq(schema.person.id, world.ines.id))
    must(await attest(world.ben, grantId))
    expect(await confirm(world.ben, grantId)).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('1 day'),
    })
    await world.advance('+1d')
    must(await confirm(world.ben, grantId))
    const entry = await world.db.query.timeline.findFirst({
      where: and(eq(schema.timeline.subjectId, grantId), eq(schema.timeline.verb, 'attested')),
    })
    expect(entry?.data).toMatchObject({ alone: true })
    await takenBack()
  })

  it('is said to the holder with who and why', async () => {
    const grantId = await overdue()
    must(await attest(world.ben, grantId))
    must(await confirm(world.ines, grantId))
    await world.drain()
    const mail = await world.db.query.mail.findFirst({ where: eq(schema.mail.kind, 'access-ended') })
    expect(mail).toMatchObject({ recipient: world.ana.email, grantId, state: 'sent' })
    expect(mail?.text).toContain('Ben Okafor and Ines Albrecht stated that it is gone')
    await takenBack()
  })

  it('cannot be unsaid in the database', async () => {
    const grantId = await overdue()
    must(await attest(world.ben, grantId))
    await expect(world.db.delete(schema.attestation)).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringContaining('append-only') }),
    })
    await takenBack()
  })
})

describe('retry now', () => {
  it('is tried at once, through a rest of the connection, by an owner or an admin', async () => {
    const grantId = await overdue()
    const mei = await world.person('Mei Tanaka')
    expect(await retryTake(world.as(world.ana), { grantId })).toMatchObject({ code: 'forbidden' })
    expect(await retryTake(world.as(mei), { grantId })).toMatchObject({ code: 'forbidden', hidden: true })
    await world.db.update(schema.connection).set({
      breakerOpenedAt: sql`clock_timestamp()`,
      breakerUntil: sql`clock_timestamp() + interval '30 s'`,
    })
    await world.db
      .update(schema.work)
      .set({ notBefore: sql`clock_timestamp() + interval '10 min'`, leaseUntil: null })
      .where(eq(schema.work.kind, 'take'))
    world.target.clear()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('revoking')
    must(await retryTake(world.as(world.ben), { grantId }))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await world.verbs(grantId)).toContain('retry_asked')
    expect(world.holders()).toEqual([])
  })

  it('waits as long as the target asked for, and says so', async () => {
    const grantId = await overdue()
    await world.db.update(schema.connection).set({ resumeAt: sql`clock_timestamp() + interval '10 min'` })
    expect(await retryTake(world.as(world.ines), { grantId })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('slow down'),
    })
    expect(await world.verbs(grantId)).not.toContain('retry_asked')
    await takenBack()
  })

  it('keeps the count of tries and the moment it was due', async () => {
    const grantId = await overdue()
    const take = () => world.db.query.work.findFirst({ where: eq(schema.work.kind, 'take') })
    const before = await take()
    must(await retryTake(world.as(world.ben), { grantId }))
    const after = await take()
    expect(after).toMatchObject({ attempt: before?.attempt, dueAt: before?.dueAt, notBefore: null })
    await takenBack()
  })
})

describe('who is told', () => {
  const alarms = async () => {
    const rows = await world.db.query.mail.findMany({
      where: eq(schema.mail.kind, 'could-not-remove'),
      orderBy: schema.mail.createdAt,
    })
    return rows.map((row) => row.recipient)
  }

  it('the owners once, an hour later the admins, and then nobody again', async () => {
    await overdue()
    expect(await alarms()).toEqual([world.ben.email])
    await world.advance('+40m')
    expect(await alarms()).toEqual([world.ben.email])
    await world.advance('+30m')
    expect(await alarms()).toEqual([world.ben.email, world.ines.email])
    await world.advance('+1d')
    expect(await alarms()).toEqual([world.ben.email, world.ines.email])
    await takenBack()
  })

  it('nobody a second time because they are an admin too, and no admin where it is gone by then', async () => {
    await world.db.update(schema.person).set({ admin: true }).where(eq(schema.person.id, world.ben.id))
    await overdue()
    await takenBack()
    await world.advance('+2h')
    expect(await alarms()).toEqual([world.ben.email])
  })

  it('the admins at once where nobody owns it', async () => {
    await world.approved()
    await world.drain()
    await world.db.delete(schema.applicationOwner)
    world.target.fault(away)
    await world.advance('+9h')
    expect(await alarms()).toEqual([world.ines.email])
    await takenBack()
  })
})

describe('the page', () => {
  const page = async (who: TestPerson) => {
    const [row] = await world.db.execute<{ now: string }>(sql`select leasehold_now() as now`)
    return overduePage(world.as(who), new Date(row!.now))
  }

  it('shows since when, tries, the last answer, who knows, and what one may do', async () => {
    const grantId = await overdue()
    expect(await page(world.ana)).toBeNull()
    const shown = await page(world.ben)
    const { rightOverAt } = await world.grant(grantId)
    expect(shown?.total).toBe(1)
    expect(shown?.items[0]).toMatchObject({
      row: { id: grantId, lastAnswer: 'retryable', taking: { tries: expect.any(Number) } },
      since: rightOverAt,
      told: [{ name: 'Ben Okafor', escalated: false }],
      escalatesAt: expect.any(Date),
      first: null,
      may: { retry: true, attest: { as: 'first', why: null } },
    })
    expect(shown?.items[0]?.said).toContain('503')
    const calls = await world.db.query.attempt.findMany({ where: eq(schema.attempt.operation, 'revoke') })
    const tries = shown?.items[0]?.tries.map((at) => at.getTime()) ?? []
    expect(tries).toHaveLength(calls.length)
    expect(tries.length).toBeGreaterThan(1)
    expect(tries).toEqual(tries.toSorted((a, b) => b - a))
    expect(tries.at(-1)).toBeGreaterThanOrEqual(rightOverAt?.getTime() ?? 0)
    must(await attest(world.ben, grantId))
    const own = (await page(world.ben))?.items[0]
    expect(own?.first).toMatchObject({ by: 'Ben Okafor', reason })
    expect(own?.may.attest).toMatchObject({ as: 'second', why: expect.stringContaining('somebody else') })
    expect((await page(world.ines))?.items[0]?.may.attest).toEqual({ as: 'second', why: null })
    must(await confirm(world.ines, grantId))
    const after = await page(world.ines)
    expect(after).toMatchObject({
      total: 0,
      closed: [{ id: grantId, how: 'attested', lateMs: null, by: ['Ben Okafor', 'Ines Albrecht'] }],
    })
    await takenBack()
  })
})
