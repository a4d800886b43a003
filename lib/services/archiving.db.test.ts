import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { HOUR } from '@/lib/domain/duration'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { archiveApplication } from './applications'
import { editConnection, replaceSecrets, setPaused } from './connection-edits'
import { decideOnRequest, withdrawRequest } from './decisions'
import { askForAccess } from './requests'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const archive = () =>
  archiveApplication(world.as(world.ines), { applicationId: world.applicationId, version: 1 })
const ask = () =>
  askForAccess(world.as(world.ana), {
    entitlementId: world.entitlementId,
    seconds: 6 * HOUR,
    reason: 'INC-2417',
    startAt: null,
  })
/** As when an archiving that began earlier commits in the middle of somebody's act. */
const archivedMeanwhile = () =>
  world.db
    .update(schema.application)
    .set({ archivedAt: new Date() })
    .where(eq(schema.application.id, world.applicationId))

describe('archiving an application', () => {
  it('is refused while a request waits, and goes through once nothing does', async () => {
    const { requestId } = must(await ask())
    expect(await archive()).toMatchObject({
      ok: false,
      code: 'conflict',
      message: expect.stringContaining('1 request'),
    })
    must(await withdrawRequest(world.as(world.ana), requestId))
    must(await archive())
    expect(await ask()).toMatchObject({ code: 'unavailable' })
  })

  it('waits for whoever agrees at the same moment, and then sees the grant', async () => {
    const { requestId } = must(await ask())
    const agreed = decideOnRequest(world.as(world.ben), {
      requestId,
      verdict: 'approve',
      note: null,
      version: 1,
    })
    const [decided, archived] = await Promise.all([agreed, archive()])
    expect(decided.ok).toBe(true)
    expect(archived).toMatchObject({ ok: false, code: 'conflict' })
  })

  it('leaves nothing to agree to, but a no is still heard', async () => {
    const { requestId } = must(await ask())
    await archivedMeanwhile()
    const vote = { requestId, note: 'It is closed', version: 1 }
    expect(await decideOnRequest(world.as(world.ben), { ...vote, verdict: 'approve' })).toMatchObject({
      code: 'unavailable',
    })
    must(await decideOnRequest(world.as(world.ben), { ...vote, verdict: 'deny' }))
  })

  it('is asked again before the first give', async () => {
    const grantId = await world.approved()
    await archivedMeanwhile()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('failed')
    expect(world.target.calls).toEqual([])
    const mail = await world.db.query.mail.findFirst({ where: eq(schema.mail.kind, 'could-not-give') })
    expect(mail?.text).toContain('was archived meanwhile')
  })

  it('keeps its secret and its pause changeable: what came back has to be taken', async () => {
    must(await archive())
    const input = { applicationId: world.applicationId, version: 1 }
    const paused = must(
      await setPaused(world.as(world.ines), { ...input, paused: true, reason: 'Maintenance' }),
    )
    must(
      await setPaused(world.as(world.ines), { ...input, version: paused.version, paused: false, reason: '' }),
    )
    const secrets = { secret: world.target.secret }
    must(await replaceSecrets(world.as(world.ines), { ...input, version: 3, secrets, remove: [] }))
    expect(await editConnection(world.as(world.ines), { ...input, version: 4, settings: {} })).toMatchObject({
      code: 'unavailable',
    })
  })
})
