import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { newId } from '@/lib/ids'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { takeEverythingBack } from './take-everything'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const states = async () => (await world.db.query.grant.findMany()).map((g) => g.state).sort()
const entriesOf = (id: string) =>
  world.db.query.timeline.findMany({ where: eq(schema.timeline.subjectId, id) })

describe('taking everything back', () => {
  it('from a person: each grant on its own, and loudly on their timeline', async () => {
    const grantId = await world.approved()
    await world.drain()
    const input = { scope: 'person' as const, id: world.ana.id, reason: 'Laptop stolen' }
    expect(await takeEverythingBack(world.as(world.ben), input)).toMatchObject({ code: 'forbidden' })
    expect(must(await takeEverythingBack(world.as(world.ines), input))).toEqual({
      outcome: [{ grantId, holder: 'Ana Oliveira', entitlement: 'prod_read', refused: null }],
      left: 0,
    })
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'revoked' })
    expect(world.holders()).toEqual([])
    const [entry] = await entriesOf(world.ana.id)
    expect(entry).toMatchObject({
      verb: 'taken_back',
      actorId: world.ines.id,
      data: { name: 'Ana Oliveira', count: 1, note: 'Laptop stolen' },
    })
    expect(await takeEverythingBack(world.as(world.ines), input)).toMatchObject({ code: 'conflict' })
    expect(await entriesOf(world.ana.id)).toHaveLength(1)
  })

  it('on an application, by its owner: what is held, and what is agreed for later', async () => {
    const held = await world.approved()
    await world.drain()
    const sample = await world.grant(held)
    const people = await Promise.all(['Gro Dahl', 'Hans Ude'].map((name) => world.person(name)))
    for (const person of people)
      await world.db.insert(schema.grant).values({
        ...sample,
        id: newId(),
        personId: person.id,
        accountId: null,
        state: 'scheduled',
        baseline: null,
        firstGiveAt: null,
        grantedAt: null,
        endsAt: null,
        startAt: new Date(sample.startAt.getTime() + 86_400_000),
        version: 1,
      })
    for (const { id } of (await world.db.query.grant.findMany()).filter((g) => g.id !== held))
      await world.db.insert(schema.timeline).values({
        subjectType: 'grant',
        subjectId: id,
        version: 1,
        verb: 'scheduled',
        at: sample.createdAt,
        actorSystem: 'engine',
        data: {},
      })
    const input = { scope: 'application' as const, id: world.applicationId, reason: 'Breach at the vendor' }
    expect(await takeEverythingBack(world.as(world.ana), input)).toMatchObject({ code: 'forbidden' })
    const done = must(await takeEverythingBack(world.as(world.ben), input))
    expect(done.outcome.map((o) => o.refused)).toEqual([null, null, null])
    await world.drain()
    expect(await states()).toEqual(['ended', 'ended', 'ended'])
    expect((await entriesOf(world.applicationId)).map((e) => e.data.count)).toEqual([3])
  })
})
