import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, HOUR, plus } from '@/lib/domain/duration'
import { absenceEffect } from '@/lib/queries/absence'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { setDelegation } from './delegations'
import { lookAfter } from './look-after'
import { deactivatePerson, reactivatePerson } from './people'
import { askForAccess } from './requests'
import { openSession, readSession } from './sessions'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const person = async (who: TestPerson) =>
  (await world.db.query.person.findFirst({ where: eq(schema.person.id, who.id) }))!
const ask = async (who: TestPerson, ctx = world.as(who)) =>
  must(
    await askForAccess(ctx, {
      entitlementId: world.entitlementId,
      personId: who.id,
      seconds: 6 * HOUR,
      reason: 'INC-2417',
      startAt: null,
    }),
  ).requestId
const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const ownersOf = async (applicationId: string) =>
  (
    await world.db
      .select({ id: schema.applicationOwner.personId })
      .from(schema.applicationOwner)
      .where(eq(schema.applicationOwner.applicationId, applicationId))
  )
    .map((o) => o.id)
    .sort()
const toldOf = async (kind: string) =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })).map((m) => m.recipient).sort()
const entries = (subjectId: string, verb: 'deactivated' | 'reactivated' | 'changed' | 'ending' | 'lapsed') =>
  world.db.query.timeline.findMany({
    where: and(eq(schema.timeline.subjectId, subjectId), eq(schema.timeline.verb, verb)),
  })

describe('somebody who leaves', () => {
  it('loses sessions and leases at once, each lease with its reason, and in the target soon after', async () => {
    const grantId = await world.approved()
    await world.drain()
    expect(world.holders()).toContain(world.anaAccount)
    const { token } = must(await openSession(world.db, world.ana.id, 'demo'))
    must(await deactivatePerson(admin(), { personId: world.ana.id, reason: 'Last day' }))
    expect(await readSession(world.db, token)).toBeNull()
    expect(await openSession(world.db, world.ana.id, 'demo')).toMatchObject({ code: 'forbidden' })
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'left' })
    const [[left], [began]] = await Promise.all([
      entries(world.ana.id, 'deactivated'),
      entries(grantId, 'ending'),
    ])
    expect(left?.data).toMatchObject({ name: 'Ana Oliveira', reason: 'Last day' })
    expect(Number(began?.at) - Number(left?.at)).toBeLessThan(5_000)
    await world.drain()
    expect(world.holders()).not.toContain(world.anaAccount)
  })

  it('takes the requests for them along, and whoever asked is told why', async () => {
    const requestId = await ask(world.ana, admin())
    const done = must(await deactivatePerson(admin(), { personId: world.ana.id }))
    expect(done.lapsed).toBe(1)
    expect(await request(requestId)).toMatchObject({ state: 'lapsed' })
    expect((await entries(requestId, 'lapsed'))[0]?.data).toMatchObject({ why: 'left' })
    await world.drain()
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.requestId, requestId) })
    const lapsed = mails.filter((m) => m.kind === 'request-lapsed')
    expect(lapsed.map((m) => [m.recipient, m.subject])).toEqual([
      [world.ines.email, 'Lapsed: whoever prod_read on Data warehouse was for has left'],
    ])
  })

  it('is replaced where they were asked to decide, and their application goes to the admins, who are told', async () => {
    const other = await world.person('Second Admin', { admin: true })
    const requestId = await ask(world.ana)
    const done = must(await deactivatePerson(admin(), { personId: world.ben.id }))
    expect(done).toEqual({ ending: 0, lapsed: 0, escalated: 1, passedOn: 1 })
    expect(await request(requestId)).toMatchObject({ state: 'pending', escalated: [0] })
    const heirs = [world.ines.id, other.id].sort()
    expect(await ownersOf(world.applicationId)).toEqual(heirs)
    expect((await entries(world.applicationId, 'changed'))[0]?.data).toMatchObject({
      what: 'Ben Okafor left. Nobody else owned it, so the admins do now.',
      was: [world.ben.id],
    })
    await world.drain()
    expect(await toldOf('ownership-passed')).toEqual([world.ines.email, other.email].sort())
    expect((await toldOf('decision-needed')).filter((to) => to !== world.ben.email)).toEqual(
      [world.ines.email, other.email].sort(),
    )
    // Others may ask there as before: somebody owns it.
    await ask(await world.person('Dana Ekow'))
  })

  it('leaves an application to its other owners, and nobody is told', async () => {
    const carl = await world.person('Carl Diaz')
    const { applicationId } = world
    await world.db.insert(schema.applicationOwner).values({ applicationId, personId: carl.id })
    must(await deactivatePerson(admin(), { personId: world.ben.id }))
    expect(await ownersOf(applicationId)).toEqual([carl.id])
    expect(await toldOf('ownership-passed')).toEqual([])
  })

  it('decides for nobody any more, and nobody for them', async () => {
    const carl = await world.person('Carl Diaz')
    const now = await readNow(world.db)
    const away = (who: TestPerson, substitute: TestPerson, startsAt: Date | null) =>
      setDelegation(world.as(who), {
        personId: who.id,
        substituteId: substitute.id,
        startsAt,
        endsAt: plus(now, 3 * DAY),
      })
    must(await away(world.ben, carl, null))
    must(await away(carl, world.ana, plus(now, DAY)))
    must(await deactivatePerson(admin(), { personId: carl.id }))
    const rows = await world.db.query.delegation.findMany()
    const at = await readNow(world.db)
    for (const row of rows) expect(row.endsAt <= at || row.endsAt <= row.startsAt).toBe(true)
    expect((await world.verbs(world.ben.id)).at(-1)).toBe('delegation_ended')
    expect(await world.verbs(carl.id)).toEqual(['delegated', 'delegation_ended', 'deactivated'])
  })

  it('is what the preview said', async () => {
    await world.approved()
    await world.drain()
    const effect = await absenceEffect(admin(), { personId: world.ana.id })
    const done = must(await deactivatePerson(admin(), { personId: world.ana.id }))
    expect(effect).toMatchObject({ ending: done.ending, own: done.lapsed, delegations: 0 })
    const owner = await absenceEffect(admin(), { personId: world.ben.id })
    expect(owner?.unowned).toHaveLength(
      must(await deactivatePerson(admin(), { personId: world.ben.id })).passedOn,
    )
  })

  it('is finished by whatever comes by next where it was cut short', async () => {
    const grantId = await world.approved()
    await world.drain()
    const requestId = await ask(await world.person('Dana Ekow'))
    await world.db
      .update(schema.person)
      .set({ deactivatedAt: await readNow(world.db) })
      .where(eq(schema.person.admin, false))
    const done = await lookAfter(world.db)
    expect(done.ended).toBe(1)
    expect(await world.grant(grantId)).toMatchObject({ endReason: 'left' })
    expect((await request(requestId)).state).toBe('lapsed')
    expect(await ownersOf(world.applicationId)).toEqual([world.ines.id])
    expect(await lookAfter(world.db)).toMatchObject({ ended: 0, escalated: 0 })
  })
})

describe('somebody who comes back', () => {
  it('is a member, whatever they were, and has nothing back', async () => {
    const former = await world.person('Former Admin', { admin: true, auditor: true })
    must(await deactivatePerson(admin(), { personId: former.id }))
    must(await reactivatePerson(admin(), { personId: former.id, reason: 'Back from leave' }))
    expect(await person(former)).toMatchObject({ deactivatedAt: null, admin: false, auditor: false })
    expect((await entries(former.id, 'reactivated'))[0]?.data).toMatchObject({
      reason: 'Back from leave',
      roles: ['admin', 'auditor'],
    })
    must(await openSession(world.db, former.id, 'demo'))
    const grantId = await world.approved()
    await world.drain()
    must(await deactivatePerson(admin(), { personId: world.ana.id }))
    must(await reactivatePerson(admin(), { personId: world.ana.id }))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'left' })
  })

  it('is refused for who is active, and to whoever is no admin', async () => {
    expect(await reactivatePerson(admin(), { personId: world.ana.id })).toMatchObject({ code: 'conflict' })
    must(await deactivatePerson(admin(), { personId: world.ana.id }))
    for (const who of [world.ben, await world.person('Aud Itor', { auditor: true })])
      expect(await reactivatePerson(world.as(who), { personId: world.ana.id })).toMatchObject({
        code: 'forbidden',
      })
  })
})
