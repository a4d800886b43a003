import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { startTarget, type Target } from '@/lib/connectors/testing/target'
import type { Result } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { type CreateApplicationInput, createApplicationInput } from './application-input'
import { addEntitlement, createApplication, editApplication, setOwners } from './applications'

let world: World
let admin: TestPerson
let owner: TestPerson
let member: TestPerson
let groupId: string
let target: Target

beforeAll(async () => {
  world = await createWorld()
  target = await startTarget()
  admin = await world.person('Ines Albrecht', { admin: true })
  owner = await world.person('Jonas Weber')
  member = await world.person('Ana Oliveira')
  groupId = await world.group('Office managers', [member])
})
afterAll(async () => {
  await target.close()
  await world.close()
})

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`)
  return result.value
}

let serial = 0
const form = (more: Partial<CreateApplicationInput>): CreateApplicationInput => ({
  ...createApplicationInput.parse({ name: `Application ${++serial}` }),
  ownerIds: [owner.id],
  ...more,
})

describe('adding an application', () => {
  it('by hand: group, checklist and task time', async () => {
    const input = form({ fulfilmentGroupId: groupId, checklist: 'Open the door', taskSeconds: 7200 })
    const { applicationId } = value(await createApplication(world.as(admin), input))
    const made = await world.db.query.application.findFirst({
      where: eq(schema.application.id, applicationId),
    })
    expect(made).toMatchObject({
      connectionId: null,
      fulfilmentGroupId: groupId,
      checklist: 'Open the door',
      taskSeconds: 7200,
    })
    const owners = await world.db.query.applicationOwner.findMany({
      where: eq(schema.applicationOwner.applicationId, applicationId),
    })
    expect(owners.map((o) => o.personId)).toEqual([owner.id])
    expect(await world.verbs(applicationId)).toEqual(['created'])
  })

  it('by hand needs a group that exists', async () => {
    const ctx = world.as(admin)
    expect(await createApplication(ctx, form({}))).toMatchObject({ field: 'fulfilmentGroupId' })
    expect(await createApplication(ctx, form({ fulfilmentGroupId: newId() }))).toMatchObject({
      field: 'fulfilmentGroupId',
    })
  })

  it('with a connection says every problem at its field and keeps nothing', async () => {
    const input = form({ connector: 'postgres', settings: { host: 'not a host', port: '99999' } })
    expect(await createApplication(world.as(admin), input)).toMatchObject({
      ok: false,
      fields: {
        'settings.host': 'Enter a host name or an address, without a port.',
        'settings.port': 'Ports end at 65535.',
        'settings.database': 'Enter the database name.',
        'settings.password': 'Enter the operator’s password.',
      },
    })
    const left = await world.db.query.application.findFirst({
      where: eq(schema.application.name, input.name),
    })
    expect(left).toBeUndefined()
  })

  it('refuses a system nobody knows, a taken name and an owner who is gone', async () => {
    const ctx = world.as(admin)
    expect(await createApplication(ctx, form({ connector: 'constructor' }))).toMatchObject({
      field: 'connector',
    })
    const first = form({ fulfilmentGroupId: groupId })
    value(await createApplication(ctx, first))
    expect(
      await createApplication(ctx, form({ fulfilmentGroupId: groupId, name: first.name.toUpperCase() })),
    ).toMatchObject({ field: 'name' })
    const gone = await world.person(`Gone ${++serial}`, { deactivatedAt: new Date() })
    expect(
      await createApplication(ctx, form({ fulfilmentGroupId: groupId, ownerIds: [gone.id] })),
    ).toMatchObject({ field: 'ownerIds' })
  })

  it('is for admins: owners and members are refused', async () => {
    for (const who of [owner, member])
      expect(await createApplication(world.as(who), form({ fulfilmentGroupId: groupId }))).toMatchObject({
        ok: false,
        code: 'forbidden',
      })
  })
})

describe('by hand', () => {
  async function byHand() {
    return value(await createApplication(world.as(admin), form({ fulfilmentGroupId: groupId })))
  }

  it('takes entitlements from its owners, each name once; a connected one does not', async () => {
    const { applicationId } = await byHand()
    const input = { applicationId, name: 'Admin', description: null, howToUse: null, risk: 'low' as const }
    value(await addEntitlement(world.as(owner), input))
    expect(await addEntitlement(world.as(owner), { ...input, name: 'ADMIN' })).toMatchObject({
      field: 'name',
    })
    expect(await addEntitlement(world.as(member), { ...input, name: 'Other' })).toMatchObject({
      code: 'forbidden',
    })
    const connector = { connector: 'webhook', settings: { url: target.url, secret: target.secret } }
    const other = value(await createApplication(world.as(admin), form(connector)))
    expect(
      await addEntitlement(world.as(admin), { ...input, applicationId: other.applicationId }),
    ).toMatchObject({ code: 'conflict' })
  })

  it('is edited by its owners on the version they saw', async () => {
    const { applicationId, version } = await byHand()
    const input = {
      applicationId,
      version,
      name: `Renamed ${++serial}`,
      description: 'Doors',
      fulfilmentGroupId: groupId,
      checklist: null,
      taskSeconds: 3600,
    }
    value(await editApplication(world.as(owner), input))
    expect(await editApplication(world.as(owner), input)).toMatchObject({ code: 'stale' })
    expect(await editApplication(world.as(member), { ...input, version: 2 })).toMatchObject({
      code: 'forbidden',
    })
  })

  it('names its owners only through admins', async () => {
    const { applicationId, version } = await byHand()
    const input = { applicationId, version, ownerIds: [owner.id, member.id] }
    expect(await setOwners(world.as(owner), input)).toMatchObject({ code: 'forbidden' })
    value(await setOwners(world.as(admin), input))
    const owners = await world.db.$count(
      schema.applicationOwner,
      and(eq(schema.applicationOwner.applicationId, applicationId)),
    )
    expect(owners).toBe(2)
  })
})
