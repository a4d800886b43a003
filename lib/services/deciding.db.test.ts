import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, HOUR, plus } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { approvalQueue, requestToDecide } from '@/lib/queries/approvals'
import { peopleToName, requestEdit } from '@/lib/queries/request-edit'
import { movingRequests } from '@/lib/queries/requests'
import { must } from '@/lib/testing/lease-world'
import { decideOnRequests } from './bulk-decisions'
import { decideOnRequest, withdrawRequest } from './decisions'
import { answerQuestion, askQuestion, editRequest } from './request-edits'
import { reassignRequest } from './request-escalation'
import { askForSeveral } from './requests'

let world: World
let ana: TestPerson
let ben: TestPerson
let jun: TestPerson
let ines: TestPerson
let gone: TestPerson
let both = ''
let one = ''
let risky = ''

beforeAll(async () => {
  world = await createWorld()
  ben = await world.person('Ben Okafor')
  jun = await world.person('Jun Sato')
  ines = await world.person('Ines Albrecht', { admin: true })
  ana = await world.person('Ana Oliveira', { managerId: ben.id })
  gone = await world.person('Gone Away', { deactivatedAt: new Date() })
  const data = await world.application('Data warehouse', { owners: [ben, jun] })
  both = await world.entitlement(data, 'both_read')
  one = await world.entitlement(data, 'one_read')
  risky = await world.entitlement(data, 'prod_write', { risk: 'high' })
  const presets = [
    { seconds: 6 * HOUR, noticeSeconds: HOUR },
    { seconds: DAY, noticeSeconds: 4 * HOUR },
  ]
  await world.policy('Both', {
    entitlementIds: [both],
    presets,
    steps: [{ approvers: [{ kind: 'owners' }], quorum: 'all' }],
  })
  await world.policy('One', { entitlementIds: [one, risky], presets })
})
afterAll(() => world.close())

const now = () => readNow(world.db)

async function ask(entitlementIds: string[], startAt: Date | null = null): Promise<string[]> {
  const items = entitlementIds.map((entitlementId) => ({ entitlementId, seconds: DAY }))
  return must(await askForSeveral(world.as(ana), { items, reason: 'INC-1', startAt })).requestIds
}

async function row(id: string) {
  const found = await world.db.query.request.findFirst({ where: eq(schema.request.id, id) })
  if (!found) throw new Error('no such request')
  return found
}

const decide = (who: TestPerson, requestId: string, version: number, more: { startAt?: Date } = {}) =>
  decideOnRequest(world.as(who), { requestId, verdict: 'approve', note: null, version, ...more })

const question = (who: TestPerson, requestId: string) =>
  askQuestion(world.as(who), { requestId, text: 'Which ticket?' })

const withdraw = async (id: string) => must(await withdrawRequest(world.as(ana), id))

describe('asking instead of deciding', () => {
  it('keeps it pending, shows question and answer to everybody concerned, and makes no form stale', async () => {
    const [id = ''] = await ask([one])
    const { version } = await row(id)
    const { questionId } = must(await question(ben, id))
    expect((await movingRequests(world.as(ana), await now())).find((r) => r.id === id)).toMatchObject({
      state: 'pending',
      questions: [{ personName: 'Ben Okafor', text: 'Which ticket?', answer: null }],
    })
    must(await answerQuestion(world.as(ana), { requestId: id, questionId, text: 'INC-1' }))
    expect(await requestToDecide(world.as(jun), id, await now())).toMatchObject({
      questions: [{ answer: 'INC-1', answeredByName: 'Ana Oliveira' }],
    })
    // The page that was opened before question and answer decides all the same.
    expect(must(await decide(jun, id, version)).state).toBe('approved')
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['by somebody who is not asked', async () => question(ines, (await ask([both]))[0] ?? ''), 'forbidden'],
    [
      'by who asked for it',
      async () => question(ana, (await movingRequests(world.as(ana), await now()))[0]?.id ?? ''),
      'forbidden',
    ],
  ])('is refused %s', async (_name, asked, code) => {
    expect(await asked()).toMatchObject({ ok: false, code })
  })

  it('is answered once, and only by who asked for it or whom it is for', async () => {
    const id = (await movingRequests(world.as(ana), await now())).find((r) => r.state === 'pending')?.id ?? ''
    const { questionId } = must(await question(ben, id))
    const say = (who: TestPerson) =>
      answerQuestion(world.as(who), { requestId: id, questionId, text: 'INC-1' })
    expect(await say(jun)).toMatchObject({ ok: false, code: 'forbidden' })
    must(await say(ana))
    expect(await say(ana)).toMatchObject({ ok: false, code: 'conflict' })
    await withdraw(id)
    expect(await question(ben, id)).toMatchObject({ ok: false, code: 'conflict' })
  })
})

describe('changing what is asked for', () => {
  it('voids the votes so far and makes every open form stale', async () => {
    const [id = ''] = await ask([both])
    must(await decide(ben, id, 1))
    const before = await row(id)
    expect(await requestEdit(world.as(ana), id, await now())).toMatchObject({
      votes: 1,
      reasonRequired: true,
    })
    must(
      await editRequest(world.as(ana), { requestId: id, seconds: 6 * HOUR, reason: 'INC-2', startAt: null }),
    )
    expect(await decide(jun, id, before.version)).toMatchObject({ ok: false, code: 'stale' })
    expect(await requestToDecide(world.as(ben), id, await now()), 'Ben is asked anew').toMatchObject({
      round: 2,
      seconds: 6 * HOUR,
      askedSeconds: 6 * HOUR,
      votes: [],
      progress: { agreed: 0, needed: 2 },
    })
    const { version } = await row(id)
    expect(must(await decide(jun, id, version)).state).toBe('pending')
    expect(must(await decide(ben, id, version)).state).toBe('approved')
  })

  it('is offered to nobody else, and not after the end', async () => {
    const [id = ''] = await ask([risky])
    for (const other of [ben, jun, ines])
      expect(await requestEdit(world.as(other), id, await now())).toBeNull()
    await withdraw(id)
    expect(await requestEdit(world.as(ana), id, await now())).toBeNull()
  })
})

describe('a later start', () => {
  const refusedStart = { ok: false, code: 'invalid', field: 'startAt' }

  it('that the approver sets is respected; one before what was asked for is refused', async () => {
    const asked = plus(await now(), DAY)
    const [id = ''] = await ask([risky], asked)
    expect(await decide(ben, id, 1, { startAt: plus(asked, -HOUR) })).toMatchObject(refusedStart)
    const later = plus(asked, 2 * HOUR)
    const { grantId } = must(await decide(ben, id, 1, { startAt: later }))
    const grant = await world.db.query.grant.findFirst({ where: eq(schema.grant.id, grantId ?? '') })
    expect(grant).toMatchObject({ state: 'scheduled', startAt: later })
    const [vote] = await world.db.select().from(schema.decision).where(eq(schema.decision.requestId, id))
    expect(vote?.startAt).toEqual(later)
  })

  it('in the past is refused where none was asked for', async () => {
    const other = await world.entitlement(await world.application('Wiki', { owners: [ben] }), 'edit')
    await world.policy('Wiki', { entitlementIds: [other] })
    const items = [{ entitlementId: other, seconds: DAY }]
    const [id = ''] = must(await askForSeveral(world.as(ana), { items, reason: 'INC-1' })).requestIds
    expect(await decide(ben, id, 1, { startAt: plus(await now(), -HOUR) })).toMatchObject(refusedStart)
    await withdraw(id)
  })
})

describe('having somebody else decide', () => {
  let id = ''
  let data = ''
  let entitlementId = ''
  const reassign = (who: TestPerson, personIds: string[]) =>
    reassignRequest(world.as(who), { requestId: id, personIds, reason: 'Both are away' })

  beforeAll(async () => {
    data = await world.application('Ledger', { owners: [ben, jun] })
    entitlementId = await world.entitlement(data, 'ledger_read')
    await world.policy('Ledger', {
      entitlementIds: [entitlementId],
      steps: [{ approvers: [{ kind: 'owners' }], quorum: 2 }],
    })
    const items = [{ entitlementId, seconds: DAY }]
    id = must(await askForSeveral(world.as(ana), { items, reason: 'INC-1' })).requestIds[0] ?? ''
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['by an approver', () => reassign(ben, [ines.id, jun.id]), 'forbidden'],
    ['to who asked for it', () => reassign(ines, [ana.id, jun.id]), 'invalid'],
    ['to somebody who is deactivated', () => reassign(ines, [gone.id, jun.id]), 'invalid'],
    ['to too few for the quorum', () => reassign(ines, [jun.id]), 'invalid'],
  ])('is refused %s', async (_name, tried, code) => {
    expect(await tried()).toMatchObject({ ok: false, code })
  })

  it('names active people only, without those it is about, and to admins only', async () => {
    const about = { request: { askerId: ana.id, personId: ana.id } }
    const names = (await peopleToName(world.as(ines), about)).map((p) => p.name)
    expect(names).toEqual(['Ben Okafor', 'Ines Albrecht', 'Jun Sato'])
    expect(await peopleToName(world.as(ben), about)).toEqual([])
    expect(await peopleToName(world.as(ines), { request: { askerId: ines.id, personId: ana.id } })).toEqual(
      [],
    )
  })

  it('asks those and nobody else', async () => {
    must(await reassign(ines, [ines.id, jun.id]))
    expect(await requestToDecide(world.as(ben), id, await now())).toBeNull()
    expect(await requestToDecide(world.as(ines), id, await now())).toMatchObject({
      others: ['Jun Sato'],
      steps: [{ needed: 2, reassigned: { byName: 'Ines Albrecht', reason: 'Both are away' } }],
    })
    await withdraw(id)
  })
})

describe('several asked for in one go', () => {
  it('stand together in the queue and are decided together, each on its own', async () => {
    const extra = await world.application('Extra', { owners: [ben] })
    const names = ['x_one', 'x_two', 'x_three']
    const ids = await Promise.all(names.map((name) => world.entitlement(extra, name)))
    const [first = '', second = '', third = ''] = ids
    await world.policy('Slow', { entitlementIds: [first, third], decideWithinSeconds: 2 * DAY })
    await world.policy('Quick', { entitlementIds: [second], decideWithinSeconds: HOUR })
    const together = await ask([first, third])
    const [alone = ''] = await ask([second])
    const { items } = await approvalQueue(world.as(ben), await now())
    const mine = items.filter((i) => i.application.name === 'Extra')
    expect(mine.map((i) => i.id)[0], 'the soonest to lapse first').toBe(alone)
    expect(
      mine
        .slice(1)
        .map((i) => i.id)
        .sort(),
    ).toEqual([...together].sort())
    expect(new Set(mine.slice(1).map((i) => i.askId)).size).toBe(1)
    await withdraw(together[0] ?? '')
    const answer = await decideOnRequests(world.as(ben), {
      picked: together.map((requestId) => ({ requestId, version: 1 })),
      verdict: 'approve',
      note: null,
    })
    expect(answer).toMatchObject({
      ok: true,
      value: {
        decided: 1,
        refused: [{ requestId: together[0], message: expect.stringContaining('withdrawn') }],
      },
    })
  })

  it('names what is high risk, and decides nothing then', async () => {
    const other = await world.entitlement(await world.application('Vault', { owners: [ben] }), 'root', {
      risk: 'high',
    })
    await world.policy('Vault', { entitlementIds: [other] })
    const [id = ''] = await ask([other])
    const answer = await decideOnRequests(world.as(ben), {
      picked: [{ requestId: id, version: 1 }],
      verdict: 'approve',
      note: null,
    })
    expect(answer).toMatchObject({ ok: false, message: expect.stringMatching(/^root is high risk/) })
    expect((await row(id)).state).toBe('pending')
  })
})

it('shows the approver what separation of duties says, and marks the step it brought', async () => {
  const bank = await world.application('Bank', { owners: [ben] })
  const [pay, check] = [await world.entitlement(bank, 'pay'), await world.entitlement(bank, 'check')]
  await world.policy('Bank', { entitlementIds: [pay, check] })
  const rule = {
    id: newId(),
    name: 'Pay or check',
    reason: 'Nobody checks their own payments.',
    effect: 'extra_step' as const,
    approvers: [{ kind: 'person' as const, id: jun.id }],
  }
  await world.db.insert(schema.separation).values(rule)
  await world.db
    .insert(schema.separationEntitlement)
    .values([pay, check].map((entitlementId) => ({ separationId: rule.id, entitlementId })))
  const [held = ''] = await ask([pay])
  must(await decide(ben, held, 1))
  const [id = ''] = await ask([check])
  expect(await requestToDecide(world.as(ben), id, await now())).toMatchObject({
    apart: [{ rule: 'Pay or check', other: 'pay', application: 'Bank', reason: rule.reason }],
    steps: [
      { separation: null, open: true },
      { separation: 'Pay or check', open: false },
    ],
  })
  await withdraw(id)
})
