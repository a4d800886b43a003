import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { ApproverRef } from '@/lib/domain/policy'
import { askForm, askForms } from '@/lib/queries/catalogue'
import { extensionForm } from '@/lib/queries/extensions'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { CLIENTS, race, refusals, won } from '@/lib/testing/race'
import { decideOnRequest } from './decisions'
import { askForExtension } from './extension-requests'
import { askForAccess, askForSeveral } from './requests'
import { archiveSeparation, createSeparation } from './separations'
import { completeTask } from './tasks'

/** `prod_read` is the world's; `pay` and `check` are given by hand on an application of their own. */
let world: LeaseWorld
let jun: TestPerson
let pay: string
let check: string

const presets = [
  { seconds: 6 * HOUR, noticeSeconds: HOUR },
  { seconds: DAY, noticeSeconds: 4 * HOUR },
]

beforeEach(async () => {
  world = await createLeaseWorld()
  jun = await world.person('Jun Park')
  const bank = await world.application('Bank', { owners: [world.ben] })
  pay = await world.entitlement(bank, 'pay')
  check = await world.entitlement(bank, 'check')
  await world.policy('Bank', {
    entitlementIds: [pay, check],
    presets,
    extension: { allowed: true, maxCount: 2, maxTotalSeconds: 3 * DAY },
    emergency: { allowed: true, seconds: 6 * HOUR },
  })
})
afterEach(async () => {
  await world.close()
})

const racing = (who: TestPerson): Ctx => ({ ...world.as(who), db: world.clients.db })
const rule = async (
  effect: 'refuse' | 'extra_step',
  entitlementIds = [pay, check],
  approvers: ApproverRef[] = [{ kind: 'person', id: jun.id }],
) =>
  must(
    await createSeparation(world.as(world.ines), {
      name: `Pay or check ${effect}`,
      reason: 'Nobody checks their own payments',
      entitlementIds,
      effect,
      approvers,
    }),
  )
const input = (entitlementId: string) => ({ entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' })
const ask = (entitlementId: string, who = world.ana, more = {}) =>
  askForAccess(world.as(who), { ...input(entitlementId), ...more })
const asked = async (entitlementId: string, more = {}) =>
  must(await ask(entitlementId, world.ana, more)).requestId
const row = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const agree = async (who: TestPerson, requestId: string) =>
  decideOnRequest(world.as(who), {
    requestId,
    verdict: 'approve',
    note: null,
    version: (await row(requestId)).version,
  })
const approved = async (entitlementId: string, more = {}) =>
  must(await agree(world.ben, await asked(entitlementId, more))).grantId!
/** Ben gives it by hand and says so. */
async function hold(grantId: string) {
  await world.drain()
  const task = await world.db.query.task.findFirst({ where: eq(schema.task.grantId, grantId) })
  must(
    await completeTask(world.as(world.ben), {
      taskId: task?.id ?? '',
      evidence: 'Added by hand',
      version: task?.version ?? 0,
    }),
  )
}
const grantsOf = (personId: string) =>
  world.db.query.grant.findMany({ where: eq(schema.grant.personId, personId) })
const apart = { ok: false, code: 'not_eligible' }

describe('asking for the other half of a rule that refuses', () => {
  it('is refused while one is asked for, agreed for later, and held; the reason is said', async () => {
    await rule('refuse')
    const first = await asked(pay, { startAt: new Date(Date.now() + DAY * 1000) })
    expect(await ask(check)).toMatchObject({
      ...apart,
      message: expect.stringContaining('which is asked for'),
    })
    const { grantId } = must(await agree(world.ben, first))
    expect(await ask(check)).toMatchObject({
      ...apart,
      message:
        'check and pay on Bank, which is agreed for later, may not be held together: Nobody checks their own payments',
    })
    await world.advance('+1d')
    await hold(grantId!)
    expect(await ask(check)).toMatchObject({ ...apart, message: expect.stringContaining('which is held') })
    expect(await ask(check, world.ana, { seconds: null, emergency: true })).toMatchObject(apart)
  })

  it('is refused in the same ask, at the one that is too much, and nothing of it is asked', async () => {
    await rule('refuse')
    const several = await askForSeveral(world.as(world.ana), {
      items: [world.entitlementId, pay, check].map((entitlementId) => ({ entitlementId, seconds: 6 * HOUR })),
      reason: 'INC-2417',
    })
    expect(several).toMatchObject({ ...apart, field: 'items[1]' })
    expect(await world.db.$count(schema.request)).toBe(0)
  })

  it('is refused by another account with the same address in another spelling', async () => {
    await rule('refuse')
    await hold(await approved(pay))
    const twin = await world.person('Ana Twin', { email: 'Ana.Oliveira+bank@HALDEN.example' })
    expect(await ask(check, twin)).toMatchObject(apart)
  })

  it('is let through for somebody else, for what no rule names, and once the rule is archived', async () => {
    const { separationId, version } = await rule('refuse')
    await hold(await approved(pay))
    expect(await ask(check, jun)).toMatchObject({ ok: true })
    expect(await ask(world.entitlementId)).toMatchObject({ ok: true })
    must(await archiveSeparation(world.as(world.ines), { separationId, version }))
    expect(await ask(check)).toMatchObject({ ok: true })
  })
})

describe('a rule with an extra step', () => {
  it('adds a step that only its approvers decide on', async () => {
    const { separationId } = await rule('extra_step')
    await hold(await approved(pay))
    const id = await asked(check)
    expect((await row(id)).steps).toMatchObject([{ quorum: 1 }, { quorum: 1, separationId }])
    expect(must(await agree(world.ben, id))).toEqual({ state: 'pending', grantId: null })
    expect(await agree(world.ben, id)).toMatchObject({ ok: false })
    expect(await agree(world.ines, id)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(must(await agree(jun, id))).toMatchObject({ state: 'approved' })
  })

  it('alone decides where the policy agrees by a rule', async () => {
    const app = await world.application('Ledger', { owners: [world.ben] })
    const post = await world.entitlement(app, 'post')
    await world.policy('Ledger', {
      entitlementIds: [post],
      presets,
      automatic: { groupIds: [], maxSeconds: DAY, maxRisk: null, heldWithinDays: null },
    })
    const { separationId } = await rule('extra_step', [pay, post])
    const free = await asked(post)
    expect(await row(free)).toMatchObject({ state: 'approved', approval: 'automatic' })
    const held = must(await askForAccess(world.as(jun), input(pay))).requestId
    await hold(must(await agree(world.ben, held)).grantId!)
    const other = must(
      await createSeparation(world.as(world.ines), {
        name: 'The other way',
        reason: 'Two pairs of eyes',
        entitlementIds: [pay, post],
        effect: 'extra_step',
        approvers: [{ kind: 'person', id: world.ben.id }],
      }),
    )
    // Jun is the only approver of the first rule, and would decide on what is for Jun.
    expect(await ask(post, jun)).toMatchObject({ ok: false, code: 'nobody_can_approve' })
    const now = await readNow(world.db)
    expect((await askForm(world.as(jun), post, now))?.standing, 'and the form says so').toMatchObject({
      kind: 'closed',
      why: 'Nobody could agree at present',
    })
    must(await archiveSeparation(world.as(world.ines), { separationId, version: 1 }))
    const id = must(await ask(post, jun)).requestId
    expect((await row(id)).steps).toEqual([
      { approvers: [{ kind: 'person', id: world.ben.id }], quorum: 1, separationId: other.separationId },
    ])
    expect(must(await agree(world.ben, id))).toMatchObject({ state: 'approved' })
  })

  it('leaves out whoever asks, whom it is for, and their other account', async () => {
    const twin = await world.person('Ana Twin', { email: 'Ana.Oliveira+bank@HALDEN.example' })
    await rule(
      'extra_step',
      [pay, check],
      [
        { kind: 'person', id: world.ana.id },
        { kind: 'person', id: twin.id },
        { kind: 'person', id: jun.id },
      ],
    )
    await hold(await approved(pay))
    const id = await asked(check)
    must(await agree(world.ben, id))
    expect(await agree(world.ana, id)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await agree(twin, id)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(must(await agree(jun, id))).toMatchObject({ state: 'approved' })
  })

  it('does not hold up an emergency, which says so', async () => {
    await rule('extra_step')
    await hold(await approved(pay))
    const id = await asked(check, { seconds: null, emergency: true })
    expect(await row(id)).toMatchObject({ state: 'approved', approval: 'emergency' })
    const entries = await world.db.query.timeline.findMany({ where: eq(schema.timeline.subjectId, id) })
    expect(entries.find((e) => e.verb === 'asked')?.data).toMatchObject({
      emergency: true,
      separation: ['Pay or check extra_step'],
    })
  })
})

describe('a rule that is newer than both requests', () => {
  it('lets the first that is agreed to win', async () => {
    const [one, two] = [await asked(pay), await asked(check)]
    await rule('refuse')
    must(await agree(world.ben, two))
    expect(await agree(world.ben, one)).toMatchObject({
      ...apart,
      message: expect.stringContaining('which is agreed for later'),
    })
    expect((await row(one)).state).toBe('pending')
  })

  it('adds its step to the second when the policy’s have agreed', async () => {
    const [one, two] = [await asked(pay), await asked(check)]
    const { separationId } = await rule('extra_step')
    expect(must(await agree(world.ben, one))).toMatchObject({ state: 'approved' })
    expect(must(await agree(world.ben, two))).toEqual({ state: 'pending', grantId: null })
    expect(await row(two)).toMatchObject({ step: 1, steps: [{}, { separationId }] })
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.requestId, two) })
    expect(mails.filter((m) => m.personId === jun.id).map((m) => m.kind)).toEqual(['decision-needed'])
    expect(must(await agree(jun, two))).toMatchObject({ state: 'approved' })
  })
})

it(`agrees to exactly one of two halves asked for from two sessions, among ${CLIENTS} clients at once`, async () => {
  await rule('refuse')
  const results = await race<Awaited<ReturnType<typeof askForAccess>>>(
    () => askForAccess(racing(world.ana), input(pay)),
    () => askForAccess(racing(world.ana), input(check)),
  )
  expect(won(results)).toBe(1)
  expect(await world.db.$count(schema.request)).toBe(1)
})

it.each([
  ['one account', false],
  ['two accounts', true],
])(`agrees to exactly one of two that were pending before the rule, by %s`, async (_name, twice) => {
  const twin = await world.person('Ana Twin', { email: 'Ana.Oliveira+bank@HALDEN.example' })
  const one = await asked(pay)
  const two = must(await ask(check, twice ? twin : world.ana)).requestId
  await rule('refuse')
  const vote = (requestId: string) => () =>
    decideOnRequest(racing(world.ben), { requestId, verdict: 'approve', note: null, version: 1 })
  const results = await race<Awaited<ReturnType<typeof decideOnRequest>>>(vote(one), vote(two))
  expect(won(results)).toBe(1)
  expect(refusals(results).every((code) => ['conflict', 'not_eligible'].includes(code))).toBe(true)
  expect([(await row(one)).state, (await row(two)).state].sort()).toEqual(['approved', 'pending'])
  expect([...(await grantsOf(world.ana.id)), ...(await grantsOf(twin.id))]).toHaveLength(1)
})

describe('more time under a newer rule', () => {
  const extend = (grantId: string) =>
    askForExtension(world.as(world.ana), { grantId, seconds: 6 * HOUR, reason: 'Not done yet' })

  it('is refused while the other half is held, when asking and when deciding', async () => {
    const [one, two] = [await approved(pay), await approved(check)]
    await hold(one)
    await hold(two)
    const { requestId } = must(await extend(one))
    await rule('refuse')
    expect(await extend(two)).toMatchObject(apart)
    expect(await agree(world.ben, requestId)).toMatchObject({
      ...apart,
      message: expect.stringContaining('which is held'),
    })
  })

  it('needs the extra step as well', async () => {
    const [one, two] = [await approved(pay), await approved(check)]
    await hold(one)
    await hold(two)
    const { separationId } = await rule('extra_step')
    const { requestId } = must(await extend(one))
    expect((await row(requestId)).steps).toMatchObject([{ quorum: 1 }, { separationId }])
  })
})

describe('the forms say beforehand', () => {
  const now = () => readNow(world.db)
  const names = async (entitlementId: string) =>
    (await askForm(world.as(world.ana), entitlementId, await now()))?.approverNames

  it('who is asked on the extra step', async () => {
    await rule('extra_step')
    expect(await names(check)).toEqual([['Ben Okafor']])
    await hold(await approved(pay))
    expect(await names(check)).toEqual([['Ben Okafor'], ['Jun Park']])
    const several = await askForms(world.as(jun), [pay, check], await now())
    expect(several.map((form) => form.steps.length)).toEqual([2, 2])
  })

  it('why no more time can be asked for, or who else agrees to it', async () => {
    const [one, two] = [await approved(pay), await approved(check)]
    await hold(one)
    await hold(two)
    const form = async () => extensionForm(world.as(world.ana), one, await now())
    expect(await form()).toMatchObject({ closed: null, approverNames: ['Ben Okafor'] })
    await rule('extra_step')
    expect(await form()).toMatchObject({ closed: null, approverNames: ['Ben Okafor', 'Jun Park'] })
    await rule('refuse')
    expect(await form()).toMatchObject({ closed: expect.stringContaining('which is held') })
  })
})

describe('right before the first give', () => {
  it('gives up what may not be held with what is held by then, and says why', async () => {
    await hold(await approved(pay))
    const id = await world.approved()
    await rule('refuse', [pay, world.entitlementId])
    await world.drain()
    expect(await world.grant(id)).toMatchObject({ state: 'failed', firstGiveAt: null })
    expect(world.holders()).toEqual([])
    const [mail] = (await world.db.query.mail.findMany({ where: eq(schema.mail.grantId, id) })).filter(
      (m) => m.kind === 'could-not-give' && m.personId === world.ana.id,
    )
    expect(mail?.data).toEqual({
      why: 'prod_read and pay on Bank, which is held, may not be held together: Nobody checks their own payments',
    })
  })

  it('gives the one that was made first of two that are both about to be given', async () => {
    const first = await world.approved()
    const second = await approved(pay)
    await rule('refuse', [pay, world.entitlementId])
    await world.db
      .update(schema.grant)
      .set({ state: 'provisioning' })
      .where(eq(schema.grant.personId, world.ana.id))
    await world.drain()
    await world.retryNow()
    expect(await world.grant(second)).toMatchObject({ state: 'failed', firstGiveAt: null })
    expect(await world.grant(first)).toMatchObject({ state: 'active' })
  })

  it('gives in spite of an extra step, and of a rule that is archived', async () => {
    await hold(await approved(pay))
    const id = await world.approved()
    await rule('extra_step', [pay, world.entitlementId])
    const { separationId, version } = await rule('refuse', [pay, world.entitlementId])
    must(await archiveSeparation(world.as(world.ines), { separationId, version }))
    await world.drain()
    expect(await world.grant(id)).toMatchObject({ state: 'active' })
  })
})
