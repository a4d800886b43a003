import 'server-only'
import { and, asc, count, desc, eq, inArray, lt, not, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { schema, type Tx } from '@/db/client'
import { writeRanges } from '@/lib/audit/ranges'
import type { Ctx } from '@/lib/context'
import { DAY, plus } from '@/lib/domain/duration'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { SubjectType } from '@/lib/domain/timeline'
import type { At } from './apply'
import { change, recordNext } from './change'
import { hasPayload, holdsSomethingOf, ofRunning } from './erasable'
import { ORGANISATION_ID } from './organisation'

const { person, timeline } = schema

/** So many payloads are erased under one record of it. */
const BATCH = 5000

export const erasePersonInput = z.object({
  personId: z.uuid(),
  reason: z.string({ error: 'Say why' }).trim().min(1, 'Say why').max(2000, 'At most 2,000 characters'),
})
export type ErasePersonInput = z.output<typeof erasePersonInput>

/**
 * Erases what timeline entries say wherever they hold something of a person: who did what to which subject and when
 * stays, with the hash of what was said, so the chain verifies as before. For people who are deactivated; what
 * belongs to something that is not over yet stays until it is. The record of it names every entry and is kept.
 * Admins only.
 */
export function erasePerson(
  ctx: Ctx,
  { personId, reason }: ErasePersonInput,
): Promise<Result<{ erased: number }>> {
  return change(ctx, {
    gate: 'person.erase',
    subject: { type: 'person', id: personId },
    async run(tx, at) {
      const row = await tx.query.person.findFirst({ where: eq(person.id, personId) })
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such person'))
      if (!row.deactivatedAt)
        throw new RefusalError(
          refuse('conflict', 'Deactivate this person first: what they do next would be recorded again'),
        )
      const which = and(hasPayload, holdsSomethingOf(row), not(ofRunning))
      const record = { subject: { type: 'person' as const, id: personId }, data: { why: 'person', reason } }
      const erased = await eraseWhere(tx, which, record, at)
      if (erased === 0)
        throw new RefusalError(refuse('conflict', 'Nothing is left that could be erased of this person now'))
      return { result: { erased }, entry: null }
    },
  })
}

/**
 * Erases payloads that are older than the organisation keeps them, one batch in a transaction of its own after the
 * other. What belongs to something that is not over yet is kept until it is. Says how many.
 */
export async function expirePayloads(ctx: Ctx): Promise<number> {
  let all = 0
  for (;;) {
    const done = await expireBatch(ctx)
    if (!done.ok) throw new RefusalError(done)
    all += done.value
    if (done.value < BATCH) return all
  }
}

function expireBatch(ctx: Ctx): Promise<Result<number>> {
  const subject = { type: 'organisation' as const, id: ORGANISATION_ID }
  return change(ctx, {
    gate: 'payloads.expire',
    subject,
    async run(tx, at) {
      const [org] = await tx.select({ days: schema.organisation.payloadDays }).from(schema.organisation)
      if (!org?.days) return { result: 0, entry: null }
      const before = plus(at.now, -org.days * DAY)
      const which = and(hasPayload, lt(timeline.at, before), not(ofRunning))
      const data = { why: 'retention', days: org.days, before }
      return { result: await eraseWhere(tx, which, { subject, data }, at, 1), entry: null }
    },
  })
}

interface ErasureRecord {
  readonly subject: { readonly type: SubjectType; readonly id: string }
  readonly data: Record<string, unknown>
}

/** Record first, then the payloads it names: the database lets nothing else through. */
async function eraseWhere(
  tx: Tx,
  which: SQL | undefined,
  { subject, data }: ErasureRecord,
  at: At,
  batches = Number.POSITIVE_INFINITY,
): Promise<number> {
  let all = 0
  for (let batch = 0; batch < batches; batch++) {
    const rows = await tx
      .select({ id: timeline.id })
      .from(timeline)
      .where(which)
      .orderBy(asc(timeline.id))
      .limit(BATCH)
    const ids = rows.map((row) => row.id)
    if (ids.length === 0) break
    const entries = writeRanges(ids)
    await recordNext(tx, subject, { verb: 'erased', data: { ...data, count: ids.length, entries } }, at)
    await tx.execute(
      sql`select set_config('leasehold.erasure', ${String(await recordOf(tx, subject))}, true)`,
    )
    await tx
      .update(timeline)
      .set({ data: { erased: true }, salt: null, erasedAt: at.now })
      .where(inArray(timeline.id, ids))
    all += ids.length
    if (ids.length < BATCH) break
  }
  return all
}

async function recordOf(tx: Tx, { type, id }: ErasureRecord['subject']): Promise<number | undefined> {
  const [row] = await tx
    .select({ id: timeline.id })
    .from(timeline)
    .where(and(eq(timeline.subjectType, type), eq(timeline.subjectId, id)))
    .orderBy(desc(timeline.version))
    .limit(1)
  return row?.id
}

/** What an erasure would do, counted. */
export interface ErasureCount {
  /** Payloads that would go, by what they are about. */
  readonly erased: readonly { readonly subject: SubjectType; readonly count: number }[]
  /** Payloads of theirs that stay for now, because what they belong to is not over. */
  readonly kept: number
}

/** Counts what {@link erasePerson} would erase of somebody. */
export async function countErasable(
  ctx: Pick<Ctx, 'db'>,
  who: Parameters<typeof holdsSomethingOf>[0],
): Promise<ErasureCount> {
  const rows = await ctx.db
    .select({ subject: timeline.subjectType, running: sql<boolean>`${ofRunning}`, count: count() })
    .from(timeline)
    .where(and(hasPayload, holdsSomethingOf(who)))
    .groupBy(timeline.subjectType, sql`2`)
    .orderBy(desc(count()))
  return {
    erased: rows.filter((row) => !row.running).map(({ subject, count: n }) => ({ subject, count: n })),
    kept: rows.filter((row) => row.running).reduce((sum, row) => sum + row.count, 0),
  }
}
