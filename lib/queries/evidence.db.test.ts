import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeCheckpoints, ownKeys } from '@/lib/audit/checkpoints'
import { packProblems } from '@/lib/audit/pack'
import { sealAll } from '@/lib/audit/sealer'
import { newId } from '@/lib/ids'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { evidencePack } from './evidence'

let world: LeaseWorld
let grantId: string
beforeEach(async () => {
  world = await createLeaseWorld()
  grantId = await world.approved()
  await world.drain()
  await world.advance('+7h')
})
afterEach(() => world.close())

const trusted = ownKeys().map((key) => key.jwk)

/** As it is on paper: what a third party is handed. */
async function handed(who: Parameters<LeaseWorld['as']>[0]) {
  const pack = await evidencePack(world.as(who), grantId, new Date())
  return pack && (JSON.parse(JSON.stringify(pack)) as typeof pack)
}

it('proves every entry by itself, from the hash to the signed checkpoint', async () => {
  await sealAll(world.db)
  await makeCheckpoints(world.db)
  const pack = (await handed(world.ben))!
  expect(packProblems(pack, trusted)).toEqual([])
  expect(pack.entries.map(({ entry }) => entry.verb)).toEqual(
    expect.arrayContaining(['asked', 'approved', 'given', 'seen_absent']),
  )
  expect(pack.policy).toMatchObject({ version: 1, name: 'Production read' })
  expect(pack.decisions).toMatchObject([{ verdict: 'approve', person: { name: 'Ben Okafor' } }])
  expect(pack.proofs.calls.length).toBeGreaterThan(3)
})

it('shows each change that somebody makes to it', async () => {
  await sealAll(world.db)
  await makeCheckpoints(world.db)
  const pack = (await handed(world.ines))!
  const [first, ...rest] = pack.entries
  const changed = (one: Partial<NonNullable<typeof first>>) =>
    packProblems({ ...pack, entries: [{ ...first!, ...one }, ...rest] }, trusted)
  expect(changed({ payload: { reason: 'another' } })).toHaveLength(1)
  expect(changed({ entry: { ...first!.entry, at: '2020-01-01T00:00:00.000Z' } })).toHaveLength(1)
  expect(changed({ inclusion: { ...first!.inclusion!, path: rest[0]!.inclusion!.path } })).toHaveLength(1)
  expect(changed({ link: { ...first!.link!, seq: 99 } })).toHaveLength(1)
  expect(packProblems(pack, [])).not.toEqual([])
})

it('says of what is not sealed, or in no checkpoint yet, that it is not', async () => {
  const early = (await handed(world.ines))!
  expect(packProblems(early, trusted)[0]).toMatch(/is not sealed yet/)
  await sealAll(world.db)
  const sealed = (await handed(world.ines))!
  expect(packProblems(sealed, trusted)[0]).toMatch(/in no checkpoint yet/)
})

it('is there for whoever sees the grant in the settings, and for nobody else', async () => {
  const auditor = await world.person('Aud Itor', { auditor: true })
  const stranger = await world.person('Stan Ranger')
  for (const who of [world.ines, world.ben, auditor]) expect(await handed(who)).not.toBeNull()
  for (const who of [world.ana, stranger]) expect(await handed(who)).toBeNull()
  expect(await evidencePack(world.as(world.ines), newId(), new Date())).toBeNull()
})
