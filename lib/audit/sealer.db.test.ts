import { asc, eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { schema, type Tx } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { startLoop } from '@/lib/engine/loop'
import { newId } from '@/lib/ids'
import { NO_SEAL, payloadHash, sealedEntry, sealHash } from './form'
import { sealAll, sealNext } from './sealer'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

function latch<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** Writes the first entry of something new, as a verb would. */
async function write(db: World['db'] | Tx, data: Record<string, unknown> = {}): Promise<number> {
  const [row] = await db
    .insert(schema.timeline)
    .values({
      subjectType: 'group',
      subjectId: newId(),
      version: 1,
      verb: 'created',
      at: new Date(),
      actorSystem: 'seed',
      data,
    })
    .returning({ id: schema.timeline.id })
  return row!.id
}

const chain = () => world.db.select().from(schema.seal).orderBy(asc(schema.seal.seq))

it('binds each entry to the one before, by a hash that anybody can compute again', async () => {
  await write(world.db, { name: 'Ärzte', list: [1, 2.5, null, true], b: { z: 1, a: '\u2028"' } })
  await write(world.db)
  expect(await sealAll(world.db)).toBe(2)
  let prev = NO_SEAL
  for (const row of await chain()) {
    const entry = (await world.db.query.timeline.findFirst({ where: eq(schema.timeline.id, row.entryId) }))!
    const payload = payloadHash(entry.salt!, entry.data)
    expect(row.payloadHash).toBe(payload)
    const { seq, sealedAt } = row
    const link = {
      seq,
      prev,
      sealedAt: sealedAt.toISOString(),
      entry: sealedEntry(entry),
      payloadHash: payload,
    }
    prev = sealHash(link)
    expect(row.hash).toBe(prev)
  }
  expect(await sealAll(world.db)).toBe(0)
})

it('leaves no gap for an entry that commits later than its number says, and seals it when it does', async () => {
  const open = latch<void>()
  const early = latch<number>()
  const late = world.db.transaction(async (tx) => {
    early.resolve(await write(tx))
    await open.promise
  })
  const earlyId = await early.promise
  const laterId = await write(world.db)
  expect(laterId).toBeGreaterThan(earlyId)
  expect(await sealAll(world.db)).toBe(1)
  open.resolve()
  await late
  const rolledBack = world.db.transaction(async (tx) => {
    await write(tx)
    throw new Error('given up')
  })
  await expect(rolledBack).rejects.toThrow('given up')
  const lastId = await write(world.db)
  await sealAll(world.db)
  expect((await chain()).map(({ seq, entryId }) => [seq, entryId])).toEqual([
    [1, laterId],
    [2, earlyId],
    [3, lastId],
  ])
})

it('is one sealer, however many processes run it', async () => {
  for (let i = 0; i < 40; i++) await write(world.db, { i })
  await Promise.all(Array.from({ length: 8 }, () => sealNext(world.db)))
  await sealAll(world.db)
  const rows = await chain()
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  expect(new Set(rows.map((row) => row.entryId)).size).toBe(40)
})

it('is at most a second behind while the loop runs', async () => {
  const loop = startLoop(world.database)
  const behind: number[] = []
  for (let i = 0; i < 5; i++) {
    const from = performance.now()
    const entryId = await write(world.db, { i })
    const sealed = () => world.db.query.seal.findFirst({ where: eq(schema.seal.entryId, entryId) })
    await vi.waitFor(async () => expect(await sealed()).toBeDefined(), { timeout: 10_000, interval: 20 })
    behind.push(performance.now() - from)
  }
  await loop.stop()
  // The median: one look that a busy machine held up says nothing about the sealer.
  expect(behind.toSorted((a, b) => a - b)[2]).toBeLessThan(1000)
})

it('is guarded by the database: no row changes, goes, or jumps', async () => {
  await write(world.db)
  await sealAll(world.db)
  const [row] = await chain()
  const refused = (statement: Promise<unknown>) =>
    expect(statement.catch((error: Error) => Promise.reject(error.cause))).rejects.toMatchObject({
      code: '23001',
    })
  await refused(world.db.update(schema.seal).set({ hash: NO_SEAL }))
  await refused(world.db.delete(schema.seal))
  await refused(world.db.execute(sql`truncate seal cascade`).then())
  await refused(world.db.insert(schema.seal).values({ ...row!, seq: 3, entryId: await write(world.db) }))
})
