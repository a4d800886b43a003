import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { extensionLengths } from '@/lib/queries/grant-options'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { extendMany } from './extend-many'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

describe('asking for more time on several', () => {
  it('makes one request each, and tells of each why not', async () => {
    const grantId = await world.approved()
    await world.drain()
    const missing = newId()
    const input = { grantIds: [grantId, missing, grantId], seconds: 6 * HOUR, reason: 'The incident goes on' }
    const outcome = must(await extendMany(world.as(world.ines), input))
    expect(outcome).toEqual([
      { grantId, refused: null },
      { grantId: missing, refused: expect.stringMatching(/./) },
    ])
    const asked = await world.db.query.request.findMany({
      where: (r, { and, eq }) => and(eq(r.grantId, grantId), eq(r.kind, 'extension')),
    })
    expect(asked).toMatchObject([{ state: 'pending', askerId: world.ines.id, seconds: 6 * HOUR }])
    expect(must(await extendMany(world.as(world.ines), input))[0]?.refused).toMatch(/asked for already/)
  })

  it('offers the lengths of their policies to those who see the table, and to nobody else', async () => {
    const grantId = await world.approved()
    const [first, ...rest] = (await extensionLengths(world.as(world.ines), [grantId])) ?? []
    expect(first).toBe(6 * HOUR)
    expect(rest).toEqual([...rest].sort((a, b) => a - b))
    expect(await extensionLengths(world.as(world.ines), [newId()])).toEqual([])
    expect(await extensionLengths(world.as(world.ana), [grantId])).toBeNull()
  })
})
