import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Db, schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { workKinds, workPriority } from '@/lib/domain/work'
import { newId } from '@/lib/ids'
import { claimDue, dueFrom, lines, type Only } from './queue'

let world: World
let connections: string[]
beforeEach(async () => {
  world = await createWorld()
  const config = { url: 'http://127.0.0.1:9/', effectDelaySeconds: 0 }
  connections = [
    await world.connection('webhook', config, { secret: 'x' }),
    await world.connection('webhook', config, { secret: 'x' }),
    await world.connection('github', {}, {}),
  ]
})
afterEach(() => world.close())

const ago = (least: number, most: number) =>
  fc.option(fc.integer({ min: -most, max: -least }), { nil: null, freq: 2 })
const rows = fc.array(
  fc.record({
    kind: fc.constantFrom(...workKinds),
    place: fc.integer({ min: 0, max: 2 }),
    nowhere: fc.boolean(),
    due: fc.integer({ min: -1200, max: 60 }),
    notBefore: ago(-30, 30),
    leaseUntil: ago(-30, 30),
    triedAt: ago(0, 1200),
    attempt: fc.integer({ min: 0, max: 3 }),
    taken: fc.boolean(),
  }),
  { minLength: 10, maxLength: 60, size: 'max' },
)
const connection = fc.record({ resumes: ago(-60, 60), rests: ago(-60, 60), paused: fc.boolean() })
const asked = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  kept: fc.integer({ min: 0, max: 8 }),
  mailsAtOnce: fc.constantFrom(undefined, 0, 1),
  kinds: fc.constantFrom(undefined, ['take', 'alarm'] as const, ['send', 'event'] as const),
})

const atTargets = new Set(['take', 'give', 'look', 'remove', 'probe', 'sync', 'drift', 'drill'])
const never = new Set(['take', 'give', 'look'])

/** What would be claimed; nothing is. */
async function wouldClaim(limit: number, only: Only): Promise<number[]> {
  let ids: number[] = []
  const undone = new Error('undone')
  await world.db
    .transaction(async (tx) => {
      ids = (await claimDue(tx as unknown as Db, limit, only)).map((claim) => claim.id)
      throw undone
    })
    .catch((error) => {
      if (error !== undone) throw error
    })
  return ids.sort((a, b) => a - b)
}

it('claims the same of what is due, whether it reads all of it or only the first of each line', async () => {
  let claimed = 0
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.tuple(connection, connection, connection),
      asked,
      async (planted, lines, how) => {
        await world.db.delete(schema.work)
        const now = Date.now()
        const at = (seconds: number | null) => (seconds === null ? null : new Date(now + seconds * 1000))
        for (const [i, id] of connections.entries()) {
          const { resumes, rests, paused } = lines[i]!
          await world.db
            .update(schema.connection)
            .set({
              resumeAt: at(resumes),
              breakerUntil: at(rests),
              breakerOpenedAt: rests === null ? null : new Date(now - 60_000),
              paused,
            })
            .where(eq(schema.connection.id, id))
        }
        if (planted.length > 0)
          await world.db.insert(schema.work).values(
            planted.map((row) => ({
              kind: row.kind,
              subjectType: 'grant' as const,
              subjectId: newId(),
              connectionId:
                atTargets.has(row.kind) && !(row.nowhere && never.has(row.kind))
                  ? connections[row.place]!
                  : null,
              priority: workPriority[row.kind],
              dueAt: at(row.due)!,
              notBefore: at(row.notBefore),
              leaseUntil: at(row.leaseUntil),
              triedAt: at(row.triedAt),
              attempt: row.attempt,
              memo: row.kind === 'take' && row.taken ? { taken: 0 } : null,
            })),
          )
        const { limit, ...only } = how
        const all = await wouldClaim(limit, only)
        expect(await wouldClaim(limit, { ...only, much: true })).toEqual(all)
        claimed += all.length
      },
    ),
    { seed: 7, numRuns: 60 },
  )
  expect(claimed).toBeGreaterThan(150)
}, 60_000)

it('is planned for as much as is there, where nobody has ever counted the small tables', async () => {
  const due = 1000
  await world.db.execute(sql`
    insert into work (kind, subject_type, subject_id, connection_id, priority, due_at)
    select 'take', 'grant', gen_random_uuid(), ${connections[0]}, ${workPriority.take}, now() - interval '1 minute'
    from generate_series(1, ${due}::int)`)
  await world.db.execute(sql`analyze work`)
  const [row] = await world.db.execute<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>(
    sql`explain (format json) with ${lines()} select w.id ${dueFrom}`,
  )
  const reckoned = row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
  expect(reckoned).toBeGreaterThanOrEqual(due)
  expect(reckoned).toBeLessThan(10 * due)
})
