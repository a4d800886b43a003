import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { startTarget, type Target } from '@/lib/connectors/testing/target'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { must } from '@/lib/testing/lease-world'
import { deleteApplication } from './application-delete'
import { createApplicationInput } from './application-input'
import { archiveApplication, createApplication } from './applications'
import { syncCatalogue } from './catalogue-sync'
import { testConnection } from './connection-tests'

let world: World
let admin: TestPerson
let owner: TestPerson
let target: Target

beforeAll(async () => {
  world = await createWorld()
  target = await startTarget()
  admin = await world.person('Ines Albrecht', { admin: true })
  owner = await world.person('Jonas Weber')
})
afterAll(async () => {
  await target.close()
  await world.close()
})

let serial = 0
async function connected() {
  target.state.addEntitlement({ name: `role ${++serial}` })
  const { applicationId } = must(
    await createApplication(world.as(admin), {
      ...createApplicationInput.parse({ name: `Application ${serial}` }),
      ownerIds: [owner.id],
      connector: 'webhook',
      settings: { url: target.url, secret: target.secret },
    }),
  )
  must(await syncCatalogue(world.as(admin), { applicationId }))
  must(await testConnection(world.as(admin), { applicationId }))
  const [entitlement] = await world.db.query.entitlement.findMany({
    where: eq(schema.entitlement.applicationId, applicationId),
  })
  const application = await world.db.query.application.findFirst({
    where: eq(schema.application.id, applicationId),
  })
  return {
    applicationId,
    connectionId: application?.connectionId ?? '',
    entitlementId: entitlement?.id ?? '',
  }
}
const remove = (applicationId: string, who = admin, version = 1) =>
  deleteApplication(world.as(who), { applicationId, version })

describe('an application that nothing is about', () => {
  it('is deleted with its connection, its credential and what it had to do', async () => {
    const { applicationId, connectionId, entitlementId } = await connected()
    await world.db.insert(schema.account).values({
      id: newId(),
      connectionId,
      personId: owner.id,
      externalId: 'a1',
      name: 'jonas',
      email: owner.email,
    })
    await world.db.insert(schema.finding).values({
      id: newId(),
      kind: 'unknown_holder',
      entitlementId,
      holder: { id: 'x', name: 'x' },
      detail: 'Somebody holds it.',
      foundAt: new Date(),
    })
    await world.db
      .update(schema.connection)
      .set({ drillEntitlementId: entitlementId, drillAccount: { id: 'c', name: 'canary' } })
      .where(eq(schema.connection.id, connectionId))
    expect(await world.db.$count(schema.work, eq(schema.work.subjectId, connectionId))).toBeGreaterThan(0)
    must(await remove(applicationId))
    const left = await Promise.all([
      world.db.$count(schema.application, eq(schema.application.id, applicationId)),
      world.db.$count(schema.connection, eq(schema.connection.id, connectionId)),
      world.db.$count(schema.entitlement, eq(schema.entitlement.id, entitlementId)),
      world.db.$count(schema.probe, eq(schema.probe.connectionId, connectionId)),
      world.db.$count(schema.work, eq(schema.work.subjectId, connectionId)),
    ])
    expect(left).toEqual([0, 0, 0, 0, 0])
    expect(await world.verbs(applicationId)).toEqual(['created', 'deleted'])
    expect(await remove(applicationId)).toMatchObject({ code: 'not_found' })
  })

  it('is deleted by admins only, on the version they saw, archived or not', async () => {
    const { applicationId } = await connected()
    expect(await remove(applicationId, owner)).toMatchObject({ code: 'forbidden' })
    must(await archiveApplication(world.as(admin), { applicationId, version: 1 }))
    expect(await remove(applicationId)).toMatchObject({ code: 'stale' })
    must(await remove(applicationId, admin, 2))
  })
})

describe('an application that is on record stays', () => {
  it('while a drill is not cleaned up, whose access is still in the target', async () => {
    const { applicationId, connectionId } = await connected()
    const step = { at: new Date().toISOString(), tookMs: 1, detail: 'Seen' }
    await world.db.insert(schema.drill).values({
      connectionId,
      id: newId(),
      account: 'canary',
      entitlement: 'role',
      startedAt: new Date(),
      finishedAt: new Date(),
      ok: false,
      steps: [
        { ...step, name: 'give', ok: true },
        { ...step, name: 'take', ok: false },
      ],
    })
    await refused(applicationId, /drill is not cleaned up/)
  })

  const refused = async (applicationId: string, why: RegExp) => {
    expect(await remove(applicationId)).toMatchObject({
      ok: false,
      code: 'conflict',
      message: expect.stringMatching(why),
    })
    expect(await world.db.$count(schema.application, eq(schema.application.id, applicationId))).toBe(1)
  }
  const offered = async (entitlementId: string) => {
    const policyId = await world.policy(`Policy ${++serial}`, {
      ...blankPolicy,
      entitlementIds: [entitlementId],
    })
    return (await world.db.query.policyVersion.findFirst({
      where: eq(schema.policyVersion.policyId, policyId),
    }))!
  }

  it('where a policy offered what it gives', async () => {
    const { applicationId, entitlementId } = await connected()
    await offered(entitlementId)
    await refused(applicationId, /offered what it gives.*Archive it instead/)
  })

  it('where a grant ever lived, ended long ago or not', async () => {
    const { applicationId, entitlementId } = await connected()
    const version = await offered(entitlementId)
    const at = new Date()
    await world.db.insert(schema.grant).values({
      id: newId(),
      state: 'scheduled',
      personId: owner.id,
      entitlementId,
      applicationId,
      policyVersionId: version.id,
      mode: 'just-in-time',
      durationSeconds: 3600,
      noticeSeconds: 600,
      createdAt: at,
      startAt: at,
      startBy: new Date(at.getTime() + 3_600_000),
    })
    await refused(applicationId, /^1 grant of it is on record.*Archive it instead/)
  })

  it('where a rule on what nobody may hold together names it, until it does not', async () => {
    const { applicationId, entitlementId } = await connected()
    const separationId = newId()
    await world.db.insert(schema.separation).values({
      id: separationId,
      name: 'Apart',
      reason: 'Four eyes.',
      effect: 'refuse',
      approvers: [],
    })
    await world.db.insert(schema.separationEntitlement).values({ separationId, entitlementId })
    await refused(applicationId, /The rule “Apart”/)
    await world.db.delete(schema.separationEntitlement)
    must(await remove(applicationId))
  })
})
