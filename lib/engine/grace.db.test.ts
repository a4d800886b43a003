import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { HOUR } from '@/lib/domain/duration'
import { decideOnRequest, withdrawRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { performDue } from './perform'

let world: LeaseWorld
afterEach(() => world.close())

/** Holds it, asks for more an hour before the end, and lets the end come. */
async function undecidedAtTheEnd(graceSeconds: number) {
  world = await createLeaseWorld({ graceSeconds })
  const grantId = await world.approved()
  await world.drain()
  const end = (await world.grant(grantId)).endsAt!
  await world.advance('+5h')
  const input = { grantId, seconds: 6 * HOUR, reason: 'one more run' }
  const { requestId } = must(await askForExtension(world.as(world.ana), input))
  return { grantId, requestId, end }
}
const say = async (requestId: string, verdict: 'approve' | 'deny') => {
  const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
  const input = { requestId, verdict, note: 'as agreed', version: row!.version }
  return decideOnRequest(world.as(world.ben), input)
}
const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000)

describe('more time that is undecided at the end', () => {
  it('keeps the access for the grace, once, and then it is taken back on that time', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(HOUR)
    await world.advance('+1h 30m')
    expect(await world.grant(grantId)).toMatchObject({
      state: 'active',
      endsAt: later(end, HOUR),
      graceGiven: true,
      extensions: 0,
    })
    expect(world.holders()).toEqual([world.anaAccount])
    await world.advance('+1h')
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'ended', endReason: 'expired', rightOverAt: later(end, HOUR) })
    expect(row.lateMs).toBeLessThan(60_000)
    expect(world.holders()).toEqual([])
    expect((await world.verbs(grantId)).filter((verb) => verb === 'grace_given')).toHaveLength(1)
    expect((await world.verbs(requestId)).at(-1)).toBe('lapsed')
    const notices = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'expiry-notice') })
    expect(notices).toHaveLength(1)
  })

  it('agreed within the grace, runs on from there without a gap', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(HOUR)
    await world.advance('+1h 30m')
    expect(must(await say(requestId, 'approve'))).toMatchObject({ state: 'approved' })
    expect(await world.grant(grantId)).toMatchObject({
      state: 'active',
      endsAt: later(end, 7 * HOUR),
      extensions: 1,
    })
    await world.advance('+8h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended' })
    expect(world.target.state.effects.map((e) => e.act)).toEqual(['given', 'taken'])
  })

  it('denied within the grace, ends then and not when the grace would', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(HOUR)
    await world.advance('+1h 10m')
    must(await say(requestId, 'deny'))
    await world.drain()
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'ended', endReason: 'expired' })
    expect(row.rightOverAt!.getTime()).toBeLessThan(later(end, HOUR / 2).getTime())
    expect(row.lateMs).toBeLessThan(60_000)
    expect(world.holders()).toEqual([])
    expect(await world.verbs(grantId)).toContain('grace_over')
  })

  it('withdrawn within the grace, ends then too', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(HOUR)
    await world.advance('+1h 10m')
    must(await withdrawRequest(world.as(world.ana), requestId))
    await world.drain()
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'ended', endReason: 'expired' })
    expect(row.rightOverAt!.getTime()).toBeLessThan(later(end, HOUR / 2).getTime())
  })

  it('keeps what an earlier grace bought when a second ask for more time is denied', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(HOUR)
    await world.advance('+1h 10m')
    must(await say(requestId, 'approve'))
    const more = { grantId, seconds: 6 * HOUR, reason: 'and one more' }
    const second = must(await askForExtension(world.as(world.ana), more))
    must(await say(second.requestId, 'deny'))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'active', endsAt: later(end, 7 * HOUR) })
  })

  it('without a grace ends on time, and the request with it', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(0)
    await world.advance('+1h 10m')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', rightOverAt: end, graceGiven: false })
    expect((await world.verbs(requestId)).at(-1)).toBe('lapsed')
    expect(await say(requestId, 'approve')).toMatchObject({ code: 'conflict' })
  })

  it('decided before the end, needs no grace', async () => {
    const { grantId, requestId, end } = await undecidedAtTheEnd(HOUR)
    must(await say(requestId, 'deny'))
    await world.advance('+1h 10m')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', rightOverAt: end, graceGiven: false })
  })

  it('is given one grace however many workers come to the end at once', async () => {
    const { grantId, end } = await undecidedAtTheEnd(HOUR)
    await world.db.execute(`update clock set offset_ms = offset_ms + ${HOUR * 1000}`)
    await Promise.all(Array.from({ length: 8 }, () => performDue(world.db)))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'active', endsAt: later(end, HOUR) })
    expect((await world.verbs(grantId)).filter((verb) => verb === 'grace_given')).toHaveLength(1)
  })
})
