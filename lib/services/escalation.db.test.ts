import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { decideOnRequest } from './decisions'
import { deactivatePerson } from './people'
import { escalateStuck, reassignRequest } from './request-escalation'
import { askForAccess } from './requests'

let world: LeaseWorld
let [carl, dana]: TestPerson[] = []
let groupId: string
beforeEach(async () => {
  world = await createLeaseWorld()
  carl = await world.person('Carl Diaz')
  dana = await world.person('Dana Ekow')
  groupId = await world.group('Approvers', [carl!, dana!])
})
afterEach(() => world.close())

/** Publishes what is needed and asks as Ana. */
async function asked(more: Partial<PolicyDefinition>): Promise<string> {
  const external = world.target.state.addEntitlement({ name: 'staging_write' })
  const entitlementId = await world.entitlement(world.applicationId, 'staging_write', {
    externalId: external.id,
  })
  await world.policy('Staging write', { entitlementIds: [entitlementId], ...more })
  const input = { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' }
  return must(await askForAccess(world.as(world.ana), input)).requestId
}
const byGroup = (quorum: number | 'all' = 1, more: { escalateSeconds?: number } = {}) => ({
  approvers: [{ kind: 'group' as const, id: groupId }],
  quorum,
  ...more,
})
const say = async (who: TestPerson, requestId: string, verdict: 'approve' | 'deny' = 'approve') => {
  const row = await request(requestId)
  return decideOnRequest(world.as(who), { requestId, verdict, note: 'as agreed', version: row.version })
}
const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const toldOf = async (requestId: string, kind: string) => {
  const { mail } = schema
  const rows = await world.db.query.mail.findMany({
    where: and(eq(mail.requestId, requestId), eq(mail.kind, kind)),
  })
  return rows.map((m) => m.recipient).sort()
}
const leave = (who: TestPerson) =>
  deactivatePerson(world.as(world.ines), { personId: who.id }).then((result) => must(result))

describe('a request that loses its last approver', () => {
  it('goes to the owners at once, who may then agree', async () => {
    const id = await asked({ steps: [byGroup()] })
    await leave(carl!)
    expect(await world.verbs(id)).toEqual(['asked'])
    await leave(dana!)
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
    expect(await toldOf(id, 'decision-needed')).toEqual([carl!.email, dana!.email, world.ben.email].sort())
    expect(must(await say(world.ben, id))).toMatchObject({ state: 'approved' })
  })

  it('goes to the admins where there is no owner, or the owner is who asks', async () => {
    await world.db.delete(schema.applicationOwner)
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: world.ana.id })
    const id = await asked({ steps: [byGroup(2)] })
    await leave(carl!)
    // Two are needed and one is left beside the only admin.
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
    must(await say(dana!, id))
    expect(must(await say(world.ines, id))).toMatchObject({ state: 'approved' })
  })

  it('lapses at once where not even they could agree, and whoever asked is told', async () => {
    await world.db.delete(schema.applicationOwner)
    const id = await asked({ steps: [byGroup(2)] })
    await leave(carl!)
    await leave(dana!)
    expect(await world.verbs(id)).toEqual(['asked', 'escalated', 'lapsed'])
    expect(await request(id)).toMatchObject({ state: 'lapsed' })
    expect(await toldOf(id, 'request-lapsed')).toEqual([world.ana.email])
    expect((await world.db.query.work.findMany()).filter((w) => w.subjectId === id)).toEqual([])
  })

  it('goes there also for a step that is not open yet, and those people are asked when it opens', async () => {
    const owners = { approvers: [{ kind: 'owners' as const }], quorum: 1 }
    const id = await asked({ steps: [owners, byGroup()] })
    await leave(carl!)
    await leave(dana!)
    expect(await request(id)).toMatchObject({ state: 'pending', step: 0, escalated: [1, 1] })
    must(await say(world.ben, id))
    // The owner has decided on the first step, so the admins are who is left.
    expect(await toldOf(id, 'decision-needed')).toEqual([world.ben.email, world.ines.email].sort())
    expect(must(await say(world.ines, id))).toMatchObject({ state: 'approved' })
  })

  it('is found whatever changed the directory, and once', async () => {
    const id = await asked({ steps: [byGroup()] })
    await world.db.delete(schema.groupMember)
    expect(await escalateStuck(world.db)).toBe(1)
    expect(await escalateStuck(world.db)).toBe(0)
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
  })

  it('"all" does not pass because of who left: one of the fallback has to agree', async () => {
    const id = await asked({ steps: [byGroup('all')] })
    must(await say(carl!, id))
    await leave(carl!)
    await leave(dana!)
    expect(await request(id)).toMatchObject({ state: 'pending', escalated: [0] })
    // Carl's yes still counts as one, and one is what an empty "all" asks for: nobody is let through by a leaver.
    expect((await world.verbs(id)).slice(0, 3)).toEqual(['asked', 'agreed', 'escalated'])
  })
})

describe('clocks', () => {
  it('remind at their fractions whoever has not decided, and nobody else', async () => {
    const id = await asked({ steps: [byGroup(2)], reminders: [25, 75], decideWithinSeconds: DAY })
    must(await say(carl!, id))
    await world.advance('+6h')
    expect(await toldOf(id, 'decision-reminder')).toEqual([dana!.email])
    await world.advance('+12h')
    expect(await toldOf(id, 'decision-reminder')).toEqual([dana!.email, dana!.email])
    await world.advance('+6h')
    expect(await world.verbs(id)).toEqual(['asked', 'agreed', 'reminded', 'reminded', 'lapsed'])
  })

  it('escalate a step that waits too long: the owners are asked as well, and the first may still decide', async () => {
    const id = await asked({ steps: [byGroup(1, { escalateSeconds: 2 * HOUR })], reminders: [] })
    await world.advance('+2h')
    expect(await world.verbs(id)).toEqual(['asked', 'escalated'])
    expect(await toldOf(id, 'decision-needed')).toEqual([carl!.email, dana!.email, world.ben.email].sort())
    expect(must(await say(carl!, id))).toMatchObject({ state: 'approved' })
    expect(await say(world.ben, id)).toMatchObject({ code: 'conflict' })
  })

  it('count for each step from when it opens', async () => {
    const wait = { escalateSeconds: 2 * HOUR }
    const owners = { approvers: [{ kind: 'owners' as const }], quorum: 1, ...wait }
    const id = await asked({ steps: [owners, byGroup(1, wait)], reminders: [] })
    await world.advance('+1h')
    must(await say(world.ben, id))
    await world.advance('+1h 30m')
    expect(await request(id)).toMatchObject({ step: 1, escalated: [] })
    await world.advance('+30m')
    expect(await request(id)).toMatchObject({ step: 1, escalated: [1] })
  })

  it('are all off once it is decided', async () => {
    const id = await asked({ steps: [byGroup(1, { escalateSeconds: 2 * HOUR })] })
    expect((await world.db.query.work.findMany()).filter((w) => w.subjectId === id)).toHaveLength(3)
    must(await say(carl!, id, 'deny'))
    expect((await world.db.query.work.findMany()).filter((w) => w.subjectId === id)).toEqual([])
  })
})

describe('an admin has somebody else decide', () => {
  it('with a reason; who was asked before is not any more', async () => {
    const id = await asked({ steps: [byGroup()] })
    const input = { requestId: id, personIds: [world.ben.id], reason: 'Both are at the offsite' }
    must(await reassignRequest(world.as(world.ines), input))
    expect(await toldOf(id, 'decision-needed')).toEqual([carl!.email, dana!.email, world.ben.email].sort())
    expect(await say(carl!, id)).toMatchObject({ code: 'forbidden' })
    expect(must(await say(world.ben, id))).toMatchObject({ state: 'approved' })
    expect(await world.verbs(id)).toEqual(['asked', 'reassigned', 'approved'])
  })

  it('to nobody who may not decide, and only for the open step', async () => {
    const id = await asked({ steps: [byGroup(), byGroup()] })
    const to = (personId: string, by = world.ines) =>
      reassignRequest(world.as(by), { requestId: id, personIds: [personId], reason: 'Offsite' })
    expect(await to(world.ana.id)).toMatchObject({ code: 'invalid', field: 'personIds' })
    expect(await to(world.ben.id, world.ben)).toMatchObject({ code: 'forbidden' })
    const gone = await world.person('Gone Already', { deactivatedAt: new Date('2026-01-01') })
    expect(await to(gone.id)).toMatchObject({ code: 'invalid', field: 'personIds' })
    must(await to(world.ben.id))
    must(await say(world.ben, id))
    expect(must(await say(carl!, id))).toMatchObject({ state: 'approved' })
  })

  it('to somebody who then leaves: it goes to the fallback, and does not end', async () => {
    const emil = await world.person('Emil Fuchs')
    const id = await asked({ steps: [byGroup()] })
    const input = { requestId: id, personIds: [emil.id], reason: 'Both are at the offsite' }
    must(await reassignRequest(world.as(world.ines), input))
    await leave(emil)
    expect(await world.verbs(id)).toEqual(['asked', 'reassigned', 'escalated'])
    expect(must(await say(world.ben, id))).toMatchObject({ state: 'approved' })
  })

  it('to one of them, where all had to agree and the fallback was asked', async () => {
    const id = await asked({ steps: [byGroup('all', { escalateSeconds: HOUR })] })
    await world.advance('+1h 1m')
    const told = await toldOf(id, 'decision-needed')
    must(
      await reassignRequest(world.as(world.ines), {
        requestId: id,
        personIds: [carl!.id],
        reason: 'Offsite',
      }),
    )
    expect((await request(id)).escalated).toEqual([])
    // Silent again, and the same people are written to once more.
    await world.advance('+1h 1m')
    expect(await world.verbs(id)).toEqual(['asked', 'escalated', 'reassigned', 'escalated'])
    const again = await toldOf(id, 'decision-needed')
    expect(again.filter((to) => to === world.ben.email)).toHaveLength(
      told.filter((to) => to === world.ben.email).length + 1,
    )
    expect(must(await say(carl!, id))).toMatchObject({ state: 'approved' })
  })

  it('not to another account of who asked, nor of who decided already', async () => {
    const id = await asked({ steps: [byGroup(), byGroup()] })
    must(await say(carl!, id))
    const twins = [
      await world.person('Ana Twin', { email: world.ana.email.replace('@', '+2@') }),
      await world.person('Carl Twin', { email: carl!.email.replace('@', '+2@') }),
    ]
    for (const twin of twins) {
      const input = { requestId: id, personIds: [twin.id], reason: 'Offsite' }
      expect(await reassignRequest(world.as(world.ines), input), twin.name).toMatchObject({
        code: 'invalid',
        field: 'personIds',
      })
    }
    const admin = await world.person('Ana Admin', {
      email: world.ana.email.replace('@', '+3@'),
      admin: true,
    })
    const input = { requestId: id, personIds: [dana!.id], reason: 'Offsite' }
    expect(await reassignRequest(world.as(admin), input)).toMatchObject({ code: 'forbidden' })
  })

  it('never on a request of their own', async () => {
    const input = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'INC-1' }
    const { requestId } = must(await askForAccess(world.as(world.ines), input))
    const own = { requestId, personIds: [carl!.id], reason: 'My friend' }
    expect(await reassignRequest(world.as(world.ines), own)).toMatchObject({ code: 'forbidden' })
  })
})
