import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, HOUR, plus } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { createLink, requestDigest } from '@/lib/links'
import { decideOnRequest, lapseRequest, withdrawRequest } from '@/lib/services/decisions'
import { editRequest } from '@/lib/services/request-edits'
import { escalateRequest, reassignRequest } from '@/lib/services/request-escalation'
import { askForSeveral } from '@/lib/services/requests'
import { must } from '@/lib/testing/lease-world'
import { restOfAsk, whatBecame } from './approvals'
import { decideLink } from './links'
import { requestDetails } from './requests'

let world: World
let ana: TestPerson
let ben: TestPerson
let mira: TestPerson
let jun: TestPerson
let ines: TestPerson
let olga: TestPerson
let data = ''
let group = ''
let read = ''
let write = ''
let logs = ''

beforeAll(async () => {
  world = await createWorld()
  ben = await world.person('Ben Okafor')
  ana = await world.person('Ana Oliveira', { managerId: ben.id })
  mira = await world.person('Mira Lindqvist')
  jun = await world.person('Jun Sato')
  olga = await world.person('Olga Stranger')
  ines = await world.person('Ines Albrecht', { admin: true })
  data = await world.application('Data warehouse', { owners: [mira] })
  group = await world.group('Data platform', [ben, jun])
  read = await world.entitlement(data, 'prod_read')
  write = await world.entitlement(data, 'prod_write')
  logs = await world.entitlement(data, 'logs_read')
  const presets = [
    { seconds: 6 * HOUR, noticeSeconds: HOUR },
    { seconds: DAY, noticeSeconds: 4 * HOUR },
  ]
  const steps = [{ approvers: [{ kind: 'group' as const, id: group }], quorum: 1 }]
  await world.policy('Read', { entitlementIds: [read, logs], presets, steps })
  await world.policy('Write', {
    entitlementIds: [write],
    presets,
    steps: [...steps, { approvers: [{ kind: 'owners' as const }], quorum: 1 }],
  })
})
afterAll(() => world.close())

const now = () => readNow(world.db)

async function ask(...entitlementIds: string[]): Promise<string> {
  const items = entitlementIds.map((entitlementId) => ({ entitlementId, seconds: DAY }))
  const { requestIds } = must(await askForSeveral(world.as(ana), { items, reason: 'INC-1' }))
  return requestIds[0] ?? ''
}

const row = async (id: string) => {
  const found = await world.db.query.request.findFirst({ where: eq(schema.request.id, id) })
  if (!found) throw new Error('no such request')
  return found
}

/** A link as a decision mail carries it, made from what stands now. */
async function mailed(id: string, to: TestPerson): Promise<() => ReturnType<typeof decideLink>> {
  const asked = await row(id)
  const token = await createLink(world.db, {
    purpose: 'decide',
    personId: to.id,
    requestId: id,
    grantId: null,
    digest: requestDigest(asked),
    round: asked.round,
    expiresAt: asked.decideBy,
  })
  return async () => decideLink(world.as(to), token, await now())
}

async function answer(who: TestPerson, id: string, more: { seconds?: number; startAt?: Date } = {}) {
  const { version } = await row(id)
  return decideOnRequest(world.as(who), { requestId: id, verdict: 'approve', note: 'Fine', version, ...more })
}

const edit = async (id: string, seconds: number, reason: string, startAt: Date | null = null) =>
  must(await editRequest(world.as(ana), { requestId: id, seconds, reason, startAt }))

const withdraw = async (id: string) => must(await withdrawRequest(world.as(ana), id))

describe('a link that decides', () => {
  it('shows the form, its steps, and what else was asked in the same go', async () => {
    const id = await ask(read, logs)
    const link = await mailed(id, ben)
    const shown = await link()
    expect(shown).toMatchObject({
      kind: 'decide',
      request: { id, round: 1, steps: [{ open: true, needed: 1 }], others: ['Jun Sato'] },
      rest: [{ name: 'logs_read', application: 'Data warehouse' }],
    })
    must(await answer(ben, id))
    expect(await link()).toMatchObject({
      kind: 'decided',
      details: { request: { state: 'approved' }, decisions: [{ personId: ben.id, note: 'Fine' }] },
      rest: [{ name: 'logs_read' }],
    })
    const [other] = await restOfAsk(world.as(ben), await row(id), await now())
    await withdraw(other?.id ?? '')
  })

  it('says nothing to anybody else, and leads nowhere where it is unknown', async () => {
    const id = await ask(write)
    const asked = await row(id)
    const token = await createLink(world.db, {
      purpose: 'decide',
      personId: ben.id,
      requestId: id,
      grantId: null,
      digest: requestDigest(asked),
      expiresAt: asked.decideBy,
    })
    for (const other of [ana, jun, mira, ines, olga])
      expect(await decideLink(world.as(other), token, await now())).toEqual({ kind: 'foreign' })
    expect(await decideLink(world.as(ben), 'x'.repeat(43), await now())).toEqual({ kind: 'unknown' })
    await withdraw(id)
  })
})

describe('a request whose fallback is asked', () => {
  it('says when that will be, then since when and why, and the fallback decides from its own mail', async () => {
    const slow = await world.entitlement(data, 'slow_read')
    await world.policy('Slow', {
      entitlementIds: [slow],
      reminders: [50],
      steps: [{ approvers: [{ kind: 'person', id: ben.id }], quorum: 1, escalateSeconds: HOUR }],
    })
    const id = await ask(slow)
    const before = await requestDetails(world.as(ana), id, await now())
    const { stepOpenedAt, decideFrom, decideBy } = await row(id)
    expect(before?.request.escalateAt).toEqual(plus(stepOpenedAt, HOUR))
    const half = (decideBy.getTime() - decideFrom.getTime()) / 2000
    expect(before?.request.nextReminderAt).toEqual(plus(decideFrom, Math.round(half)))
    await world.db
      .update(schema.request)
      .set({ stepOpenedAt: plus(stepOpenedAt, -HOUR) })
      .where(eq(schema.request.id, id))
    must(await escalateRequest(world.as('engine'), id))
    const after = await requestDetails(world.as(ana), id, await now())
    expect(after?.request.escalateAt).toBeNull()
    expect(after?.steps[0]).toMatchObject({
      escalated: { why: 'late' },
      approvers: expect.arrayContaining([expect.objectContaining({ name: 'Mira Lindqvist' })]),
    })
    const link = await mailed(id, mira)
    expect(await link()).toMatchObject({ kind: 'decide', request: { id } })
    must(await reassignRequest(world.as(ines), { requestId: id, personIds: [ben.id], reason: 'Ben is back' }))
    expect(await link()).toMatchObject({ kind: 'not_asked', maySee: true, answer: { now: ['Ben Okafor'] } })
    await withdraw(id)
  })

  it('leads on to its own page where the link has had its time', async () => {
    const id = await ask(write)
    const asked = await row(id)
    const token = await createLink(world.db, {
      purpose: 'decide',
      personId: ben.id,
      requestId: id,
      grantId: null,
      digest: requestDigest(asked),
      round: asked.round,
      expiresAt: plus(await now(), -1),
    })
    expect(await decideLink(world.as(ben), token, await now())).toEqual({ kind: 'expired', requestId: id })
    await withdraw(id)
  })
})

describe('a link to what was changed since', () => {
  it('shows the difference to what its own mail said after two edits, and each later mail its own', async () => {
    const id = await ask(write)
    const first = await mailed(id, ben)
    const start = plus(await now(), DAY)
    await edit(id, 6 * HOUR, 'INC-1')
    const second = await mailed(id, ben)
    await edit(id, 6 * HOUR, 'INC-2', start)
    const third = await mailed(id, ben)
    expect(await first()).toMatchObject({
      kind: 'changed',
      request: { id, round: 3 },
      change: {
        seconds: { was: DAY, now: 6 * HOUR },
        startAt: { was: null, now: start },
        reason: { was: 'INC-1', now: 'INC-2' },
        by: [{ byName: 'Ana Oliveira' }, { byName: 'Ana Oliveira' }],
      },
    })
    expect(await second()).toMatchObject({
      kind: 'changed',
      change: { seconds: null, startAt: { now: start }, reason: { was: 'INC-1', now: 'INC-2' } },
    })
    expect(await third()).toMatchObject({ kind: 'decide', request: { id } })
    await withdraw(id)
  })

  it('shows what a colleague’s yes narrowed', async () => {
    const two = await world.entitlement(data, 'two_read')
    await world.policy('Two', {
      entitlementIds: [two],
      presets: [
        { seconds: 6 * HOUR, noticeSeconds: HOUR },
        { seconds: DAY, noticeSeconds: 4 * HOUR },
      ],
      steps: [{ approvers: [{ kind: 'group', id: group }], quorum: 2 }],
    })
    const id = await ask(two)
    const link = await mailed(id, ben)
    must(await answer(jun, id, { seconds: 6 * HOUR }))
    expect(await link()).toMatchObject({
      kind: 'changed',
      change: {
        seconds: { was: DAY, now: 6 * HOUR },
        reason: null,
        by: [{ byName: 'Jun Sato', verb: 'agreed' }],
      },
    })
    await withdraw(id)
  })
})

describe('a link to what is over', () => {
  it('names the colleague who decided, to an approver of the same step', async () => {
    const id = await ask(write)
    const link = await mailed(id, mira)
    must(await answer(ben, id))
    const { version } = await row(id)
    must(await decideOnRequest(world.as(mira), { requestId: id, verdict: 'deny', note: 'Not now', version }))
    expect(await link()).toMatchObject({
      kind: 'decided',
      details: {
        request: { state: 'denied' },
        decisions: [{ personName: 'Ben Okafor' }, { note: 'Not now' }],
      },
    })
    expect(await whatBecame(world.as(mira), { ids: [id] })).toMatchObject([
      { id, state: 'denied', byNames: ['Mira Lindqvist'] },
    ])
    expect(await whatBecame(world.as(olga), { ids: [id] })).toEqual([
      { id, state: 'pending', at: null, byNames: [] },
    ])
  })

  it('says that it was withdrawn, or lapsed and why', async () => {
    const id = await ask(write)
    const link = await mailed(id, ben)
    await withdraw(id)
    expect(await link()).toMatchObject({ kind: 'decided', details: { request: { state: 'withdrawn' } } })
    const late = await ask(write)
    const lateLink = await mailed(late, ben)
    await world.db
      .update(schema.request)
      .set({ decideBy: plus(await now(), -1) })
      .where(eq(schema.request.id, late))
    expect(await lateLink(), 'before the engine came by').toMatchObject({ kind: 'decided' })
    must(await lapseRequest(world.as('engine'), late))
    const shown = await lateLink()
    expect(shown).toMatchObject({ kind: 'decided', details: { request: { state: 'lapsed' } } })
    if (shown.kind === 'decided')
      expect(shown.story.findLast((e) => e.verb === 'lapsed')?.data.why).toBe('time')
  })
})

describe('a link of somebody who is not asked any more', () => {
  it('after leaving the group: who decides, and nothing of the request itself', async () => {
    const id = await ask(write)
    const link = await mailed(id, jun)
    const { groupMember } = schema
    await world.db
      .delete(groupMember)
      .where(and(eq(groupMember.groupId, group), eq(groupMember.personId, jun.id)))
    const shown = await link()
    expect(shown).toMatchObject({
      kind: 'not_asked',
      maySee: false,
      change: null,
      answer: {
        why: { kind: 'not_among', who: ['the group Data platform'] },
        now: ['Ben Okafor'],
        askerName: 'Ana Oliveira',
        name: 'prod_write',
      },
    })
    await edit(id, 6 * HOUR, 'A secret reason')
    expect(JSON.stringify(await link()), 'an edit is not told either').not.toContain('secret')
    must(await answer(ben, id))
    await withdraw(id)
    expect(await link()).toMatchObject({
      kind: 'not_asked',
      maySee: false,
      answer: { why: { kind: 'over', became: { state: 'withdrawn', byNames: ['Ana Oliveira'] } } },
    })
    await world.db.insert(groupMember).values({ groupId: group, personId: jun.id })
  })

  it('after the step moved on: who agreed, and who decides now', async () => {
    const id = await ask(write)
    const link = await mailed(id, jun)
    must(await answer(ben, id))
    expect(await link()).toMatchObject({
      kind: 'not_asked',
      maySee: true,
      answer: {
        why: { kind: 'moved_on', step: 0, steps: 2, byNames: ['Ben Okafor'] },
        now: ['Mira Lindqvist'],
      },
    })
    await withdraw(id)
  })

  it('after an edit sent it back to a step of others: who changed it, and what', async () => {
    const id = await ask(write)
    must(await answer(ben, id))
    const link = await mailed(id, mira)
    expect(await link()).toMatchObject({ kind: 'decide' })
    await edit(id, 6 * HOUR, 'INC-1')
    expect(await link()).toMatchObject({
      kind: 'not_asked',
      maySee: true,
      change: { seconds: { was: DAY, now: 6 * HOUR } },
      answer: { why: { kind: 'asked_anew', byName: 'Ana Oliveira' }, now: ['Ben Okafor', 'Jun Sato'] },
    })
    await withdraw(id)
  })

  it('after an admin had somebody else decide: who did, and not the reason', async () => {
    const id = await ask(write)
    const link = await mailed(id, ben)
    must(
      await reassignRequest(world.as(ines), {
        requestId: id,
        personIds: [olga.id],
        reason: 'Both are at the offsite',
      }),
    )
    const shown = await link()
    expect(shown).toMatchObject({
      kind: 'not_asked',
      answer: { why: { kind: 'reassigned', byName: 'Ines Albrecht' }, now: ['Olga Stranger'] },
    })
    expect(JSON.stringify(shown)).not.toContain('offsite')
    const details = await requestDetails(world.as(ana), id, await now())
    expect(details?.steps[0]).toMatchObject({
      open: true,
      approvers: [{ name: 'Olga Stranger' }],
      reassigned: { byName: 'Ines Albrecht', reason: 'Both are at the offsite' },
    })
    await withdraw(id)
  })

  it('after their substitute answered in their place: who did', async () => {
    const three = await world.entitlement(data, 'three_read')
    await world.policy('Three', {
      entitlementIds: [three],
      steps: [{ approvers: [{ kind: 'group', id: group }], quorum: 2 }],
    })
    const id = await ask(three)
    const link = await mailed(id, ben)
    const at = await now()
    const delegation = { id: newId(), personId: ben.id, substituteId: olga.id, createdAt: at }
    await world.db
      .insert(schema.delegation)
      .values({ ...delegation, startsAt: plus(at, -HOUR), endsAt: plus(at, HOUR) })
    must(await answer(olga, id))
    expect(await link()).toMatchObject({
      kind: 'not_asked',
      maySee: true,
      answer: { why: { kind: 'place_taken', byName: 'Olga Stranger' }, now: ['Jun Sato'] },
    })
    const details = await requestDetails(world.as(ana), id, await now())
    expect(details?.decisions).toMatchObject([{ personName: 'Olga Stranger', forName: 'Ben Okafor' }])
    await world.db.delete(schema.delegation).where(eq(schema.delegation.id, delegation.id))
    await withdraw(id)
  })

  it('after their time in somebody’s place: until when it was', async () => {
    const id = await ask(write)
    const at = await now()
    const delegation = { id: newId(), personId: ben.id, substituteId: olga.id, createdAt: at }
    await world.db
      .insert(schema.delegation)
      .values({ ...delegation, startsAt: plus(at, -HOUR), endsAt: plus(at, HOUR) })
    const link = await mailed(id, olga)
    expect(await link()).toMatchObject({
      kind: 'decide',
      request: {
        steps: [{ approvers: [{ name: 'Ben Okafor', substitute: { name: 'Olga Stranger' } }, {}] }, {}],
      },
    })
    const over = plus(at, -1)
    await world.db
      .update(schema.delegation)
      .set({ endsAt: over })
      .where(eq(schema.delegation.id, delegation.id))
    expect(await link()).toMatchObject({
      kind: 'not_asked',
      maySee: false,
      answer: { why: { kind: 'delegation_over', forName: 'Ben Okafor', at: over } },
    })
    await withdraw(id)
  })
})
