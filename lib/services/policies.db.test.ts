import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { DAY, HOUR } from '@/lib/domain/duration'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { must } from '@/lib/testing/lease-world'
import { archivePolicy, createPolicy, discardDraft, publishPolicy, saveDraft } from './policies'
import { admin, draft, entitlement, member, next, openWorld, owner, policyRow, world } from './policies.world'
import { askForAccess } from './requests'

beforeAll(openWorld)
afterAll(() => world.close())

const versionsOf = (id: string) =>
  world.db.query.policyVersion.findMany({ where: eq(schema.policyVersion.policyId, id) })

describe('publishing', () => {
  it('makes a version, offers the entitlements and leaves one entry per change', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const published = must(await publishPolicy(world.as(admin), saved))
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
    const orphan = await world.application(`No owner ${next()}`)
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
    const first = must(await publishPolicy(world.as(admin), saved))
    expect(await publishPolicy(world.as(admin), first)).toMatchObject({ ok: false, code: 'conflict' })
  })
})

describe('versions', () => {
  it('never change, not even by hand', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    must(await publishPolicy(world.as(admin), saved))
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
    const first = must(await publishPolicy(world.as(admin), saved))
    const pinned = (await policyRow(saved.policyId))?.currentVersionId
    const asked = must(
      await askForAccess(world.as(member), {
        entitlementId,
        seconds: 6 * HOUR,
        reason: 'Why',
        startAt: null,
      }),
    )
    const again = must(
      await saveDraft(world.as(admin), {
        ...first,
        name: `Renamed ${next()}`,
        description: null,
        definition: {
          ...blankPolicy,
          entitlementIds: [entitlementId],
          presets: [{ seconds: 2 * HOUR, noticeSeconds: HOUR }],
        },
      }),
    )
    must(await publishPolicy(world.as(admin), again))
    const request = await world.db.query.request.findFirst({ where: eq(schema.request.id, asked.requestId) })
    expect(request?.policyVersionId).toBe(pinned)
    expect((await versionsOf(saved.policyId)).map((v) => v.number).sort()).toEqual([1, 2])
    expect((await policyRow(saved.policyId))?.currentVersionId).not.toBe(pinned)
  })
})

describe('what stands in the way of publishing', () => {
  it('is a group that is deactivated, by name, wherever it is named', async () => {
    const groupId = await world.group(`Platform ${next()}`, [owner])
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
    const twice = await world.person('Twice', { email: 'twice@halden.example' })
    const again = await world.person('Twice Again', { email: 'Twice+again@halden.example' })
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

describe('drafts', () => {
  it('may be unfinished, and what is live stays as it was', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const published = must(await publishPolicy(world.as(admin), saved))
    must(
      await saveDraft(world.as(admin), {
        ...published,
        name: `Policy ${next()}`,
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
    const input = { ...saved, name: `Mine ${next()}`, description: null, definition: blankPolicy }
    must(await saveDraft(world.as(admin), input))
    expect(await saveDraft(world.as(admin), input)).toMatchObject({ ok: false, code: 'stale' })
  })

  it('can be thrown away: the published version stays, an unpublished policy goes', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    const published = must(await publishPolicy(world.as(admin), saved))
    const edited = must(
      await saveDraft(world.as(admin), {
        ...published,
        name: `Policy ${next()}`,
        description: null,
        definition: blankPolicy,
      }),
    )
    must(await discardDraft(world.as(admin), edited))
    expect(await policyRow(saved.policyId)).toMatchObject({ draft: null })
    expect((await policyRow(saved.policyId))?.currentVersionId).not.toBeNull()

    const never = await draft({ entitlementIds: [] })
    must(await discardDraft(world.as(admin), never))
    expect(await policyRow(never.policyId)).toBeUndefined()
    expect(await world.verbs(never.policyId)).toEqual(['created', 'changed', 'archived'])
  })
})

describe('who and what', () => {
  it('refuses owners, members and auditors', async () => {
    const saved = await draft({ entitlementIds: [await entitlement()] })
    const auditor = await world.person(`Auditor ${next()}`, { auditor: true })
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
    const name = `Same name ${next()}`
    must(await createPolicy(world.as(admin), { name, description: null }))
    expect(
      await createPolicy(world.as(admin), { name: name.toUpperCase(), description: null }),
    ).toMatchObject({ ok: false, field: 'name' })
  })

  it('archives: nothing is offered any more and nothing can be saved', async () => {
    const entitlementId = await entitlement()
    const saved = await draft({ entitlementIds: [entitlementId] })
    const published = must(await publishPolicy(world.as(admin), saved))
    const archived = must(await archivePolicy(world.as(admin), published))
    const ask = { entitlementId, seconds: 6 * HOUR, reason: 'Why', startAt: null }
    expect(await askForAccess(world.as(member), ask)).toMatchObject({ ok: false, code: 'unavailable' })
    expect(await publishPolicy(world.as(admin), archived)).toMatchObject({ ok: false, code: 'unavailable' })
  })
})
