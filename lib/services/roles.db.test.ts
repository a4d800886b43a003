import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { systemCtx } from '@/lib/context'
import { HOUR } from '@/lib/domain/duration'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { setOwners } from './applications'
import { decideOnRequest } from './decisions'
import { addMembers } from './groups'
import { deactivatePerson, grantAdmin } from './people'
import { reassignRequest } from './request-escalation'
import { askForAccess } from './requests'
import { setRole, setRoleInput } from './roles'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const admin = () => world.as(world.ines)
const person = async (who: TestPerson) =>
  (await world.db.query.person.findFirst({ where: eq(schema.person.id, who.id) }))!
const give = (who: TestPerson, role: 'admin' | 'auditor', by = admin()) =>
  setRole(by, { personId: who.id, role, to: 'given', reason: 'Stands in' })
const take = (who: TestPerson, role: 'admin' | 'auditor', by = admin()) =>
  setRole(by, { personId: who.id, role, to: 'taken', reason: 'Moved on' })
const told = async () =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'role-changed') }))
    .map((m) => `${m.subject} → ${m.recipient}`)
    .sort()

describe('a role', () => {
  it('is given and taken by an admin, is on record, and every admin reads of it', async () => {
    const other = await world.person('Second Admin', { admin: true })
    must(await give(world.ana, 'auditor'))
    expect(await person(world.ana)).toMatchObject({ auditor: true, admin: false, version: 2 })
    await world.drain()
    expect(await told()).toEqual(
      [
        `Ana Oliveira is an auditor → ${world.ines.email}`,
        `Ana Oliveira is an auditor → ${other.email}`,
        `You are an auditor → ${world.ana.email}`,
      ].sort(),
    )
    must(await take(world.ana, 'auditor'))
    must(await take(other, 'admin'))
    expect(await world.verbs(world.ana.id)).toEqual(['role_granted', 'role_taken'])
    await world.drain()
    expect(await told()).toContain(`You are no longer an admin → ${other.email}`)
  })

  it('is told as well when the command or the settings gave it', async () => {
    must(await grantAdmin(world.ana.email, systemCtx('command', world.db)))
    await world.drain()
    expect(await told()).toEqual(
      [`Ana Oliveira is an admin → ${world.ines.email}`, `You are an admin → ${world.ana.email}`].sort(),
    )
  })

  it('stays with the last admin, whoever goes for whom at once', async () => {
    expect(await take(world.ines, 'admin')).toMatchObject({ code: 'conflict' })
    const other = await world.person('Second Admin', { admin: true })
    const both = await Promise.all([
      take(other, 'admin'),
      deactivatePerson(world.as(other), { personId: world.ines.id }),
      take(world.ines, 'admin', world.as(other)),
    ])
    expect(both.filter((one) => one.ok).length).toBeGreaterThan(0)
    const left = await world.db.query.person.findMany({ where: eq(schema.person.admin, true) })
    expect(left.filter((p) => p.deactivatedAt === null)).toHaveLength(1)
  })

  it('is refused to everybody else, without a reason, twice, and for who is deactivated', async () => {
    for (const who of [world.ana, world.ben, await world.person('Aud Itor', { auditor: true })])
      expect(await give(who, 'admin', world.as(who))).toMatchObject({ code: 'forbidden' })
    expect(
      setRoleInput.safeParse({ personId: world.ana.id, role: 'owner', to: 'given', reason: ' ' }).error
        ?.issues,
    ).toHaveLength(2)
    expect(await take(world.ana, 'auditor')).toMatchObject({ code: 'conflict' })
    must(await deactivatePerson(admin(), { personId: world.ana.id }))
    expect(await give(world.ana, 'admin')).toMatchObject({ code: 'conflict' })
  })
})

describe('making oneself an approver of what one asked for', () => {
  it('changes nothing for the open request', async () => {
    const groupId = await world.group('Approvers', [world.ben])
    const applicationId = await world.application('Wiki', { owners: [world.ben], fulfilmentGroupId: groupId })
    const entitlementId = await world.entitlement(applicationId, 'write')
    const approvers = [{ kind: 'group' as const, id: groupId }, { kind: 'owners' as const }]
    await world.policy('Wiki write', { entitlementIds: [entitlementId], steps: [{ approvers, quorum: 1 }] })
    // An admin who asks, and then puts themself in every place from which one decides.
    const { requestId } = must(
      await askForAccess(admin(), {
        entitlementId,
        seconds: 6 * HOUR,
        reason: 'INC-2417',
        startAt: null,
      }),
    )
    must(await addMembers(admin(), { groupId, personIds: [world.ines.id] }))
    const application = (await world.db.query.application.findFirst({
      where: eq(schema.application.id, applicationId),
    }))!
    must(
      await setOwners(admin(), {
        applicationId,
        version: application.version,
        ownerIds: [world.ines.id],
      }),
    )
    const request = async () =>
      (await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) }))!
    const decide = async (who: TestPerson) =>
      decideOnRequest(world.as(who), {
        requestId,
        verdict: 'approve',
        note: null,
        version: (await request()).version,
      })
    expect(await decide(world.ines)).toMatchObject({ code: 'forbidden' })
    expect(
      await reassignRequest(admin(), { requestId, personIds: [world.ana.id], reason: 'mine' }),
    ).toMatchObject({ code: 'forbidden' })
    expect(await request()).toMatchObject({ state: 'pending' })
    // Whoever was asked before still decides.
    must(await decide(world.ben))
    expect(await request()).toMatchObject({ state: 'approved' })
  })
})
