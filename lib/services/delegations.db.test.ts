import { and, asc, eq, like } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, HOUR, plus } from '@/lib/domain/duration'
import type { ApprovalStep } from '@/lib/domain/policy'
import { advanceClock, parseAdvance } from '@/lib/engine/advance'
import { newId } from '@/lib/ids'
import { approvalQueue, countToDecide, myDecisions } from '@/lib/queries/approvals'
import { awayPage, myAway, unsafeAway } from '@/lib/queries/away'
import { requestDetails, requestStory } from '@/lib/queries/requests'
import { must } from '@/lib/testing/lease-world'
import { race, refusals, won } from '@/lib/testing/race'
import { timelineWords } from '@/lib/timeline-words'
import { decideOnRequest, withdrawRequest } from './decisions'
import { endDelegation, setDelegation, tellSubstitutes } from './delegations'
import { deactivatePerson } from './people'
import { escalateRequest } from './request-escalation'
import { askForAccess } from './requests'

let world: World
let ben: TestPerson
let ola: TestPerson
let ana: TestPerson
let sam: TestPerson
let tom: TestPerson
let ines: TestPerson
let application: string
let one: string
let two: string
let managed: string

beforeAll(async () => {
  world = await createWorld()
  ben = await world.person('Ben Okafor')
  ola = await world.person('Ola Nowak')
  sam = await world.person('Sam Weiss')
  tom = await world.person('Tom Berg')
  ines = await world.person('Ines Albrecht', { admin: true })
  application = await world.application('Data warehouse', { owners: [ben, ola] })
  one = await offered('prod_read', [{ approvers: [{ kind: 'person', id: ben.id }], quorum: 1 }])
  two = await offered('prod_write', [{ approvers: [{ kind: 'owners' }], quorum: 2 }])
  managed = await offered('logs_read', [{ approvers: [{ kind: 'manager' }], quorum: 1 }])
})
afterAll(async () => {
  await world.close()
})
beforeEach(async () => {
  await world.db.delete(schema.delegation)
  const open = await world.db.query.request.findMany({ where: eq(schema.request.state, 'pending') })
  for (const { id } of open) must(await withdrawRequest(world.as('engine'), id))
  // Holds nothing yet, and has asked for nothing.
  ana = await world.person('Ana Oliveira', { email: `ana.${newId()}@halden.example`, managerId: ben.id })
})

async function offered(name: string, steps: ApprovalStep[]): Promise<string> {
  const id = await world.entitlement(application, name)
  const presets = [{ seconds: 6 * HOUR, noticeSeconds: HOUR }]
  await world.policy(name, { entitlementIds: [id], presets, steps, decideWithinSeconds: 30 * DAY })
  return id
}

const now = () => readNow(world.db)
const advance = async (by: string) => must(await advanceClock(world.database, parseAdvance(by) ?? 0))
const ask = async (entitlementId: string) =>
  must(await askForAccess(world.as(ana), { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' })).requestId

/** Somebody names a substitute, from so many seconds on for so many; from now where nothing is said. */
async function away(
  who: TestPerson,
  substitute: TestPerson,
  { from, seconds = 2 * DAY, by = who }: { from?: number; seconds?: number; by?: TestPerson } = {},
) {
  const at = await now()
  return setDelegation(world.as(by), {
    personId: who.id,
    substituteId: substitute.id,
    startsAt: from === undefined ? null : plus(at, from),
    endsAt: plus(at, (from ?? 0) + seconds),
  })
}

const agree = (who: TestPerson, requestId: string, db = world.db) =>
  decideOnRequest({ ...world.as(who), db }, { requestId, verdict: 'approve', note: null, version: 1 })
const waits = async (who: TestPerson) =>
  (await approvalQueue(world.as(who), await now())).items.map((i) => [i.id, i.inPlaceOf?.name ?? null])
const votes = (requestId: string) =>
  world.db.query.decision.findMany({ where: eq(schema.decision.requestId, requestId) })
const asked = (requestId: string, who: TestPerson) =>
  world.db
    .select({ occasion: schema.mail.occasion })
    .from(schema.mail)
    .where(
      and(
        eq(schema.mail.requestId, requestId),
        eq(schema.mail.personId, who.id),
        like(schema.mail.occasion, 'decision-needed:%'),
      ),
    )
    .orderBy(asc(schema.mail.createdAt))

describe('the dates', () => {
  it('show the request to the substitute in that time, not before, not after', async () => {
    const requestId = await ask(one)
    must(await away(ben, sam, { from: HOUR, seconds: 2 * HOUR }))
    expect(await waits(sam)).toEqual([])
    expect(await agree(sam, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await asked(requestId, sam)).toEqual([])
    await advance('90m')
    expect(await waits(sam)).toEqual([[requestId, 'Ben Okafor']])
    expect(await countToDecide(world.as(sam), await now())).toBe(1)
    expect(await waits(ben)).toEqual([[requestId, null]])
    const [item] = (await approvalQueue(world.as(sam), await now())).items
    const [set] = await world.db.query.delegation.findMany()
    expect(item?.inPlaceOf).toEqual({ name: 'Ben Okafor', until: set?.endsAt })
    await advance('2h')
    expect(await waits(sam)).toEqual([])
    expect(await agree(sam, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await waits(ben)).toEqual([[requestId, null]])
  })

  it('begin when they say so: the substitute is told then, once, of what waited already', async () => {
    const before = await ask(one)
    const { delegationId } = must(await away(ben, sam, { from: HOUR }))
    await tellSubstitutes(world.db)
    expect(await asked(before, sam)).toEqual([])
    await advance('61m')
    const after = await ask(managed)
    for (let i = 0; i < 2; i++) await tellSubstitutes(world.db)
    expect(await asked(before, sam)).toEqual([
      { occasion: `decision-needed:${before}:1:0:substitute:${delegationId}` },
    ])
    const { askId } = (await world.db.query.request.findFirst({ where: eq(schema.request.id, after) }))!
    expect(await asked(after, sam)).toEqual([{ occasion: `decision-needed:${askId}` }])
    expect(await asked(after, ben)).toHaveLength(1)
  })

  it('are now where nothing is said: what waits is told at once, and decided in that place', async () => {
    const requestId = await ask(one)
    const { delegationId, startsAt } = must(await away(ben, sam))
    expect(startsAt.getTime()).toBeLessThanOrEqual((await now()).getTime())
    expect(await asked(requestId, sam)).toEqual([
      { occasion: `decision-needed:${requestId}:1:0:substitute:${delegationId}` },
    ])
    must(await agree(sam, requestId))
    expect(await votes(requestId)).toMatchObject([{ personId: sam.id, forId: ben.id }])
    const details = await requestDetails(world.as(ana), requestId, await now())
    expect(details?.decisions).toMatchObject([{ personName: 'Sam Weiss', forName: 'Ben Okafor' }])
    for (const who of [sam, ben])
      expect((await myDecisions(world.as(who), await now())).items[0]).toMatchObject({
        request: { id: requestId },
        vote: { personName: 'Sam Weiss', forName: 'Ben Okafor' },
      })
    const story = details ? await requestStory(world.as(ana), details) : []
    const told = story
      .filter((e) => e.verb === 'approved')
      .map((e) => timelineWords(e, { zone: 'UTC', now: e.at }))
    expect(told).toMatchObject([{ who: 'Sam Weiss', text: 'agreed, in place of Ben Okafor' }])
  })

  it.each([
    ['a start that is over', -2 * 60, DAY, 'startsAt', /past/],
    ['an end before the start', 2 * HOUR, -HOUR, 'endsAt', /after the start/],
    ['an end that is over', undefined, -HOUR, 'endsAt', /past/],
    ['more than 366 days ahead', undefined, 367 * DAY, 'endsAt', /366 days/],
  ])('refuse %s', async (_name, from, seconds, field, message) => {
    const refused = await away(ben, sam, { from, seconds })
    expect(refused).toMatchObject({ ok: false, code: 'invalid', field })
    expect(refused).toHaveProperty('message', expect.stringMatching(message))
    expect(await world.db.query.delegation.findMany()).toEqual([])
  })

  it('take a start of this very minute as now, never as a moment before', async () => {
    const at = await now()
    const { startsAt } = must(await away(ben, sam, { from: -20 }))
    expect(startsAt.getTime()).toBeGreaterThanOrEqual(at.getTime())
  })

  it('do not overlap, by whatever account; what was called off leaves its time free', async () => {
    must(await away(ben, sam, { from: HOUR, seconds: 2 * HOUR }))
    expect(await away(ben, tom, { from: 2 * HOUR })).toMatchObject({ code: 'invalid', field: 'startsAt' })
    expect(await away(ben, tom)).toMatchObject({ code: 'invalid', field: 'startsAt' })
    const twin = await world.person('Ben Again', { email: 'Ben.Okafor+x@halden.example' })
    expect(await away(twin, tom, { from: 2 * HOUR })).toMatchObject({ code: 'invalid', field: 'startsAt' })
    const { delegationId } = must(await away(ben, tom, { from: 3 * HOUR, seconds: HOUR }))
    expect(await away(ben, sam, { from: 3 * HOUR, seconds: HOUR })).toMatchObject({ field: 'startsAt' })
    must(await endDelegation(world.as(ben), { delegationId }))
    must(await away(ben, sam, { from: 3 * HOUR, seconds: HOUR }))
  })

  it('overlap never, however many are set at once', async () => {
    const at = await now()
    const set = (substitute: TestPerson, from: number) => () =>
      setDelegation(
        { ...world.as(ben), db: world.clients.db },
        {
          personId: ben.id,
          substituteId: substitute.id,
          startsAt: plus(at, from),
          endsAt: plus(at, from + DAY),
        },
      )
    const results = await race(set(sam, HOUR), set(tom, 2 * HOUR))
    expect(won(results)).toBe(1)
    expect(refusals(results)).toEqual(['invalid'])
    expect(await world.db.query.delegation.findMany()).toHaveLength(1)
  })
})

describe('who', () => {
  it('is somebody else, active, and not oneself by another account', async () => {
    const twin = await world.person('Ben Third', { email: 'ben.okafor+third@halden.example' })
    const gone = await world.person('Gone Already', { deactivatedAt: await now() })
    expect(await away(ben, ben)).toMatchObject({ code: 'invalid', field: 'substituteId' })
    expect(await away(ben, twin)).toMatchObject({ code: 'invalid', field: 'substituteId' })
    expect(await away(ben, gone)).toMatchObject({ code: 'invalid', field: 'substituteId' })
    expect(await away(gone, sam, { by: ines })).toMatchObject({ code: 'conflict' })
    const names = (await awayPage(world.as(ben), ben.id, await now()))?.choices.map((c) => c.name)
    expect(names).toContain('Sam Weiss')
    for (const name of ['Ben Okafor', 'Ben Third', 'Gone Already']) expect(names).not.toContain(name)
  })

  it('is said by the person, or by an admin for them, and stands in the timeline', async () => {
    expect(await away(ben, sam, { by: sam })).toMatchObject({ code: 'forbidden' })
    const { delegationId } = must(await away(ben, sam, { by: ines }))
    expect(await endDelegation(world.as(sam), { delegationId })).toMatchObject({ code: 'forbidden' })
    must(await endDelegation(world.as(ines), { delegationId }))
    expect(await endDelegation(world.as(ben), { delegationId })).toMatchObject({ code: 'conflict' })
    const entries = await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, ben.id),
      orderBy: asc(schema.timeline.version),
    })
    expect(entries.slice(-2)).toMatchObject([
      { verb: 'delegated', actorId: ines.id, data: { substitute: 'Sam Weiss', person: 'Ben Okafor' } },
      { verb: 'delegation_ended', actorId: ines.id, data: { substitute: 'Sam Weiss' } },
    ])
    expect(await awayPage(world.as(sam), ben.id, await now())).toBeNull()
  })

  it('is not chosen by an admin whose own request the one who is away may decide on', async () => {
    const leo = await world.person('Leo Admin', { admin: true, managerId: ben.id })
    const { requestId } = must(
      await askForAccess(world.as(leo), { entitlementId: managed, seconds: 6 * HOUR, reason: 'INC-1' }),
    )
    expect(await away(ben, sam, { by: leo })).toMatchObject({ code: 'forbidden' })
    must(await away(ben, sam))
    must(await withdrawRequest(world.as(leo), requestId))
  })

  it('is nobody once they are deactivated; the one who is away still decides', async () => {
    const brief = await world.person('Brief Visitor')
    const requestId = await ask(one)
    must(await away(ben, brief))
    expect(await waits(brief)).toEqual([[requestId, 'Ben Okafor']])
    expect((await unsafeAway(world.db, [ben.id], await now())).get(ben.id)?.substitute).toBe('Brief Visitor')
    must(await deactivatePerson(world.as(ines), { personId: brief.id }))
    expect(await agree(brief, requestId)).toMatchObject({ ok: false })
    expect((await unsafeAway(world.db, [ben.id], await now())).size).toBe(0)
    expect((await awayPage(world.as(ben), ben.id, await now()))?.own).toEqual([])
    must(await agree(ben, requestId))
  })
})

describe('ending it early', () => {
  it('is from then on: what was decided stays, nothing more is', async () => {
    const done = await ask(two)
    const { delegationId } = must(await away(ben, sam))
    expect(await myAway(world.as(ben), await now())).toMatchObject({ away: { substitute: 'Sam Weiss' } })
    expect(await myAway(world.as(sam), await now())).toMatchObject({ standsIn: [{ name: 'Ben Okafor' }] })
    must(await agree(sam, done))
    must(await endDelegation(world.as(ben), { delegationId }))
    expect(await myAway(world.as(ben), await now())).toEqual({ away: null, standsIn: [] })
    expect(await agree(ben, done)).toMatchObject({ code: 'conflict' })
    must(await agree(ola, done))
    const later = await ask(one)
    expect(await agree(sam, later)).toMatchObject({ code: 'forbidden' })
    must(await agree(ben, later))
  })

  it('calls off one that did not begin', async () => {
    const requestId = await ask(one)
    const { delegationId } = must(await away(ben, sam, { from: HOUR }))
    must(await endDelegation(world.as(ben), { delegationId }))
    await advance('2h')
    expect(await waits(sam)).toEqual([])
    expect(await agree(sam, requestId)).toMatchObject({ code: 'forbidden' })
    expect((await awayPage(world.as(ben), ben.id, await now()))?.own).toEqual([])
  })
})

describe('nobody decides on their own request that way', () => {
  it('not whoever asked, whom the manager names', async () => {
    const requestId = await ask(managed)
    must(await away(ben, ana))
    expect(await agree(ana, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await waits(ana)).toEqual([])
    expect(await asked(requestId, ana)).toEqual([])
    must(await agree(ben, requestId))
  })

  it('not by another account of whoever asked', async () => {
    const twin = await world.person('Ana Again', { email: ana.email.replace('@', '+2@') })
    const requestId = await ask(managed)
    must(await away(ben, twin))
    expect(await agree(twin, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await waits(twin)).toEqual([])
  })

  it('not whoever it is for, where somebody else asked', async () => {
    const { requestId } = must(
      await askForAccess(world.as(ines), {
        entitlementId: one,
        seconds: 6 * HOUR,
        reason: 'INC-1',
        personId: ana.id,
      }),
    )
    const first = must(await away(ben, ana))
    expect(await agree(ana, requestId)).toMatchObject({ code: 'forbidden' })
    must(await endDelegation(world.as(ben), first))
    must(await away(ben, ines))
    expect(await agree(ines, requestId)).toMatchObject({ code: 'forbidden' })
    must(await agree(ben, requestId))
  })

  it('not by the substitute whom the requester named for themself', async () => {
    const requestId = await ask(one)
    must(await away(ana, sam))
    expect(await agree(sam, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await waits(sam)).toEqual([])
  })
})

describe('the queue of a substitute', () => {
  it('holds what the fallback is asked of an admin who is away', async () => {
    const late = await offered(`late-${newId()}`, [
      { approvers: [{ kind: 'person', id: tom.id }], quorum: 1, escalateSeconds: HOUR },
    ])
    await world.db.delete(schema.applicationOwner)
    const requestId = await ask(late)
    must(await away(ines, sam))
    expect(await waits(sam)).toEqual([])
    await world.db
      .update(schema.request)
      .set({ stepOpenedAt: plus(await now(), -2 * HOUR) })
      .where(eq(schema.request.id, requestId))
    must(await escalateRequest(world.as('engine'), requestId))
    expect(await waits(sam)).toEqual([[requestId, 'Ines Albrecht']])
    await world.db
      .insert(schema.applicationOwner)
      .values([ben, ola].map((p) => ({ applicationId: application, personId: p.id })))
  })

  it('holds what was named to another account of theirs, or by another account of who is away', async () => {
    const samToo = await world.person('Sam Again', { email: 'sam.weiss+work@halden.example' })
    const benToo = await world.person('Ben Fourth', { email: 'ben.okafor+four@halden.example' })
    const requestId = await ask(one)
    must(await away(benToo, samToo))
    expect(await waits(sam)).toEqual([[requestId, 'Ben Okafor']])
    expect(await waits(samToo)).toEqual([])
    must(await agree(sam, requestId))
    expect(await votes(requestId)).toMatchObject([{ personId: sam.id, forId: ben.id }])
  })
})

describe('somebody with two accounts', () => {
  /** A group of two accounts of one person and of Ola, of whom two have to agree; the elder account is the one that counts. */
  async function group() {
    const elder = await world.person(`Vera ${newId()}`)
    const younger = await world.person('Vera Again', { email: elder.email.replace('@', '+2@') })
    const id = await world.group(`Two of ${newId()}`, [elder, younger, ola])
    const read = await offered(`read-${newId()}`, [{ approvers: [{ kind: 'group', id }], quorum: 2 }])
    return { elder, younger, requestId: await ask(read) }
  }

  it('decides once, also when the account they did it with is deactivated', async () => {
    const { elder, younger, requestId } = await group()
    must(await agree(elder, requestId))
    must(await deactivatePerson(world.as(ines), { personId: elder.id }))
    expect(await agree(younger, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await waits(younger)).toEqual([])
    must(await agree(ola, requestId))
    expect((await votes(requestId)).map((v) => v.personId)).toEqual([elder.id, ola.id])
  })

  it('is no substitute for a second seat by the other one either', async () => {
    const { elder, younger, requestId } = await group()
    must(await away(ola, younger))
    must(await agree(elder, requestId))
    must(await deactivatePerson(world.as(ines), { personId: elder.id }))
    expect(await agree(younger, requestId)).toMatchObject({ ok: false })
    expect(await waits(younger)).toEqual([])
    must(await agree(ola, requestId))
  })
})

describe('at the same moment', () => {
  it('who is away and their substitute count once, and the other owner is still needed', async () => {
    const requestId = await ask(two)
    must(await away(ben, sam))
    const results = await race(
      () => agree(ben, requestId, world.clients.db),
      () => agree(sam, requestId, world.clients.db),
    )
    expect(won(results)).toBe(1)
    expect(refusals(results)).toEqual(['conflict'])
    expect(await votes(requestId)).toHaveLength(1)
    const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
    expect(row?.state).toBe('pending')
    must(await agree(ola, requestId))
    const after = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
    expect(after?.state).toBe('approved')
  })
})
