import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { callerOf, forEverybody, take } from './rate'

const limit = { name: 'test', max: 3, seconds: 600 }
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.db.delete(schema.rateCounter)
})
const age = (seconds: number) =>
  world.db
    .update(schema.rateCounter)
    .set({ windowStart: sql`window_start - ${seconds} * interval '1 second'` })

describe('a limit', () => {
  it('lets so many through, then says when the next one may come', async () => {
    for (let i = 0; i < 3; i++) expect(await take(world.db, limit, 'ana')).toEqual({ ok: true })
    const refused = await take(world.db, limit, 'ana')
    expect(refused).toMatchObject({ ok: false })
    const wait = refused.ok ? 0 : refused.retryAfterSeconds
    expect(wait).toBeGreaterThan(590)
    expect(wait).toBeLessThanOrEqual(600)
  })

  it('counts each key and each name apart', async () => {
    for (let i = 0; i < 4; i++) await take(world.db, limit, 'ana')
    expect(await take(world.db, limit, 'ben')).toEqual({ ok: true })
    expect(await take(world.db, { ...limit, name: 'other' }, 'ana')).toEqual({ ok: true })
  })

  it('opens again when its window is over, in real time: a moved clock opens nothing', async () => {
    for (let i = 0; i < 4; i++) await take(world.db, limit, 'ana')
    await world.db.update(schema.clock).set({ offsetMs: 3_600_000 })
    expect(await take(world.db, limit, 'ana')).toMatchObject({ ok: false })
    await age(601)
    expect(await take(world.db, limit, 'ana')).toEqual({ ok: true })
  })

  it('lets no more through when all come at once', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => take(world.db, limit, 'ana')))
    expect(all.filter((one) => one.ok)).toHaveLength(3)
  })

  it('keeps no address in the clear, and forgets what is a day old', async () => {
    await take(world.db, limit, 'ana@halden.example')
    await age(90_000)
    await take(world.db, limit, 'ben@halden.example')
    const rows = await world.db.select().from(schema.rateCounter)
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('halden')
  })
})

describe('the caller', () => {
  const headers = new Headers({ 'x-forwarded-for': '1.2.3.4, 203.0.113.9, 10.0.0.7' })

  it('is whom the outermost of our proxies saw, not what the client wrote in front of it', () => {
    expect(callerOf(headers, 1)).toBe('10.0.0.7')
    expect(callerOf(headers, 2)).toBe('203.0.113.9')
  })

  it('is nobody in particular without a proxy of ours, or past fewer than there should be', () => {
    expect(callerOf(headers, 0)).toBeNull()
    expect(callerOf(headers, 4)).toBeNull()
    expect(callerOf(new Headers(), 1)).toBeNull()
  })

  it('who is nobody in particular is counted with all others, up to more', async () => {
    const all = forEverybody({ ...limit, everybody: 5 })
    for (let i = 0; i < 5; i++) expect(await take(world.db, all, '')).toEqual({ ok: true })
    expect(await take(world.db, all, '')).toMatchObject({ ok: false })
    expect(await take(world.db, limit, '')).toEqual({ ok: true })
  })
})
