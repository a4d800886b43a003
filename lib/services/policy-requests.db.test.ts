import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { HOUR } from '@/lib/domain/duration'
import { blankPolicy } from '@/lib/domain/policy'
import { listPolicies, policyEditor, policyPage } from '@/lib/queries/policies'
import { must } from '@/lib/testing/lease-world'
import { decideOnRequest } from './decisions'
import { archivePolicy, publishPolicy, saveDraft } from './policies'
import {
  admin,
  draft,
  entitlement,
  member,
  openWorld,
  owner,
  policyRow,
  next as serial,
  world,
} from './policies.world'
import { lapseOutdated } from './policy-requests'
import { askForAccess } from './requests'

beforeAll(openWorld)
afterAll(() => world.close())

describe('requests of older versions', () => {
  /** A published policy with a request of the member, its next version saved, and the ids. */
  async function replaced() {
    const entitlementId = await entitlement()
    const first = must(await publishPolicy(world.as(admin), await draft({ entitlementIds: [entitlementId] })))
    const ask = { entitlementId, seconds: 6 * HOUR, reason: 'Why', startAt: null }
    const { requestId } = must(await askForAccess(world.as(member), ask))
    const later = must(
      await saveDraft(world.as(admin), {
        ...first,
        name: `Policy ${serial()}`,
        description: null,
        definition: { ...blankPolicy, entitlementIds: [entitlementId], reminders: [25] },
      }),
    )
    return { first, next: later, ask, requestId }
  }
  const request = (id: string) => world.db.query.request.findFirst({ where: eq(schema.request.id, id) })
  const told = async (requestId: string) =>
    (await world.db.query.mail.findMany({ where: eq(schema.mail.requestId, requestId) }))
      .filter((mail) => mail.kind === 'request-lapsed')
      .map((mail) => mail.recipient)

  it('lapse with publishing where the admin lets them: told, without clocks, and free to ask anew', async () => {
    const { next, ask, requestId } = await replaced()
    const done = must(await publishPolicy(world.as(admin), { ...next, lapsePending: true }))
    expect(done).toMatchObject({ policyId: next.policyId, version: next.version + 1, lapsed: 1 })
    expect(await request(requestId)).toMatchObject({ state: 'lapsed' })
    const [, entry] = await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, requestId),
      orderBy: schema.timeline.version,
    })
    expect(entry).toMatchObject({ verb: 'lapsed', actorId: admin.id, data: { why: 'policy_changed' } })
    expect(await told(requestId)).toEqual([member.email])
    expect(await world.db.query.work.findMany({ where: eq(schema.work.subjectId, requestId) })).toEqual([])
    const anew = must(await askForAccess(world.as(member), ask))
    expect((await request(anew.requestId))?.policyVersionId).toBe(
      (await policyRow(next.policyId))?.currentVersionId,
    )
  })

  it('stay where the admin does not', async () => {
    const { next, requestId } = await replaced()
    expect(must(await publishPolicy(world.as(admin), next))).toMatchObject({ lapsed: 0 })
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
    must(await publishPolicy(world.as(admin), { ...one.next, lapsePending: true }))
    const anew = must(await askForAccess(world.as(member), one.ask))
    expect(await lapseOutdated(world.as(admin), one.next.policyId)).toBe(0)
    expect(await request(anew.requestId)).toMatchObject({ state: 'pending' })
    expect(await request(other.requestId)).toMatchObject({ state: 'pending' })
  })

  it('lapse with archiving, those of the version in force as well', async () => {
    const { first, next, requestId } = await replaced()
    const archived = await archivePolicy(world.as(admin), { ...next, lapsePending: true })
    expect(must(archived)).toMatchObject({ policyId: first.policyId, lapsed: 1 })
    expect(await request(requestId)).toMatchObject({ state: 'lapsed' })
  })

  it('are never let lapse by anybody but an admin', async () => {
    const { next, requestId } = await replaced()
    must(await publishPolicy(world.as(admin), next))
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
    expect(must(published).lapsed).toBe(decided.ok ? 0 : 1)
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
    const lonely = await world.application(`Nobody owns ${serial()}`)
    const covered = await world.policy(`Covered ${serial()}`, {
      entitlementIds: [await entitlement()],
      steps: [{ approvers: [{ kind: 'person', id: owner.id }], quorum: 1 }],
      requesters: { kind: 'some', groupIds: [], personIds: [member.id] },
    })
    const bare = await world.policy(`Bare ${serial()}`, {
      entitlementIds: [await world.entitlement(lonely, 'role')],
      requesters: { kind: 'some', groupIds: [], personIds: [member.id, owner.id] },
    })
    const list = await listPolicies(world.as(admin))
    const gapOf = (id: string) => list?.rows.find((row) => row.id === id)?.gap
    expect(gapOf(covered)).toBeNull()
    expect(gapOf(bare)).toEqual({ blocked: 2, eligible: 2 })
  })
})
