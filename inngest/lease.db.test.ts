import { and, eq, notInArray } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { HOUR } from '@/lib/domain/duration'
import { decideOnRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { openStage, realServer, type Stage } from './testing/stage'

let stage: Stage
let world: LeaseWorld
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  world = await createLeaseWorld()
  stage.enter(world)
})
afterEach(() => world.close())

const mails = (kind: string) =>
  world.db.query.mail.findMany({ where: and(eq(schema.mail.kind, kind), eq(schema.mail.state, 'sent')) })

const ask = async () => {
  const input = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'INC-2417', startAt: null }
  return must(await askForAccess(world.as(world.ana), input)).requestId
}
const approve = async (requestId: string) =>
  must(await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }))

describe('a lease driven by the job engine alone', () => {
  it('goes from asking to proven removal', async () => {
    const requestId = await ask()
    await stage.minute()
    expect(await mails('decision-needed')).toHaveLength(1)
    const { grantId } = await approve(requestId)
    await stage.minute()
    expect((await world.grant(grantId!)).state).toBe('active')
    expect(world.holders()).toEqual([world.anaAccount])

    await stage.advance('+5h 1m')
    expect(await mails('expiry-notice')).toHaveLength(1)
    expect(world.holders()).toEqual([world.anaAccount])
    await stage.advance('+1h')
    const grant = await world.grant(grantId!)
    expect(grant).toMatchObject({ state: 'ended', endReason: 'expired', verified: true })
    expect(grant.seenAbsentAt!.getTime()).toBeGreaterThanOrEqual(grant.endsAt!.getTime())
    expect(world.holders()).toEqual([])
    await stage.advance('+1h')
    expect(await world.verbs(grantId!)).toEqual([
      'scheduled',
      'started',
      'giving',
      'given',
      'notice_sent',
      'ending',
      'seen_absent',
      'settled',
    ])
    expect(await mails('access-ended')).toHaveLength(1)
    // What is done for a connection, or for the organisation, again and again is not the lease's.
    const rest = await world.db.query.work.findMany({
      where: notInArray(schema.work.subjectType, ['connection', 'organisation']),
    })
    expect(rest).toEqual([])
    if (realServer) return
    // The job engine was told whose it is, and nothing that another release might read otherwise.
    const told = stage.driver.received.map(({ name, data }) => ({ name, data }))
    expect(new Set(told.map(({ name }) => name))).toEqual(
      new Set(['request/asked', 'request/changed', 'grant/approved', 'grant/changed']),
    )
    for (const { name, data } of told)
      expect(data).toEqual(name.startsWith('grant/') ? { grantId } : { requestId })
  })

  it('moves the end with an extension, takes nothing back in between and sends a new notice', async () => {
    const { grantId } = await approve(await ask())
    await stage.minute()
    const before = await world.grant(grantId!)
    await stage.advance('+5h 1m')
    const input = { grantId: grantId!, seconds: 6 * HOUR, reason: 'one more run' }
    await approve(must(await askForExtension(world.as(world.ana), input)).requestId)
    await stage.minute()
    expect((await world.grant(grantId!)).endsAt!.getTime()).toBe(before.endsAt!.getTime() + 6 * HOUR * 1000)
    await stage.advance('+6h 30m')
    expect(world.target.state.effects.map((effect) => effect.act)).toEqual(['given'])
    expect(await mails('expiry-notice')).toHaveLength(2)
    await stage.advance('+1h')
    expect((await world.grant(grantId!)).state).toBe('ended')
    expect(world.target.state.effects.map((effect) => effect.act)).toEqual(['given', 'taken'])
  })

  it('takes back at once what an owner revokes', async () => {
    const { grantId } = await approve(await ask())
    await stage.minute()
    must(await revokeGrant(world.as(world.ben), { grantId: grantId!, reason: 'INC-7 leaked laptop' }))
    await stage.minute()
    expect(await world.grant(grantId!)).toMatchObject({ state: 'ended', endReason: 'revoked' })
    expect(world.holders()).toEqual([])
  })

  it('lapses a request that nobody decides', async () => {
    const requestId = await ask()
    await stage.minute()
    await stage.advance('+25h')
    const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
    expect(row?.state).toBe('lapsed')
    expect(await mails('request-lapsed')).toHaveLength(1)
  })
})
