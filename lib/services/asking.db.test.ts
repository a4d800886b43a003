import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { AutomaticRule, PolicyDefinition } from '@/lib/domain/policy'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { decideOnRequest, withdrawRequest } from './decisions'
import { askForExtension } from './extension-requests'
import { deactivatePerson } from './people'
import { answerQuestion, askQuestion, editRequest } from './request-edits'
import { type AskInput, askForAccess, askForSeveral } from './requests'

let world: LeaseWorld
afterEach(() => world.close())

const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const told = async (kind: string) => {
  const rows = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })
  return rows.map((m) => m.recipient).sort()
}
const ask = (who: TestPerson, more: Partial<AskInput & { seconds: number }> = {}) => {
  const { seconds = 6 * HOUR, ...rest } = more
  const input = { entitlementId: world.entitlementId, seconds, reason: 'INC-2417', ...rest }
  return askForAccess(world.as(who), input)
}
const yes = (who: TestPerson, requestId: string, version = 1) =>
  decideOnRequest(world.as(who), { requestId, verdict: 'approve', note: null, version })

describe('for somebody else', () => {
  beforeEach(async () => {
    world = await createLeaseWorld({
      steps: [{ approvers: [{ kind: 'owners' }, { kind: 'manager' }], quorum: 1 }],
    })
  })

  it('by their manager: both are told, and neither decides', async () => {
    const mira = await world.person('Mira Lindqvist')
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: mira.id })
    const { requestId } = must(await ask(world.ben, { personId: world.ana.id }))
    expect(await request(requestId)).toMatchObject({ askerId: world.ben.id, personId: world.ana.id })
    expect(await told('decision-needed')).toEqual([mira.email])
    expect(await told('asked-for-you')).toEqual([world.ana.email])
    for (const own of [world.ben, world.ana])
      expect(await yes(own, requestId)).toMatchObject({ code: 'forbidden' })
    const { grantId } = must(await yes(mira, requestId))
    expect((await world.grant(grantId!)).personId).toBe(world.ana.id)
    expect(await told('request-approved')).toEqual([world.ana.email, world.ben.email].sort())
  })

  it('by an admin, for whoever may have it', async () => {
    expect((await ask(world.ines, { personId: world.ana.id })).ok).toBe(true)
    const gone = await world.person('Gone Already', { deactivatedAt: new Date('2026-01-01') })
    expect(await ask(world.ines, { personId: gone.id })).toMatchObject({ code: 'unavailable' })
  })

  it('by nobody else: not a colleague, not the manager of others, not an owner', async () => {
    const zoe = await world.person('Zoe Park')
    const kim = await world.person('Kim Sato', { managerId: zoe.id })
    for (const who of [zoe, kim]) {
      const refused = await ask(who, { personId: world.ana.id })
      expect(refused).toMatchObject({
        code: 'forbidden',
        message: 'Only their manager or an admin asks for somebody else',
      })
    }
    expect(await world.db.query.request.findMany()).toEqual([])
  })

  it('withdrawn by either, and the other is told', async () => {
    const { requestId } = must(await ask(world.ines, { personId: world.ana.id }))
    must(await withdrawRequest(world.as(world.ana), requestId))
    expect(await told('request-withdrawn')).toEqual([world.ines.email])
    await world.drain()
    expect(await told('request-withdrawn')).toEqual([world.ines.email])
  })

  it('refused where only the two of them could say yes', async () => {
    expect(await ask(world.ben, { personId: world.ana.id })).toMatchObject({ code: 'nobody_can_approve' })
  })
})

describe('several in one go', () => {
  let second: string
  beforeEach(async () => {
    world = await createLeaseWorld()
    const external = world.target.state.addEntitlement({ name: 'prod_write' })
    second = await world.entitlement(world.applicationId, 'prod_write', { externalId: external.id })
    await world.policy('Production write', { entitlementIds: [second] })
  })
  const several = (...items: AskInput['items']) =>
    askForSeveral(world.as(world.ana), { items, reason: 'INC-2417' })
  const one = (entitlementId = world.entitlementId, seconds: number | null = 6 * HOUR) => ({
    entitlementId,
    seconds,
  })

  it('makes a request of each, and writes one mail to each approver', async () => {
    const { requestIds } = must(await several(one(), one(second, DAY)))
    const rows = await world.db.query.request.findMany()
    expect(rows.map((r) => [r.entitlementId, r.seconds, r.state])).toEqual([
      [world.entitlementId, 6 * HOUR, 'pending'],
      [second, DAY, 'pending'],
    ])
    expect(new Set(rows.map((r) => r.askId)).size).toBe(1)
    expect(await told('decision-needed')).toEqual([world.ben.email])
    await world.drain()
    const [mail] = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'decision-needed') })
    expect(mail).toMatchObject({
      state: 'sent',
      subject: 'Ana Oliveira asks for 2 things at once: prod_read and prod_write',
    })
    expect(mail!.text!.match(/\/decide\//g)).toHaveLength(2)
    must(await yes(world.ben, requestIds[0]!))
    expect(await request(requestIds[1]!)).toMatchObject({ state: 'pending' })
  })

  const table: [string, () => AskInput['items'], object][] = [
    [
      'a length that is not offered',
      () => [one(), one(second, HOUR)],
      { code: 'invalid', field: 'items[1].seconds' },
    ],
    ['the same twice', () => [one(), one()], { code: 'invalid', field: 'items[1]' }],
    [
      'something that is not there',
      () => [one(), one('01890000-0000-7000-8000-000000000000')],
      { code: 'not_found' },
    ],
  ]
  it.each(table)('refuses all because of %s', async (_name, items, expected) => {
    expect(await several(...items())).toMatchObject(expected)
    expect(await world.db.query.request.findMany()).toEqual([])
    expect(await world.db.query.mail.findMany()).toEqual([])
  })
})

describe('agreed to by a rule', () => {
  const rule = (more: Partial<AutomaticRule>): Partial<PolicyDefinition> => ({
    automatic: { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null, ...more },
  })

  it('is given at once, and the record says by what', async () => {
    world = await createLeaseWorld(rule({ maxSeconds: 6 * HOUR }))
    const { requestId } = must(await ask(world.ana))
    expect(await request(requestId)).toMatchObject({ state: 'approved', approval: 'automatic' })
    expect(await world.verbs(requestId)).toEqual(['asked', 'approved'])
    await world.drain()
    expect(world.holders()).toEqual([world.anaAccount])
    expect(await told('decision-needed')).toEqual([])
    const [mail] = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'request-approved') })
    expect(mail!.text).toContain('The access policy agreed, and nobody had to be asked')
  })

  it('not for longer', async () => {
    world = await createLeaseWorld(rule({ maxSeconds: 6 * HOUR }))
    expect(await request(must(await ask(world.ana, { seconds: DAY })).requestId)).toMatchObject({
      state: 'pending',
      approval: 'people',
    })
  })

  it('who held it lately, also after it ended', async () => {
    world = await createLeaseWorld(rule({ heldWithinDays: 2 }))
    expect(await request(must(await ask(world.ana)).requestId)).toMatchObject({ state: 'pending' })
    const [pending] = await world.db.query.request.findMany()
    must(await yes(world.ben, pending!.id))
    await world.drain()
    await world.advance('+8h')
    const again = must(await ask(world.ana))
    expect(await request(again.requestId)).toMatchObject({ state: 'approved', approval: 'automatic' })
  })

  it('never for who published the rule, nor by them for somebody else', async () => {
    world = await createLeaseWorld(rule({ maxSeconds: 6 * HOUR }))
    await world.db.execute(`alter table policy_version disable trigger policy_version_immutable`)
    await world.db.update(schema.policyVersion).set({ publishedBy: world.ines.id })
    expect(await request(must(await ask(world.ines)).requestId)).toMatchObject({ state: 'pending' })
    const forAna = must(await ask(world.ines, { personId: world.ana.id }))
    expect(await request(forAna.requestId)).toMatchObject({ state: 'pending' })
  })

  it('also more time, up to the length the policy says', async () => {
    world = await createLeaseWorld({
      extensionApproval: { how: 'automatic', automaticSeconds: 6 * HOUR },
      extension: { allowed: true, maxCount: 3, maxTotalSeconds: 3 * DAY },
    })
    const grantId = await world.approved()
    await world.drain()
    const before = await world.grant(grantId)
    const more = (seconds: number) =>
      askForExtension(world.as(world.ana), { grantId, seconds, reason: 'one more run' })
    const { requestId } = must(await more(6 * HOUR))
    expect(await request(requestId)).toMatchObject({ state: 'approved', approval: 'automatic', grantId })
    const after = await world.grant(grantId)
    expect(after.endsAt!.getTime() - before.endsAt!.getTime()).toBe(6 * HOUR * 1000)
    expect(await request(must(await more(DAY)).requestId)).toMatchObject({ state: 'pending' })
  })

  it('only the first step for more time, where the policy says so', async () => {
    world = await createLeaseWorld({
      steps: [
        { approvers: [{ kind: 'owners' }], quorum: 1 },
        { approvers: [{ kind: 'manager' }], quorum: 1 },
      ],
      extensionApproval: { how: 'first', automaticSeconds: 6 * HOUR },
    })
    const mira = await world.person('Mira Lindqvist')
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: mira.id })
    const asked = must(await ask(world.ana))
    must(await yes(mira, asked.requestId))
    const { grantId } = must(await yes(world.ben, asked.requestId, 2))
    await world.drain()
    const more = { grantId: grantId!, seconds: 6 * HOUR, reason: 'one more run' }
    const { requestId } = must(await askForExtension(world.as(world.ana), more))
    expect(must(await yes(mira, requestId))).toMatchObject({ state: 'approved' })
  })
})

describe('before it is decided', () => {
  let carl: TestPerson
  beforeEach(async () => {
    world = await createLeaseWorld({ steps: [{ approvers: [{ kind: 'owners' }], quorum: 2 }] })
    carl = await world.person('Carl Diaz')
    const dana = await world.person('Dana Ekow')
    await world.db
      .insert(schema.applicationOwner)
      .values([carl, dana].map((p) => ({ applicationId: world.applicationId, personId: p.id })))
  })

  it('a change voids the answers so far and asks anew, with new mails and new links', async () => {
    const { requestId } = must(await ask(world.ana))
    await world.drain()
    must(await yes(world.ben, requestId))
    const input = { requestId, seconds: DAY, reason: 'INC-2417, the whole day', startAt: null }
    must(await editRequest(world.as(world.ana), input))
    const row = await request(requestId)
    expect(row).toMatchObject({ state: 'pending', round: 2, step: 0, seconds: DAY, askedSeconds: DAY })
    expect(row.decideBy.getTime()).toBeGreaterThan(row.askedAt.getTime() + DAY * 1000)
    expect(await yes(carl, requestId, 2)).toMatchObject({ code: 'stale' })
    await world.drain()
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'decision-needed') })
    expect(mails.filter((m) => m.recipient === world.ben.email)).toHaveLength(2)
    must(await yes(world.ben, requestId, row.version))
    expect(must(await yes(carl, requestId, row.version))).toMatchObject({ state: 'approved' })
    const grants = await world.db.query.grant.findMany()
    expect(grants.map((g) => g.durationSeconds)).toEqual([DAY])
  })

  it('is changed by nobody else, not into what the policy does not offer, and not into the same', async () => {
    const { requestId } = must(await ask(world.ana))
    const edit = (who: TestPerson, more: object = {}) =>
      editRequest(world.as(who), { requestId, seconds: DAY, reason: 'INC-2417', startAt: null, ...more })
    expect(await edit(world.ben)).toMatchObject({ code: 'forbidden' })
    expect(await edit(world.ana, { seconds: HOUR })).toMatchObject({ code: 'invalid', field: 'seconds' })
    expect(await edit(world.ana, { reason: '' })).toMatchObject({ code: 'invalid', field: 'reason' })
    expect(await edit(world.ana, { seconds: 6 * HOUR })).toMatchObject({ code: 'invalid' })
    expect(await world.verbs(requestId)).toEqual(['asked'])
  })

  it('a question and its answer keep it pending and leave open forms as they are', async () => {
    const { requestId } = must(await ask(world.ana))
    const { questionId } = must(
      await askQuestion(world.as(world.ben), { requestId, text: 'Would the replica do?' }),
    )
    expect(await told('question-asked')).toEqual([world.ana.email])
    const answer = (who: TestPerson) =>
      answerQuestion(world.as(who), { requestId, questionId, text: 'No, it is a day behind' })
    expect(await answer(carl)).toMatchObject({ code: 'forbidden' })
    must(await answer(world.ana))
    expect(await answer(world.ana)).toMatchObject({ code: 'conflict' })
    expect(await told('question-answered')).toEqual([world.ben.email])
    expect(await world.verbs(requestId)).toEqual(['asked', 'question_asked', 'question_answered'])
    must(await yes(carl, requestId, 1))
    expect(must(await yes(world.ben, requestId, 1))).toMatchObject({ state: 'approved' })
    await world.drain()
  })

  it('is asked about by nobody who may not decide', async () => {
    const { requestId } = must(await ask(world.ana))
    const question = (who: TestPerson) => askQuestion(world.as(who), { requestId, text: 'Why?' })
    for (const who of [world.ana, world.ines])
      expect(await question(who)).toMatchObject({ code: 'forbidden' })
  })

  it('may be given a later start by who decides, never an earlier one', async () => {
    const start = new Date(Date.now() + DAY * 1000)
    const { requestId } = must(await ask(world.ana, { startAt: start }))
    const at = (startAt: Date, who = world.ben, version = 1) =>
      decideOnRequest(world.as(who), { requestId, verdict: 'approve', note: null, version, startAt })
    expect(await at(new Date(start.getTime() - 1000))).toMatchObject({ code: 'invalid', field: 'startAt' })
    const later = new Date(start.getTime() + HOUR * 1000)
    must(await at(later))
    expect(await at(start, carl)).toMatchObject({ code: 'stale' })
    const { grantId } = must(await yes(carl, requestId, 2))
    expect(await world.grant(grantId!)).toMatchObject({ state: 'scheduled', startAt: later })
  })
})

describe('nobody agrees to their own', () => {
  it('by naming themselves in the policy, being the owner, a nested group or a second account', async () => {
    world = await createLeaseWorld()
    const group = await world.group('Approvers', [world.ana, world.ben])
    await world.db.execute(`alter table policy_version disable trigger policy_version_immutable`)
    const [version] = await world.db.select().from(schema.policyVersion)
    await world.db.update(schema.policyVersion).set({
      definition: {
        ...version!.definition,
        steps: [
          {
            approvers: [
              { kind: 'person', id: world.ana.id },
              { kind: 'group', id: group },
              { kind: 'owners' },
            ],
            quorum: 1,
          },
        ],
      },
      publishedBy: world.ana.id,
    })
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: world.ana.id })
    const { requestId } = must(await ask(world.ana))
    expect(await yes(world.ana, requestId)).toMatchObject({ code: 'forbidden' })
    expect(await told('decision-needed')).toEqual([world.ben.email])
    must(await deactivatePerson(world.as(world.ines), { personId: world.ben.id }))
    // Nobody else is left: the fallback leaves the requester out as well.
    expect(await yes(world.ana, requestId, 2)).toMatchObject({ code: 'forbidden' })
    expect(must(await yes(world.ines, requestId, 2))).toMatchObject({ state: 'approved' })
  })
})
