import { randomBytes } from 'node:crypto'
import { asc, eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { makeCheckpoints } from '@/lib/audit/checkpoints'
import { signingKeys } from '@/lib/audit/keys'
import { readRanges } from '@/lib/audit/ranges'
import { sealAll } from '@/lib/audit/sealer'
import { verifyChain } from '@/lib/audit/verify'
import { newId } from '@/lib/ids'
import { parseSecretKeys } from '@/lib/secrets'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { countErasable, erasePerson, expirePayloads } from './erasure'
import { returnGrant } from './grants'
import { deactivatePerson } from './people'

const { timeline } = schema
const [key] = signingKeys(parseSecretKeys(`k1:${randomBytes(32).toString('base64')}`))

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const entries = () => world.db.select().from(timeline).orderBy(asc(timeline.id))
const verified = () => verifyChain(world.db, { trusted: [key.jwk] })

/** Ana held it, gave it back and was deactivated; all of it is sealed and under a checkpoint. */
async function left(): Promise<void> {
  const grantId = await world.approved()
  await world.drain()
  must(await returnGrant(world.as(world.ana), { grantId, reason: 'my own words' }))
  await world.drain()
  must(await deactivatePerson(world.as(world.ines), { personId: world.ana.id }))
  await world.advance('+1h')
  expect((await world.grant(grantId)).state).toBe('ended')
  await sealAll(world.db)
  await makeCheckpoints(world.db, key)
}

it('erases what entries say of a person, and the chain verifies as before', async () => {
  await left()
  const before = await entries()
  const preview = await countErasable(world, world.ana)
  const reason = 'They asked for it.'
  const { erased } = must(await erasePerson(world.as(world.ines), { personId: world.ana.id, reason }))
  expect(erased).toBe(preview.erased.reduce((sum, row) => sum + row.count, 0))
  expect(preview.kept).toBe(0)
  const after = await entries()
  const record = after.at(-1)!
  expect(record).toMatchObject({
    verb: 'erased',
    subjectType: 'person',
    actorId: world.ines.id,
    data: { reason, count: erased },
  })
  for (const [i, was] of before.entries()) {
    const is = after[i]!
    const gone = is.erasedAt !== null
    expect(is).toEqual(gone ? { ...was, data: { erased: true }, salt: null, erasedAt: is.erasedAt } : was)
    expect(readRanges(record.data.entries).some(([from, to]) => from <= is.id && is.id <= to)).toBe(gone)
  }
  const said = JSON.stringify(after.map((row) => row.data))
  for (const word of ['my own words', world.ana.email, world.ana.name]) expect(said).not.toContain(word)
  await sealAll(world.db)
  expect(await verified()).toMatchObject({ fault: null, erased, links: after.length })
})

it('is for admins and about people who are deactivated, with a reason that is kept', async () => {
  await world.approved()
  await sealAll(world.db)
  const input = { personId: world.ana.id, reason: 'They asked for it.' }
  for (const who of [world.ana, world.ben])
    expect(await erasePerson(world.as(who), input)).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await erasePerson(world.as(world.ines), input)).toMatchObject({ ok: false, code: 'conflict' })
  expect((await entries()).every((row) => row.erasedAt === null)).toBe(true)
})

it('leaves what belongs to something that is not over', async () => {
  const grantId = await world.approved()
  await world.drain()
  await world.db
    .update(schema.person)
    .set({ deactivatedAt: new Date() })
    .where(eq(schema.person.id, world.ana.id))
  await sealAll(world.db)
  const { kept } = await countErasable(world, world.ana)
  expect(kept).toBeGreaterThan(0)
  await erasePerson(world.as(world.ines), { personId: world.ana.id, reason: 'They asked for it.' })
  const own = await world.db.query.timeline.findMany({ where: eq(timeline.subjectId, grantId) })
  expect(own.every((row) => row.erasedAt === null)).toBe(true)
})

it('erases what is older than the organisation keeps, and nothing when it keeps it for ever', async () => {
  await left()
  await world.advance('+40d')
  await sealAll(world.db)
  const engine = world.as('engine')
  expect(await expirePayloads(engine)).toBe(0)
  await world.db.update(schema.organisation).set({ payloadDays: 30 })
  const before = await entries()
  const erased = await expirePayloads(engine)
  expect(erased).toBeGreaterThan(5)
  const after = await entries()
  const now = after.at(-1)!.at.getTime()
  for (const row of after.slice(0, before.length))
    expect(row.erasedAt !== null).toBe(row.at.getTime() < now - 30 * 86_400_000)
  expect(await expirePayloads(engine)).toBe(0)
  await sealAll(world.db)
  await makeCheckpoints(world.db, key)
  expect(await verified()).toMatchObject({ fault: null, erased })
  // The record of an erasure is kept, however old it grows.
  await world.advance('+90d')
  await sealAll(world.db)
  await expirePayloads(engine)
  const records = (await entries()).filter((row) => row.verb === 'erased')
  expect(records.every((row) => row.erasedAt === null)).toBe(true)
  await sealAll(world.db)
  expect(await verified()).toMatchObject({ fault: null })
})

it('is the one exception the database makes, and no wider than that', async () => {
  await left()
  const untouched = {
    subjectType: 'group',
    subjectId: newId(),
    version: 1,
    verb: 'created',
    actorSystem: 'engine',
  } as const
  await world.db.insert(timeline).values({ ...untouched, at: new Date(), data: { name: 'Night shift' } })
  await sealAll(world.db)
  const row = (await entries()).find((entry) => entry.actorId === world.ana.id)!
  const refused = async (set: Partial<typeof timeline.$inferInsert>, erasure?: number) => {
    const tried = world.db.transaction(async (tx) => {
      if (erasure) await tx.execute(sql`select set_config('leasehold.erasure', ${String(erasure)}, true)`)
      await tx.update(timeline).set(set).where(eq(timeline.id, row.id))
    })
    await expect(tried.catch((error: Error) => Promise.reject(error.cause))).rejects.toMatchObject({
      code: '23001',
    })
  }
  const gone = { data: { erased: true }, salt: null, erasedAt: new Date() }
  await refused(gone)
  await refused(gone, row.id)
  must(await erasePerson(world.as(world.ines), { personId: world.ana.id, reason: 'They asked for it.' }))
  // A record of another transaction opens nothing, and what is erased cannot be written to again.
  await refused({ data: { name: 'other' } }, (await entries()).at(-1)!.id)
  const record = (await entries()).at(-1)!
  const { id: _id, salt: _salt, ...written } = record
  const withRecord = (set: Partial<typeof timeline.$inferInsert>, where = timeline.id) =>
    world.db.transaction(async (tx) => {
      const [mine] = await tx
        .insert(timeline)
        .values({ ...written, version: record.version + 1, data: { entries: String(target) } })
        .returning({ id: timeline.id })
      await tx.execute(sql`select set_config('leasehold.erasure', ${String(mine!.id)}, true)`)
      await tx.update(timeline).set(set).where(eq(where, target))
    })
  const target =
    (await entries()).find((entry) => entry.erasedAt === null && entry.verb !== 'erased')?.id ?? 0
  expect(target).toBeGreaterThan(0)
  for (const set of [
    { ...gone, verb: 'deleted' as const },
    { ...gone, data: {} },
    { ...gone, at: new Date(0) },
    { ...gone, actorSystem: 'seed', actorId: null },
  ])
    await expect(withRecord(set).catch((error: Error) => Promise.reject(error.cause))).rejects.toMatchObject({
      code: expect.stringMatching(/^23/),
    })
  await withRecord(gone)
})
