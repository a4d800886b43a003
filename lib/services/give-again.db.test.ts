import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { giveAgain } from './give-again'
import { readHolders } from './holder-readings'

let world: LeaseWorld
let grantId: string
beforeEach(async () => {
  world = await createLeaseWorld()
  grantId = await world.approved()
  await world.drain()
  must(await readHolders(world.as(world.ben), { applicationId: world.applicationId }))
})
afterEach(() => world.close())

/** Somebody takes it in the target, and a reading after a while finds that. */
async function takenByHand() {
  world.target.state.drop(world.externalId, world.anaAccount)
  await world.advance('+5m')
  must(await readHolders(world.as(world.ben), { applicationId: world.applicationId }))
}
const again = (who: 'ana' | 'ben' | 'ines' = 'ana') =>
  giveAgain(world.as(world[who]), { grantId, reason: '' })
const findings = async () =>
  (await world.db.query.finding.findMany({ where: eq(schema.finding.grantId, grantId) })).map(
    (f) => f.closedAs,
  )

describe('giving again what somebody took by hand', () => {
  it('gives it for the time that is left: the end stays, and the take comes on time', async () => {
    const before = await world.grant(grantId)
    await takenByHand()
    must(await again())
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'active', endsAt: before.endsAt })
    expect(world.holders()).toEqual([world.anaAccount])
    expect(await findings()).toEqual(['given_again'])
    expect(await world.verbs(grantId)).toEqual([
      'scheduled',
      'started',
      'giving',
      'given',
      'giving_again',
      'given',
    ])
    // A change of its own, so that a target that knows repeats makes it.
    const gives = world.target.calls.filter((call) => call.type === 'grant.provision').map((call) => call.id)
    expect(new Set(gives).size).toBe(2)
    await world.advance('+6h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'expired', verified: true })
    expect(world.holders()).toEqual([])
    const notices = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'expiry-notice') })
    expect(notices.map((mail) => mail.state)).toEqual(['sent'])
  })

  it('is for the holder and the owners, only where it was found missing, and only once', async () => {
    expect(await again()).toMatchObject({ code: 'conflict' })
    await takenByHand()
    const eve = await world.person('Eve Marsh')
    expect(await giveAgain(world.as(eve), { grantId, reason: '' })).toMatchObject({ code: 'forbidden' })
    must(await again('ben'))
    expect(await again('ines')).toMatchObject({ code: 'conflict' })
    await world.drain()
  })

  it('ends early, and does not fail, where the target will not give it', async () => {
    await takenByHand()
    world.target.fault({
      kind: 'status',
      status: 422,
      body: { error: 'rejected', message: 'no' },
      on: 'grant.provision',
      times: 9,
    })
    must(await again())
    await world.drain()
    await world.advance('+2m')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'withdrawn' })
    expect(world.holders()).toEqual([])
  })
})
