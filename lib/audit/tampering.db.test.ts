import { randomBytes } from 'node:crypto'
import { asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema, type Tx } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { newId } from '@/lib/ids'
import { parseSecretKeys } from '@/lib/secrets'
import { makeCheckpoints } from './checkpoints'
import { NO_SEAL, payloadHash, sealedEntry, sealHash } from './form'
import { signingKeys } from './keys'
import { sealAll } from './sealer'
import { verifyChain } from './verify'

const { checkpoint, seal, timeline, unsealed } = schema
const [key] = signingKeys(parseSecretKeys(`k1:${randomBytes(32).toString('base64')}`))
const trusted = [key.jwk]

let world: World
/** The ids of twelve entries, links 1 to 12; checkpoints stand after 5 and after 10, and are kept elsewhere as well. */
let ids: number[]
let kept: string

beforeEach(async () => {
  world = await createWorld()
  ids = []
  for (let i = 1; i <= 12; i++) {
    const [row] = await world.db
      .insert(timeline)
      .values({
        subjectType: 'group',
        subjectId: newId(),
        version: 1,
        verb: 'created',
        at: new Date(),
        actorSystem: 'seed',
        data: { name: `group ${i}` },
      })
      .returning({ id: timeline.id })
    ids.push(row!.id)
    await sealAll(world.db)
    if (i % 5 === 0) await makeCheckpoints(world.db, key)
  }
  const rows = await world.db.select().from(checkpoint).orderBy(asc(checkpoint.seq))
  kept = `${rows.map((row) => row.jws).join('\n')}\n`
})
afterEach(() => world.close())

const verify = (text?: string) =>
  verifyChain(world.db, { trusted, batch: 4, ...(text && { file: { name: 'kept.jws', text } }) })

/** As a superuser who has switched every trigger and every foreign key off. */
const tamper = (body: (tx: Tx) => Promise<unknown>) =>
  world.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await body(tx)
  })

/** Computes every link anew, as somebody would who changed the record and knows how it is made. */
async function computeAnew(tx: Tx): Promise<void> {
  const rows = await tx
    .select({ seal, entry: timeline })
    .from(seal)
    .innerJoin(timeline, eq(timeline.id, seal.entryId))
    .orderBy(asc(seal.seq))
  let prev = NO_SEAL
  for (const { seal: link, entry } of rows) {
    const payload = payloadHash(entry.salt!, entry.data)
    const sealedAt = link.sealedAt.toISOString()
    prev = sealHash({ seq: link.seq, prev, sealedAt, entry: sealedEntry(entry), payloadHash: payload })
    await tx.update(seal).set({ payloadHash: payload, hash: prev }).where(eq(seal.seq, link.seq))
  }
}

const id = (link: number) => ids[link - 1]!

it('verifies what nobody touched, with and without the checkpoints kept elsewhere', async () => {
  const stands = { links: 12, waiting: 0, erased: 0, fault: null, proven: { link: 10 } }
  expect(await verify()).toMatchObject({ ...stands, checkpoints: 2 })
  expect(await verify(kept)).toMatchObject({ ...stands, checkpoints: 4 })
})

describe('edit', () => {
  it.each([
    ['what an entry says', { data: { name: 'group 7 ' } }],
    ['when it happened', { at: new Date(0) }],
    ['what happened', { verb: 'deleted' as const }],
    ['who did it', { actorSystem: 'engine' }],
    ['whom it is about', { subjectId: newId() }],
  ])('of %s is found at its row', async (_what, set) => {
    await tamper((tx) =>
      tx
        .update(timeline)
        .set(set)
        .where(eq(timeline.id, id(7))),
    )
    expect(await verify()).toMatchObject({ links: 6, fault: { link: 7, entry: id(7) } })
  })

  it('is found when it pretends to be an erasure that nobody recorded', async () => {
    const gone = { data: { erased: true }, salt: null, erasedAt: new Date() }
    await tamper((tx) =>
      tx
        .update(timeline)
        .set(gone)
        .where(eq(timeline.id, id(3))),
    )
    const { fault } = await verify()
    expect(fault).toMatchObject({
      link: 3,
      entry: id(3),
      what: expect.stringContaining('no record of an erasure'),
    })
  })

  it('of the erased mark alone is found too', async () => {
    await world.db.execute(sql`alter table timeline drop constraint timeline_erased`)
    await tamper((tx) =>
      tx
        .update(timeline)
        .set({ data: { name: 'other' }, salt: null })
        .where(eq(timeline.id, id(3))),
    )
    expect((await verify()).fault).toMatchObject({ link: 3, entry: id(3) })
  })
})

describe('delete', () => {
  it('of an entry', async () => {
    await tamper((tx) => tx.delete(timeline).where(eq(timeline.id, id(4))))
    expect((await verify()).fault).toMatchObject({
      link: 4,
      entry: id(4),
      what: expect.stringContaining('was deleted'),
    })
  })

  it('of an entry and its link', async () => {
    await tamper(async (tx) => {
      await tx.delete(timeline).where(eq(timeline.id, id(4)))
      await tx.delete(seal).where(eq(seal.seq, 4))
    })
    expect((await verify()).fault).toMatchObject({ link: 4 })
  })

  it('of an entry before it was sealed', async () => {
    const [row] = await world.db
      .insert(timeline)
      .values({
        subjectType: 'group',
        subjectId: newId(),
        version: 1,
        verb: 'created',
        at: new Date(),
        actorSystem: 'seed',
        data: {},
      })
      .returning({ id: timeline.id })
    await tamper((tx) => tx.delete(timeline).where(eq(timeline.id, row!.id)))
    expect((await verify()).fault).toMatchObject({ entry: row!.id })
  })
})

describe('insert', () => {
  const forged = {
    subjectType: 'group',
    version: 1,
    verb: 'created',
    actorSystem: 'seed',
    data: { name: 'forged' },
  } as const

  it('of an entry past the product', async () => {
    const values = { ...forged, subjectId: newId(), at: new Date() }
    await tamper((tx) => tx.insert(timeline).values(values))
    const row = await world.db.query.timeline.findFirst({ where: eq(timeline.subjectId, values.subjectId) })
    expect((await verify()).fault).toMatchObject({ entry: row!.id })
  })

  it('of an entry with a link of its own between two others', async () => {
    let entry = 0
    await tamper(async (tx) => {
      const [row] = await tx
        .insert(timeline)
        .values({ ...forged, subjectId: newId(), at: new Date() })
        .returning()
      entry = row!.id
      for (let seq = 12; seq >= 6; seq--)
        await tx
          .update(seal)
          .set({ seq: seq + 1 })
          .where(eq(seal.seq, seq))
      const [before] = await tx.select().from(seal).where(eq(seal.seq, 5))
      const [payload, sealedAt] = [payloadHash(row!.salt!, row!.data), new Date()]
      const link = {
        seq: 6,
        prev: before!.hash,
        sealedAt: sealedAt.toISOString(),
        entry: sealedEntry(row!),
        payloadHash: payload,
      }
      await tx
        .insert(seal)
        .values({ seq: 6, entryId: row!.id, payloadHash: payload, hash: sealHash(link), sealedAt })
    })
    expect(entry).toBeGreaterThan(id(12))
    // The forged link itself fits; the one that used to follow does not any more.
    expect((await verify()).fault).toMatchObject({ link: 7, entry: id(6) })
  })
})

describe('reorder', () => {
  it('of two links', async () => {
    await tamper(async (tx) => {
      await tx.update(seal).set({ seq: 100 }).where(eq(seal.seq, 3))
      await tx.update(seal).set({ seq: 3 }).where(eq(seal.seq, 8))
      await tx.update(seal).set({ seq: 8 }).where(eq(seal.seq, 100))
    })
    expect((await verify()).fault).toMatchObject({ link: 3, entry: id(8) })
  })

  it('of two entries', async () => {
    await tamper(async (tx) => {
      const move = (from: number, to: number) =>
        tx.execute(sql`update timeline set id = ${to} where id = ${from}`)
      await tx.execute(sql`alter table timeline alter column id drop identity`)
      await move(id(3), 100_000)
      await move(id(8), id(3))
      await move(100_000, id(8))
    })
    expect((await verify()).fault).toMatchObject({ link: 3, entry: id(3) })
  })
})

describe('truncation', () => {
  const cut = (tx: Tx, from: number) =>
    Promise.all([
      tx.delete(timeline).where(inArray(timeline.id, ids.slice(from - 1))),
      tx.delete(seal).where(gt(seal.seq, from - 1)),
    ])

  it('is found by a checkpoint', async () => {
    await tamper((tx) => cut(tx, 9))
    expect((await verify()).fault).toMatchObject({ link: 9, what: expect.stringContaining('cut off') })
  })

  it('is found by a checkpoint kept elsewhere, when those of the database are gone as well', async () => {
    await tamper(async (tx) => {
      await cut(tx, 9)
      await tx.delete(checkpoint)
      await tx.delete(unsealed)
    })
    expect(await verify()).toMatchObject({ links: 8, checkpoints: 0, fault: null })
    expect((await verify(kept)).fault).toMatchObject({ link: 9, what: expect.stringContaining('cut off') })
  })
})

describe('full recomputation', () => {
  const rewrite = async (tx: Tx) => {
    await tx
      .update(timeline)
      .set({ data: { name: 'never happened' } })
      .where(eq(timeline.id, id(7)))
    await computeAnew(tx)
  }

  it('is found by the first checkpoint after the row', async () => {
    await tamper(rewrite)
    const { fault } = await verify()
    expect(fault).toMatchObject({ link: 6, what: expect.stringContaining('one of the links 6 to 10') })
  })

  it('is found by a checkpoint kept elsewhere, when those of the database are gone as well', async () => {
    await tamper(async (tx) => {
      await rewrite(tx)
      await tx.delete(checkpoint)
    })
    expect((await verify()).fault).toBeNull()
    expect((await verify(kept)).fault).toMatchObject({ link: 6 })
  })

  it('cannot be signed over without the key', async () => {
    const [other] = signingKeys(parseSecretKeys(`k1:${randomBytes(32).toString('base64')}`))
    await tamper(async (tx) => {
      await rewrite(tx)
      await tx.delete(checkpoint)
    })
    await makeCheckpoints(world.db, other)
    expect((await verify()).fault?.what).toContain('is not known here')
  })
})

it('says what is wrong with a file that is no proof', async () => {
  expect((await verify('\n')).fault?.what).toBe('There is no checkpoint in kept.jws.')
  const [line = ''] = kept.split('\n')
  expect((await verify(`${line.slice(0, -9)}AAAAAAAA\n`)).fault?.what).toMatch(
    /line 1 of kept.jws cannot be believed/,
  )
})
