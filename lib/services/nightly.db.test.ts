import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import { HOUR, plus } from '@/lib/domain/duration'
import { performDue } from '@/lib/engine/perform'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { approvalGaps, armNightly, nextNight } from './nightly'
import { ORGANISATION_ID } from './organisation'
import { askForAccess } from './requests'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const armed = async () =>
  (await world.db.query.work.findMany({ where: eq(schema.work.kind, 'check') })).map((w) => w.dueAt)

/** Has the check be due at that moment, and does it; nothing else. */
async function night(dueAt: Date): Promise<void> {
  await world.db.update(schema.work).set({ dueAt }).where(eq(schema.work.kind, 'check'))
  expect(await performDue(world.db, { subjectId: ORGANISATION_ID })).toBe(1)
}

async function told(): Promise<string[]> {
  const rows = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'approval-gaps') })
  return rows.map((mail) => mail.recipient).sort()
}

const leaveNobody = () => world.db.delete(schema.applicationOwner)

describe('every night', () => {
  beforeEach(async () => {
    await armNightly(world.db, await readNow(world.db))
  })

  it('tells the admins under which policies nobody could agree, once per night', async () => {
    const admin = await world.person('Second Admin', { admin: true })
    await world.person('Gone Admin', { admin: true, deactivatedAt: new Date('2026-01-01') })
    await leaveNobody()
    expect((await approvalGaps(world.db)).map((gap) => gap.policy)).toEqual(['Production read'])
    const due = plus(await readNow(world.db), -HOUR)
    await night(due)
    expect(await told()).toEqual([world.ines.email, admin.email].sort())
    await world.drain()
    const [mail] = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'approval-gaps') })
    expect(mail).toMatchObject({ state: 'sent', text: expect.stringContaining('Production read') })
    // The same night once more, as after a crash.
    await night(due)
    expect(await told()).toHaveLength(2)
    await night(plus(due, HOUR / 2))
    expect(await told()).toHaveLength(4)
  })

  it('tells nobody where somebody could agree to everything', async () => {
    // The owner may ask as well, and with a second one somebody can agree to that too.
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: world.ines.id })
    await night(plus(await readNow(world.db), -HOUR))
    expect(await told()).toEqual([])
  })

  it('arms itself for the next night, and is armed only once', async () => {
    const now = await readNow(world.db)
    await armNightly(world.db, now)
    expect(await armed()).toEqual([nextNight(now, 'Europe/Berlin')])
    await world.db.update(schema.organisation).set({ timeZone: 'Asia/Tokyo' })
    await night(plus(now, -HOUR))
    expect(await armed()).toEqual([nextNight(await readNow(world.db), 'Asia/Tokyo')])
  })

  it('escalates a request whose approvers were lost without anybody looking', async () => {
    const carl = await world.person('Carl Diaz')
    const groupId = await world.group('Approvers', [carl])
    const entitlementId = await world.entitlement(world.applicationId, 'staging_write')
    await world.policy('Staging write', {
      entitlementIds: [entitlementId],
      steps: [{ approvers: [{ kind: 'group', id: groupId }], quorum: 1 }],
    })
    const ask = { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' }
    const { requestId } = must(await askForAccess(world.as(world.ana), ask))
    await world.db.update(schema.group).set({ deactivatedAt: new Date() }).where(eq(schema.group.id, groupId))
    await night(plus(await readNow(world.db), -HOUR))
    expect(await world.verbs(requestId)).toEqual(['asked', 'escalated'])
    const asked = await world.db.query.mail.findMany({
      where: and(eq(schema.mail.requestId, requestId), eq(schema.mail.recipient, world.ben.email)),
    })
    expect(asked.map((mail) => mail.kind)).toEqual(['decision-needed'])
    // And the admins are told that the policy asks nobody any more.
    expect(await told()).toEqual([world.ines.email])
  })
})
