import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import { blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { archivePolicy, createPolicy, discardDraft, publishPolicy, saveDraft } from './policies'
import { createPolicyInput, saveDraftForm } from './policy-input'
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

  it.each(['', 'no json', '{}', JSON.stringify({ ...blankPolicy, mode: 'forever' })])(
    'refuses %j',
    (definition) => {
      expect(saveDraftForm.safeParse({ ...form, definition }).success).toBe(false)
    },
  )

  it('wants a name', () => {
    expect(createPolicyInput.safeParse({ name: '   ' }).error?.issues[0]?.message).toBe(
      'Give the policy a name',
    )
  })
})
