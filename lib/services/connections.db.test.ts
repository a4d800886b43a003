import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { newSigningSecret, startTarget, type Target } from '@/lib/connectors/testing/target'
import type { Result } from '@/lib/domain/errors'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { type CreateApplicationInput, createApplicationInput } from './application-input'
import { archiveApplication, createApplication, editEntitlement } from './applications'
import { syncCatalogue } from './catalogue-sync'
import { editConnection, replaceSecrets, setPaused } from './connection-edits'
import { testConnection } from './connection-tests'
import { openConnection } from './connections'

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

const row = async (applicationId: string) => {
  const application = await world.db.query.application.findFirst({
    where: eq(schema.application.id, applicationId),
  })
  if (!application?.connectionId) throw new Error('no connection')
  const connection = await world.db.query.connection.findFirst({
    where: eq(schema.connection.id, application.connectionId),
  })
  if (!connection) throw new Error('no connection')
  return connection
}

/** An application behind the test target. */
async function connected(settings: Record<string, string> = {}) {
  const input = form({
    connector: 'webhook',
    settings: { url: target.url, secret: target.secret, ...settings },
  })
  const { applicationId } = value(await createApplication(world.as(admin), input))
  return { applicationId, connection: await row(applicationId) }
}

/** One active grant on a new entitlement of the application. */
async function liveGrant(applicationId: string) {
  const entitlementId = await world.entitlement(applicationId, `live ${++serial}`)
  const policyId = await world.policy(`Live ${serial}`, { ...blankPolicy, entitlementIds: [entitlementId] })
  const version = await world.db.query.policyVersion.findFirst({
    where: eq(schema.policyVersion.policyId, policyId),
  })
  const at = new Date()
  await world.db.insert(schema.grant).values({
    id: newId(),
    state: 'scheduled',
    personId: member.id,
    entitlementId,
    applicationId,
    policyVersionId: version?.id ?? '',
    mode: 'just-in-time',
    durationSeconds: 3600,
    noticeSeconds: 600,
    createdAt: at,
    startAt: at,
    startBy: new Date(at.getTime() + 3_600_000),
  })
}

describe('secrets', () => {
  it('are sealed beside the settings and stand in no entry, replaced or not', async () => {
    const { applicationId, connection } = await connected()
    const next = newSigningSecret()
    target.acceptSecret(next)
    value(
      await replaceSecrets(world.as(admin), {
        applicationId,
        version: connection.version,
        secrets: { secret: next },
        remove: [],
      }),
    )
    const after = await row(applicationId)
    expect(await openConnection(world.db, after.id)).toMatchObject({
      config: { secret: next, url: target.url },
    })
    const entries = await world.db.query.timeline.findMany()
    const everything = JSON.stringify([entries, after, connection])
    for (const secret of [next, target.secret]) expect(everything).not.toContain(secret.slice(6))
    expect(after.config).toEqual({
      url: target.url,
      effectDelaySeconds: 0,
      endsSessions: false,
      listsHolders: false,
    })
    expect(await world.verbs(after.id)).toEqual(['secret_replaced'])
  })

  it('do not open in another connection', async () => {
    const [one, two] = [await connected(), await connected()]
    await world.db
      .update(schema.connection)
      .set({ secrets: one.connection.secrets })
      .where(eq(schema.connection.id, two.connection.id))
    await expect(openConnection(world.db, two.connection.id)).rejects.toMatchObject({ code: 'misconfigured' })
  })

  it('blank is refused at the field, a wrong one at its own', async () => {
    const { applicationId, connection } = await connected()
    const input = { applicationId, version: connection.version, remove: [] }
    expect(await replaceSecrets(world.as(admin), { ...input, secrets: { secret: '' } })).toMatchObject({
      field: 'secrets.secret',
    })
    const wrong = await replaceSecrets(world.as(admin), { ...input, secrets: { secret: 'hunter2' } })
    expect(wrong).toMatchObject({ ok: false, field: 'secrets.secret' })
    expect(JSON.stringify(wrong)).not.toContain('hunter2')
  })

  it('an optional one can be emptied, a required one cannot', async () => {
    const { applicationId, connection } = await connected({ nextSecret: newSigningSecret() })
    const emptied = value(
      await replaceSecrets(world.as(admin), {
        applicationId,
        version: connection.version,
        secrets: {},
        remove: ['nextSecret'],
      }),
    )
    expect((await openConnection(world.db, connection.id)).config.nextSecret).toBeUndefined()
    expect(
      await replaceSecrets(world.as(admin), {
        applicationId,
        version: emptied.version,
        secrets: {},
        remove: ['secret'],
      }),
    ).toMatchObject({ ok: false, code: 'invalid' })
  })
})

describe('settings', () => {
  it('take a secret along where a choice asks for it, give none back, and forget what plays no part', async () => {
    const { applicationId } = value(
      await createApplication(
        world.as(admin),
        form({
          connector: 'jumpcloud',
          settings: { auth: 'API key', apiKey: 'first-key-0123456789' },
        }),
      ),
    )
    const before = await row(applicationId)
    const input = { applicationId, version: before.version }
    const missing = await editConnection(world.as(admin), {
      ...input,
      settings: { auth: 'service account', clientId: 'client-1' },
    })
    expect(missing).toMatchObject({ ok: false, code: 'invalid', field: 'settings.clientSecret' })
    value(
      await editConnection(world.as(admin), {
        ...input,
        settings: { auth: 'service account', clientId: 'client-1', clientSecret: 'second-secret-987' },
      }),
    )
    const { config } = await openConnection(world.db, before.id)
    expect(config).toMatchObject({ auth: 'service account', clientSecret: 'second-secret-987' })
    expect(config).not.toHaveProperty('apiKey')
    expect(await world.verbs(before.id)).toEqual(['secret_replaced'])
    expect(JSON.stringify(await world.db.query.timeline.findMany())).not.toContain('second-secret')
  })

  it('change, keep the secrets, and refuse what was edited meanwhile', async () => {
    const { applicationId, connection } = await connected()
    const settings = { url: target.url, effectDelaySeconds: '30', endsSessions: 'on' }
    const input = { applicationId, version: connection.version, settings }
    value(await editConnection(world.as(admin), input))
    expect((await openConnection(world.db, connection.id)).config).toMatchObject({
      effectDelaySeconds: 30,
      endsSessions: true,
      secret: target.secret,
    })
    expect(await editConnection(world.as(admin), input)).toMatchObject({ code: 'stale' })
  })

  it('do not point elsewhere, and nothing is archived, while grants live', async () => {
    const { applicationId, connection } = await connected()
    await liveGrant(applicationId)
    const elsewhere = { url: 'https://elsewhere.example.com/hook' }
    expect(
      await editConnection(world.as(admin), {
        applicationId,
        version: connection.version,
        settings: elsewhere,
      }),
    ).toMatchObject({ ok: false, code: 'conflict', field: 'settings.url' })
    expect(await archiveApplication(world.as(admin), { applicationId, version: 1 })).toMatchObject({
      code: 'conflict',
    })
    // What does not say which system it is may change.
    const same = { url: target.url, effectDelaySeconds: '5' }
    value(
      await editConnection(world.as(admin), { applicationId, version: connection.version, settings: same }),
    )
  })

  it('do not point elsewhere once ids of the system are on record, held or not', async () => {
    target.state.entitlements.clear()
    target.state.addEntitlement({ name: 'reader' })
    const { applicationId, connection } = await connected()
    const elsewhere = { url: 'https://elsewhere.example.com/hook' }
    value(await syncCatalogue(world.as(admin), { applicationId }))
    expect(
      await editConnection(world.as(admin), {
        applicationId,
        version: connection.version,
        settings: elsewhere,
      }),
    ).toMatchObject({
      ok: false,
      code: 'conflict',
      field: 'settings.url',
      message: expect.stringContaining('new application'),
    })
  })

  it('may point elsewhere while nothing is known of the system: a slip of the pen is mended', async () => {
    const { applicationId, connection } = await connected()
    const settings = { url: 'https://elsewhere.example.com/hook' }
    value(await editConnection(world.as(admin), { applicationId, version: connection.version, settings }))
    expect((await row(applicationId)).config).toMatchObject(settings)
  })

  it('pause and resume once each; owners may neither pause nor edit', async () => {
    const { applicationId, connection } = await connected()
    const input = { applicationId, version: connection.version, paused: true, reason: 'Maintenance' }
    expect(await setPaused(world.as(owner), input)).toMatchObject({ code: 'forbidden' })
    const paused = value(await setPaused(world.as(admin), input))
    expect(await setPaused(world.as(admin), { ...input, version: paused.version })).toMatchObject({
      code: 'conflict',
    })
    value(await setPaused(world.as(admin), { ...input, version: paused.version, paused: false, reason: '' }))
    expect((await row(applicationId)).paused).toBe(false)
  })

  it('resuming ends the waiting between tries', async () => {
    const { applicationId, connection } = await connected()
    const later = new Date(Date.now() + 3_600_000)
    await world.db.insert(schema.work).values({
      kind: 'give',
      subjectType: 'grant',
      subjectId: newId(),
      connectionId: connection.id,
      priority: 1,
      dueAt: new Date(),
      notBefore: later,
    })
    const paused = value(
      await setPaused(world.as(admin), {
        applicationId,
        version: connection.version,
        paused: true,
        reason: 'Maintenance',
      }),
    )
    value(
      await setPaused(world.as(admin), { applicationId, version: paused.version, paused: false, reason: '' }),
    )
    const [work] = await world.db
      .select()
      .from(schema.work)
      .where(eq(schema.work.connectionId, connection.id))
    expect(work?.notBefore).toBeNull()
  })
})

describe('testing the connection', () => {
  it('keeps what the target said, and who asked', async () => {
    const { applicationId, connection } = await connected()
    const { ok } = value(await testConnection(world.as(owner), { applicationId }))
    expect(ok).toBe(true)
    const after = await row(applicationId)
    expect(after).toMatchObject({ probeOk: true, probedAt: expect.any(Date) })
    expect(after.probe).toMatchObject({ checks: expect.any(Array), tookMs: expect.any(Number) })
    expect(await world.verbs(connection.id)).toEqual(['tested'])
  })

  it('a target that refuses us is a failed check, not a fault', async () => {
    const { applicationId } = await connected({ secret: newSigningSecret() })
    const { ok, checks } = value(await testConnection(world.as(admin), { applicationId }))
    expect(ok).toBe(false)
    expect(checks.some((check) => !check.ok && check.detail !== '')).toBe(true)
    expect((await row(applicationId)).probeOk).toBe(false)
  })

  it('a stranger does not even make us call', async () => {
    const { applicationId } = await connected()
    const before = target.calls.length
    expect(await testConnection(world.as(member), { applicationId })).toMatchObject({ code: 'forbidden' })
    expect(await syncCatalogue(world.as(member), { applicationId })).toMatchObject({ code: 'forbidden' })
    expect(target.calls).toHaveLength(before)
  })

  it('does not find a foreign id, nor a connection where people fulfil', async () => {
    expect(await testConnection(world.as(admin), { applicationId: newId() })).toMatchObject({
      code: 'not_found',
    })
    const input = form({ fulfilmentGroupId: groupId })
    const { applicationId } = value(await createApplication(world.as(admin), input))
    expect(await testConnection(world.as(admin), { applicationId })).toMatchObject({ code: 'conflict' })
  })
})

describe('syncing the catalogue', () => {
  const ofConnection = (connectionId: string) =>
    world.db.query.entitlement.findMany({ where: eq(schema.entitlement.connectionId, connectionId) })

  it('keeps what people wrote about an entitlement', async () => {
    target.state.entitlements.clear()
    const { applicationId, connection } = await connected()
    target.state.addEntitlement({ name: 'reader', description: 'From the target' })
    value(await syncCatalogue(world.as(admin), { applicationId }))
    const [found] = await ofConnection(connection.id)
    value(
      await editEntitlement(world.as(owner), {
        entitlementId: found?.id ?? '',
        version: found?.version ?? 0,
        description: 'Reads everything',
        howToUse: 'SET ROLE reader',
        risk: 'high',
      }),
    )
    value(await syncCatalogue(world.as(admin), { applicationId }))
    expect((await ofConnection(connection.id))[0]).toMatchObject({
      description: 'Reads everything',
      howToUse: 'SET ROLE reader',
      risk: 'high',
    })
  })
})
