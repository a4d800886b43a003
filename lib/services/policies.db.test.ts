import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import { blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { listPolicies, policyEditor, policyPage } from '@/lib/queries/policies'
import { decideOnRequest } from './decisions'
import { archivePolicy, createPolicy, discardDraft, publishPolicy, saveDraft } from './policies'
import { createPolicyInput, replacePolicyInput, saveDraftForm } from './policy-input'
import { lapseOutdated } from './policy-requests'
import { askForAccess } from './requests'

let world: World
let admin: TestPerson
let owner: TestPerson
let member: TestPerson
let applicationId: string

beforeAll(async () => {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  owner = await world.person('Jonas Weber')
  member = await world.person('Ana Oliveira')
  applicationId = await world.application('Data warehouse', { owners: [owner] })
})
afterAll(() => world.close())

let serial = 0
async function entitlement(more = {}) {
  return world.entitlement(applicationId, `role_${++serial}`, more)
}

/** A policy with a saved draft; the definition differs from the blank one as told. */
async function draft(definition: Partial<PolicyDefinition>) {
  const name = `Policy ${++serial}`
  const created = value(await createPolicy(world.as(admin), { name, description: null }))
  const saved = await saveDraft(world.as(admin), {
    ...created,
    name,
    description: null,
    definition: { ...blankPolicy, ...definition },
  })
  return value(saved)
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`)
  return result.value
}

const policyRow = (id: string) => world.db.query.policy.findFirst({ where: eq(schema.policy.id, id) })
const versionsOf = (id: string) =>
  world.db.query.policyVersion.findMany({ where: eq(schema.policyVersion.policyId, id) })

describe('publishing', () => {
  it('makes a version, offers the entitlements and leaves one entry per change', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const published = value(await publishPolicy(world.as(admin), saved))
    expect(published.version).toBe(saved.version + 1)
    const [version] = await versionsOf(saved.policyId)
    expect(version).toMatchObject({ number: 1, publishedBy: admin.id })
    expect(version?.definition.entitlementIds).toEqual([entitlementId])
    const row = await policyRow(saved.policyId)
    expect(row).toMatchObject({ draft: null, currentVersionId: version?.id })
    expect(await world.verbs(saved.policyId)).toEqual(['created', 'changed', 'published'])
  })

  it('says every problem at its field and publishes nothing', async () => {
    const saved = await draft({
      entitlementIds: [],
      presets: [
        { seconds: 5 * 60, noticeSeconds: 60 },
        { seconds: DAY, noticeSeconds: DAY },
      ],
    })
    await world.db.update(schema.organisation).set({ floorSeconds: 6 * HOUR })
    const refused = await publishPolicy(world.as(admin), saved)
    await world.db.update(schema.organisation).set({ floorSeconds: 900 })
    expect(refused).toMatchObject({
      ok: false,
      code: 'invalid',
      fields: {
        entitlementIds: 'Choose at least one entitlement',
        'presets.0.seconds': 'The minimum is 6 hours',
        'presets.1.noticeSeconds': 'The notice must come before the end',
      },
    })
    expect(await versionsOf(saved.policyId)).toEqual([])
  })

  it.each([
    ['closed', { closedAt: new Date() }, /is closed/],
    ['not requestable', { requestable: false, reason: 'Built into PostgreSQL.' }, /Built into PostgreSQL/],
  ])('refuses an entitlement that is %s', async (_, more, sentence) => {
    const saved = await draft({ entitlementIds: [await entitlement(more)] })
    const refused = await publishPolicy(world.as(admin), saved)
    expect(refused).toMatchObject({
      ok: false,
      field: 'entitlementIds',
      message: expect.stringMatching(sentence),
    })
  })

  it('refuses an entitlement that does not exist', async () => {
    const saved = await draft({ entitlementIds: [newId()] })
    expect(await publishPolicy(world.as(admin), saved)).toMatchObject({ ok: false, field: 'entitlementIds' })
  })

  it('refuses what another policy offers, and names that policy', async () => {
    const entitlementId = await entitlement()
    await world.policy('Production read', { entitlementIds: [entitlementId] })
    const saved = await draft({ entitlementIds: [entitlementId] })
    const refused = await publishPolicy(world.as(admin), saved)
    expect(refused).toMatchObject({
      ok: false,
      field: 'entitlementIds',
      message: expect.stringContaining('“Production read”'),
    })
    expect((await policyRow(saved.policyId))?.currentVersionId).toBeNull()
  })

  it('lets only one of two policies that publish the same entitlement at once through', async () => {
    const entitlementId = await entitlement()
    const drafts = await Promise.all([1, 2].map(() => draft({ entitlementIds: [entitlementId] })))
    const results = await Promise.all(drafts.map((d) => publishPolicy(world.as(admin), d)))
    expect(results.filter((r) => r.ok)).toHaveLength(1)
    const offers = await world.db.query.policyEntitlement.findMany({
      where: eq(schema.policyEntitlement.entitlementId, entitlementId),
    })
    expect(offers).toHaveLength(1)
  })

  it('refuses a policy under which nobody could agree, at the step that stops everybody', async () => {
    const orphan = await world.application(`No owner ${++serial}`)
    const orphaned = await world.entitlement(orphan, 'role')
    const saved = await draft({
      entitlementIds: [orphaned],
      steps: [
        { approvers: [{ kind: 'person', id: admin.id }], quorum: 1 },
        { approvers: [{ kind: 'owners' }], quorum: 1 },
      ],
    })
    expect(await publishPolicy(world.as(admin), saved)).toMatchObject({
      ok: false,
      code: 'nobody_can_approve',
      field: 'steps.1.approvers',
    })
  })

  it('refuses when the only approver is the only one who may ask', async () => {
    const saved = await draft({
      entitlementIds: [await entitlement()],
      requesters: { kind: 'some', groupIds: [], personIds: [owner.id] },
    })
    expect(await publishPolicy(world.as(admin), saved)).toMatchObject({ code: 'nobody_can_approve' })
  })

  it('publishes when only some cannot be agreed to', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    // The owner may ask as well, and nobody could agree to that; everybody else has the owner.
    expect((await publishPolicy(world.as(admin), saved)).ok).toBe(true)
  })

  it('refuses a step that names somebody deactivated', async () => {
    const gone = await world.person('Gone Person', { deactivatedAt: new Date() })
    const saved = await draft({
      entitlementIds: [await entitlement()],
      steps: [{ approvers: [{ kind: 'person', id: gone.id }], quorum: 1 }],
    })
    expect(await publishPolicy(world.as(admin), saved)).toMatchObject({ field: 'steps.0.approvers' })
  })

  it('has nothing to publish twice', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    const first = value(await publishPolicy(world.as(admin), saved))
    expect(await publishPolicy(world.as(admin), first)).toMatchObject({ ok: false, code: 'conflict' })
  })
})

describe('versions', () => {
  it('never change, not even by hand', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    value(await publishPolicy(world.as(admin), saved))
    const change = world.db
      .update(schema.policyVersion)
      .set({ name: 'Another' })
      .where(eq(schema.policyVersion.policyId, saved.policyId))
    await expect(Promise.resolve(change)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('append-only') },
    })
  })

  it('a pending request keeps the version it pinned', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const first = value(await publishPolicy(world.as(admin), saved))
    const pinned = (await policyRow(saved.policyId))?.currentVersionId
    const asked = value(
      await askForAccess(world.as(member), {
        entitlementId,
        seconds: 6 * HOUR,
        reason: 'Why',
        startAt: null,
      }),
    )
    const again = value(
      await saveDraft(world.as(admin), {
        ...first,
        name: `Renamed ${++serial}`,
        description: null,
        definition: {
          ...blankPolicy,
          entitlementIds: [entitlementId],
          presets: [{ seconds: 2 * HOUR, noticeSeconds: HOUR }],
        },
      }),
    )
    value(await publishPolicy(world.as(admin), again))
    const request = await world.db.query.request.findFirst({ where: eq(schema.request.id, asked.requestId) })
    expect(request?.policyVersionId).toBe(pinned)
    expect((await versionsOf(saved.policyId)).map((v) => v.number).sort()).toEqual([1, 2])
    expect((await policyRow(saved.policyId))?.currentVersionId).not.toBe(pinned)
  })
})

describe('what stands in the way of publishing', () => {
  it('is a group that is deactivated, by name, wherever it is named', async () => {
    const groupId = await world.group(`Platform ${++serial}`, [owner])
    await world.db.update(schema.group).set({ deactivatedAt: new Date() }).where(eq(schema.group.id, groupId))
    const gone = expect.stringMatching(/^Platform \d+ is deactivated/)
    const saved = await draft({
      entitlementIds: [await entitlement()],
      requesters: { kind: 'some', groupIds: [groupId], personIds: [member.id] },
      steps: [{ approvers: [{ kind: 'owners' }, { kind: 'group', id: groupId }], quorum: 1 }],
      automatic: { groupIds: [groupId], maxSeconds: null, maxRisk: null, heldWithinDays: null },
    })
    expect(await publishPolicy(world.as(admin), saved)).toMatchObject({
      code: 'invalid',
      fields: { requesters: gone, 'steps.0.approvers': gone, automatic: gone },
    })
  })

  it('is a quorum of one person with two accounts', async () => {
    const twice = await world.person(`Twice ${++serial}`, { email: `twice${serial}@halden.example` })
    const again = await world.person(`Twice Again`, { email: `Twice${serial}+again@halden.example` })
    const saved = await draft({
      entitlementIds: [await entitlement()],
      steps: [
        {
          approvers: [
            { kind: 'person', id: twice.id },
            { kind: 'person', id: again.id },
          ],
          quorum: 2,
        },
      ],
    })
    expect(await publishPolicy(world.as(admin), saved)).toMatchObject({ code: 'nobody_can_approve' })
  })

  it('is every new part that is wrong, at its field', async () => {
    const saved = await draft({
      entitlementIds: [await entitlement()],
      steps: [{ approvers: [{ kind: 'owners' }], quorum: 1, escalateSeconds: 2 * DAY }],
      automatic: { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null },
      reminders: [50, 50],
      extension: { allowed: true, maxCount: 2, maxTotalSeconds: 5 * DAY },
      extensionApproval: { how: 'automatic', automaticSeconds: 60 },
      graceSeconds: 60,
      emergency: { allowed: true, seconds: 10 * DAY },
    })
    const refused = await publishPolicy(world.as(admin), saved)
    expect(Object.keys((!refused.ok && refused.fields) || {}).sort()).toEqual([
      'automatic',
      'emergency.seconds',
      'extensionApproval.automaticSeconds',
      'graceSeconds',
      'reminders',
      'steps.0.escalateSeconds',
    ])
  })
})

describe('requests of older versions', () => {
  /** A published policy with a request of the member, its next version saved, and the ids. */
  async function replaced() {
    const entitlementId = await entitlement()
    const first = value(
      await publishPolicy(world.as(admin), await draft({ entitlementIds: [entitlementId] })),
    )
    const ask = { entitlementId, seconds: 6 * HOUR, reason: 'Why', startAt: null }
    const { requestId } = value(await askForAccess(world.as(member), ask))
    const next = value(
      await saveDraft(world.as(admin), {
        ...first,
        name: `Policy ${++serial}`,
        description: null,
        definition: { ...blankPolicy, entitlementIds: [entitlementId], reminders: [25] },
      }),
    )
    return { first, next, ask, requestId }
  }
  const request = (id: string) => world.db.query.request.findFirst({ where: eq(schema.request.id, id) })
  const told = async (requestId: string) =>
    (await world.db.query.mail.findMany({ where: eq(schema.mail.requestId, requestId) }))
      .filter((mail) => mail.kind === 'request-lapsed')
      .map((mail) => mail.recipient)

  it('lapse with publishing where the admin lets them: told, without clocks, and free to ask anew', async () => {
    const { next, ask, requestId } = await replaced()
    const done = value(await publishPolicy(world.as(admin), { ...next, lapsePending: true }))
    expect(done).toMatchObject({ policyId: next.policyId, version: next.version + 1, lapsed: 1 })
    expect(await request(requestId)).toMatchObject({ state: 'lapsed' })
    const [, entry] = await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, requestId),
      orderBy: schema.timeline.version,
    })
    expect(entry).toMatchObject({ verb: 'lapsed', actorId: admin.id, data: { why: 'policy_changed' } })
    expect(await told(requestId)).toEqual([member.email])
    expect(await world.db.query.work.findMany({ where: eq(schema.work.subjectId, requestId) })).toEqual([])
    const anew = value(await askForAccess(world.as(member), ask))
    expect((await request(anew.requestId))?.policyVersionId).toBe(
      (await policyRow(next.policyId))?.currentVersionId,
    )
  })

  it('stay where the admin does not', async () => {
    const { next, requestId } = await replaced()
    expect(value(await publishPolicy(world.as(admin), next))).toMatchObject({ lapsed: 0 })
    expect(await request(requestId)).toMatchObject({ state: 'pending' })
    expect(await told(requestId)).toEqual([])
  })

  it('stay where publishing is refused', async () => {
    const { next, requestId } = await replaced()
    const stale = { ...next, version: next.version - 1, lapsePending: true }
    expect(await publishPolicy(world.as(admin), stale)).toMatchObject({ code: 'stale' })
    expect(await publishPolicy(world.as(owner), { ...next, lapsePending: true })).toMatchObject({
      code: 'forbidden',
    })
    expect(await request(requestId)).toMatchObject({ state: 'pending' })
  })

  it('of the version in force, or of another policy, are none of them', async () => {
    const [one, other] = [await replaced(), await replaced()]
    value(await publishPolicy(world.as(admin), { ...one.next, lapsePending: true }))
    const anew = value(await askForAccess(world.as(member), one.ask))
    expect(await lapseOutdated(world.as(admin), one.next.policyId)).toBe(0)
    expect(await request(anew.requestId)).toMatchObject({ state: 'pending' })
    expect(await request(other.requestId)).toMatchObject({ state: 'pending' })
  })

  it('lapse with archiving, those of the version in force as well', async () => {
    const { first, next, requestId } = await replaced()
    const archived = await archivePolicy(world.as(admin), { ...next, lapsePending: true })
    expect(value(archived)).toMatchObject({ policyId: first.policyId, lapsed: 1 })
    expect(await request(requestId)).toMatchObject({ state: 'lapsed' })
  })

  it('are never let lapse by anybody but an admin', async () => {
    const { next, requestId } = await replaced()
    value(await publishPolicy(world.as(admin), next))
    expect(await lapseOutdated(world.as(owner), next.policyId)).toBe(0)
    expect(await request(requestId)).toMatchObject({ state: 'pending' })
  })

  it('that are decided in the same instant stay decided or lapse, never both', async () => {
    const { next, requestId } = await replaced()
    const answer = { requestId, verdict: 'approve' as const, note: null, version: 1 }
    const [published, decided] = await Promise.all([
      publishPolicy(world.as(admin), { ...next, lapsePending: true }),
      decideOnRequest(world.as(owner), answer),
    ])
    const state = (await request(requestId))?.state
    expect(state).toBe(decided.ok ? 'approved' : 'lapsed')
    expect(value(published).lapsed).toBe(decided.ok ? 0 : 1)
    expect(await world.verbs(requestId)).toEqual(['asked', state])
  })

  it('are listed for whoever is about to publish, with how far they are', async () => {
    const { next, requestId } = await replaced()
    const data = await policyEditor(world.as(admin), next.policyId)
    expect(data?.affected).toMatchObject([
      { id: requestId, person: member.name, application: 'Data warehouse', step: 1, steps: 1, version: 1 },
    ])
    const page = await policyPage(world.as(admin), next.policyId)
    expect(page?.affected).toEqual(data?.affected)
    expect((await policyPage(world.as(owner), next.policyId))?.affected).toEqual([])
  })
})

describe('the list of policies', () => {
  it('says under which nobody could agree to somebody', async () => {
    const lonely = await world.application(`Nobody owns ${++serial}`)
    const covered = await world.policy(`Covered ${serial}`, {
      entitlementIds: [await entitlement()],
      steps: [{ approvers: [{ kind: 'person', id: owner.id }], quorum: 1 }],
      requesters: { kind: 'some', groupIds: [], personIds: [member.id] },
    })
    const bare = await world.policy(`Bare ${serial}`, {
      entitlementIds: [await world.entitlement(lonely, 'role')],
      requesters: { kind: 'some', groupIds: [], personIds: [member.id, owner.id] },
    })
    const list = await listPolicies(world.as(admin))
    const gapOf = (id: string) => list?.rows.find((row) => row.id === id)?.gap
    expect(gapOf(covered)).toBeNull()
    expect(gapOf(bare)).toEqual({ blocked: 2, eligible: 2 })
  })
})

describe('drafts', () => {
  it('may be unfinished, and what is live stays as it was', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const published = value(await publishPolicy(world.as(admin), saved))
    value(
      await saveDraft(world.as(admin), {
        ...published,
        name: `Policy ${++serial}`,
        description: 'Half done',
        definition: { ...blankPolicy, entitlementIds: [], steps: [], presets: [] },
      }),
    )
    const offer = await world.db.query.policyEntitlement.findFirst({
      where: eq(schema.policyEntitlement.entitlementId, entitlementId),
    })
    expect(offer?.policyId).toBe(saved.policyId)
  })

  it('refuse to write over what somebody else saved', async () => {
    const saved = await draft({ entitlementIds: [] })
    const input = { ...saved, name: `Mine ${++serial}`, description: null, definition: blankPolicy }
    value(await saveDraft(world.as(admin), input))
    expect(await saveDraft(world.as(admin), input)).toMatchObject({ ok: false, code: 'stale' })
  })

  it('can be thrown away: the published version stays, an unpublished policy goes', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    const published = value(await publishPolicy(world.as(admin), saved))
    const edited = value(
      await saveDraft(world.as(admin), {
        ...published,
        name: `Policy ${++serial}`,
        description: null,
        definition: blankPolicy,
      }),
    )
    value(await discardDraft(world.as(admin), edited))
    expect(await policyRow(saved.policyId)).toMatchObject({ draft: null })
    expect((await policyRow(saved.policyId))?.currentVersionId).not.toBeNull()

    const never = await draft({ entitlementIds: [] })
    value(await discardDraft(world.as(admin), never))
    expect(await policyRow(never.policyId)).toBeUndefined()
    expect(await world.verbs(never.policyId)).toEqual(['created', 'changed', 'archived'])
  })
})

describe('who and what', () => {
  it('refuses owners, members and auditors', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    const auditor = await world.person(`Auditor ${++serial}`, { auditor: true })
    for (const who of [owner, member, auditor]) {
      expect(await publishPolicy(world.as(who), saved)).toMatchObject({ ok: false, code: 'forbidden' })
      expect(await createPolicy(world.as(who), { name: `By ${who.name}`, description: null })).toMatchObject({
        ok: false,
        code: 'forbidden',
      })
    }
    expect(await world.verbs(saved.policyId)).toEqual(['created', 'changed'])
  })

  it('does not find a foreign id', async () => {
    expect(await publishPolicy(world.as(admin), { policyId: newId(), version: 1 })).toMatchObject({
      ok: false,
      code: 'not_found',
    })
  })

  it('refuses a taken name at its field, whatever its case', async () => {
    const name = `Same name ${++serial}`
    value(await createPolicy(world.as(admin), { name, description: null }))
    expect(
      await createPolicy(world.as(admin), { name: name.toUpperCase(), description: null }),
    ).toMatchObject({ ok: false, field: 'name' })
  })

  it('archives: nothing is offered any more and nothing can be saved', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const published = value(await publishPolicy(world.as(admin), saved))
    const archived = value(await archivePolicy(world.as(admin), published))
    const ask = { entitlementId, seconds: 6 * HOUR, reason: 'Why', startAt: null }
    expect(await askForAccess(world.as(member), ask)).toMatchObject({ ok: false, code: 'unavailable' })
    expect(await publishPolicy(world.as(admin), archived)).toMatchObject({ ok: false, code: 'unavailable' })
  })
})

describe('what a form sends', () => {
  const form = { policyId: newId(), version: '3', name: ' Production read ', description: '' }

  it('reads the definition as JSON and drops what does not belong there', () => {
    const text = JSON.stringify({ ...blankPolicy, publishedBy: 'me' })
    const read = saveDraftForm.parse({ ...form, definition: text })
    expect(read).toMatchObject({ name: 'Production read', description: null, version: 3 })
    expect(read.definition).toEqual(blankPolicy)
  })

  it('carries every new part, finished or not', () => {
    const full: PolicyDefinition = {
      ...blankPolicy,
      steps: [{ approvers: [{ kind: 'owners' }], quorum: 1, escalateSeconds: 0 }],
      automatic: { groupIds: [newId()], maxSeconds: 0, maxRisk: 'medium', heldWithinDays: null },
      extensionApproval: { how: 'automatic', automaticSeconds: 0 },
      graceSeconds: HOUR,
      reminders: [],
      emergency: { allowed: true, seconds: 0 },
    }
    expect(saveDraftForm.parse({ ...form, definition: JSON.stringify(full) }).definition).toEqual(full)
  })

  const step = { approvers: [{ kind: 'owners' }], quorum: 1 }
  const rule = { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null }
  it.each([
    '',
    'no json',
    '{}',
    ...[
      { mode: 'forever' },
      { steps: [{ ...step, escalateSeconds: -1 }] },
      { steps: [{ ...step, escalateSeconds: 1.5 }] },
      { steps: [{ ...step, escalateSeconds: null }] },
      { automatic: true },
      { automatic: {} },
      { automatic: { ...rule, groupIds: ['everybody'] } },
      { automatic: { ...rule, maxSeconds: 'long' } },
      { automatic: { ...rule, maxRisk: 'none' } },
      { automatic: { ...rule, heldWithinDays: -1 } },
      { extensionApproval: { how: 'never', automaticSeconds: 0 } },
      { extensionApproval: { how: 'same' } },
      { graceSeconds: -1 },
      { graceSeconds: null },
      { reminders: ['50'] },
      { reminders: [1, 2, 3, 4, 5, 6] },
      { reminders: [-1] },
      { emergency: true },
      { emergency: { allowed: 'yes', seconds: 1 } },
    ].map((part) => JSON.stringify({ ...blankPolicy, ...part })),
  ])('refuses %j', (definition) => {
    expect(saveDraftForm.safeParse({ ...form, definition }).success).toBe(false)
  })

  it('drops what no part of a step has, such as the rule of a separation', () => {
    const text = JSON.stringify({ ...blankPolicy, steps: [{ ...step, separationId: newId() }] })
    expect(saveDraftForm.parse({ ...form, definition: text }).definition.steps).toEqual([step])
  })

  it('lets requests lapse by a ticked box only', () => {
    const box = { policyId: form.policyId, version: '3' }
    expect(replacePolicyInput.parse(box).lapsePending).toBe(false)
    expect(replacePolicyInput.parse({ ...box, lapsePending: 'on' }).lapsePending).toBe(true)
    expect(replacePolicyInput.safeParse({ ...box, lapsePending: 'maybe' }).success).toBe(false)
  })

  it('wants a name', () => {
    expect(createPolicyInput.safeParse({ name: '   ' }).error?.issues[0]?.message).toBe(
      'Give the policy a name',
    )
  })
})
