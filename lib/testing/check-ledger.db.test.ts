import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { checkLedger, readLedger } from './check-ledger'
import { createLeaseWorld, type LeaseWorld } from './lease-world'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

it('tells what the target journalled in the domain’s time, however far the clock was moved', async () => {
  await world.advance('+2d')
  const grantId = await world.approved()
  await world.drain()
  await world.advance('+7h')
  const grant = await world.grant(grantId)
  const { effects, held } = await readLedger(world.db, world.target.state)
  expect(effects.map((effect) => [effect.act, effect.grant])).toEqual([
    ['given', grantId],
    ['taken', grantId],
  ])
  expect(held).toEqual([])
  expect(effects[0]!.at.getTime()).toBeGreaterThanOrEqual(grant.firstGiveAt!.getTime())
  expect(effects[0]!.at.getTime()).toBeLessThanOrEqual(grant.grantedAt!.getTime())
  expect(effects[1]!.at.getTime()).toBeGreaterThanOrEqual(grant.endsAt!.getTime())
  expect(effects[1]!.at.getTime()).toBeLessThanOrEqual(grant.seenAbsentAt!.getTime())
})

it('notices a take that is not armed any more', async () => {
  const grantId = await world.approved()
  await world.drain()
  const [take] = await world.db.delete(schema.work).where(eq(schema.work.kind, 'take')).returning()
  await expect(checkLedger(world)).rejects.toThrow(
    `I1: grant ${grantId} is active and nothing is armed to take it back`,
  )
  const { id: _id, ...row } = take!
  await world.db.insert(schema.work).values(row)
  await checkLedger(world)
})

it('notices an access that nobody agreed to', async () => {
  const { id } = world.target.state.addEntitlement({ name: 'superuser' })
  const access = { entitlement: { id }, account: { id: world.anaAccount } }
  world.target.state.answer('grant.provision', access)
  await expect(checkLedger(world)).rejects.toThrow(/I2: .* without any grant of it/)
  world.target.state.effects.length = 0
})
