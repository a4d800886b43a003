import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import { insertOf, isAmong, rowsOf } from '@/db/rows'
import type { Actor } from '@/lib/domain/timeline'
import { type WorkKind, workPriority } from '@/lib/domain/work'
import { newId } from '@/lib/ids'
import type { Entry, EntrySubject, InHand, MailChange, WorkChange } from './changes'

type Versioned =
  | typeof schema.grant
  | typeof schema.request
  | typeof schema.task
  | typeof schema.accessReviewLine

/** A row as it was read, and its new values. */
interface Bump {
  readonly row: { readonly id: string; readonly version: number }
  readonly set: Record<string, unknown>
}

/** What can go in a row of values: anything but what is left to the database, or has a type of its own. */
const isPlain = (value: unknown) => value === null || value instanceof Date || typeof value !== 'object'

/**
 * Updates rows that this transaction holds the locks of, those with the same columns in one statement; a version that
 * moved all the same is a fault of ours.
 */
export async function bump(tx: Tx, table: Versioned, rows: readonly Bump[]): Promise<void> {
  const shapes = new Map<string, Bump[]>()
  for (const one of rows) {
    const keys = Object.keys(one.set).filter((key) => one.set[key] !== undefined)
    const alone = keys.length === 0 || keys.some((key) => !isPlain(one.set[key]))
    const shape = alone ? one.row.id : keys.sort().join()
    shapes.set(shape, [...(shapes.get(shape) ?? []), one])
  }
  for (const alike of shapes.values())
    if (alike.length === 1) await bumpOne(tx, table, alike[0]!)
    else await bumpAlike(tx, table, alike)
}

async function bumpOne(tx: Tx, table: Versioned, { row, set }: Bump): Promise<void> {
  const changed = await tx
    .update(table)
    .set({ ...set, version: row.version + 1 })
    .where(and(eq(table.id, row.id), eq(table.version, row.version)))
    .returning({ id: table.id })
  if (changed.length !== 1) throw new Error(`row ${row.id} changed under its lock`)
}

async function bumpAlike(tx: Tx, table: Versioned, rows: readonly Bump[]): Promise<void> {
  const sets = Object.keys(rows[0]!.set).filter((key) => rows[0]!.set[key] !== undefined)
  const values = rows.map(({ row, set }) => ({
    ...Object.fromEntries(sets.map((key) => [key, set[key]])),
    // Last, so that the columns before them are those that are set.
    id: row.id,
    version: row.version,
  }))
  const { from, columns } = rowsOf(table, values)
  const set = sql.join(
    columns.slice(0, -2).map((column) => sql`${column} = r.${column}`),
    sql`, `,
  )
  const changed = await tx.execute(sql`
    update ${table} t set ${set}, version = r.version + 1 from ${from}
    where t.id = r.id and t.version = r.version returning t.id`)
  if (changed.length !== rows.length)
    throw new Error(`${rows.length - changed.length} of ${rows.length} rows changed under their locks`)
}

interface At {
  readonly now: Date
  readonly actor: Actor
}

/** Writes timeline entries, in the order given. */
export async function recordAll(
  tx: Tx,
  entries: readonly { readonly subject: EntrySubject; readonly entry: Entry }[],
  at: At,
): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ subject, entry }) => ({
    subjectType: subject.subjectType,
    subjectId: subject.subjectId,
    version: subject.version,
    verb: entry.verb,
    at: at.now,
    actorId: at.actor.kind === 'person' ? at.actor.id : null,
    actorSystem: at.actor.kind === 'system' ? at.actor.name : null,
    data: entry.data ?? {},
  }))
  await tx.execute(insertOf(schema.timeline, rows))
}

const placeOf = (kind: WorkKind, subjectId: string) => `${kind} ${subjectId}`

/**
 * Arms, re-dates or calls off work items; of several orders for the same kind and subject the last one stands.
 * Re-dating starts a new generation and clears the claim, so that whoever holds the old one can no longer change
 * anything; the items in hand keep their claims, and what they order for now they have begun.
 */
export async function armAll(
  tx: Tx,
  changes: readonly WorkChange[],
  now: Date,
  inHand: readonly InHand[] = [],
): Promise<void> {
  const { work } = schema
  const last = new Map(changes.map((change) => [placeOf(change.order.kind, change.subjectId), change]))
  const hands = new Set(inHand.map((hand) => placeOf(hand.kind, hand.subjectId)))
  const off: { kind: WorkKind; subjectId: string }[] = []
  const fresh: Record<string, unknown>[] = []
  for (const [place, { order, subjectId, subjectType, connectionId, memo }] of last) {
    const inHandNow = hands.has(place) && 'dueAt' in order && order.dueAt <= now
    if ('cancel' in order) off.push({ kind: order.kind, subjectId })
    // What is in hand is due already, and has been for as long as its row says.
    else if (!inHandNow)
      fresh.push({
        kind: order.kind,
        subjectType,
        subjectId,
        connectionId: connectionId ?? null,
        priority: workPriority[order.kind],
        dueAt: order.dueAt,
        memo: memo ?? null,
      })
  }
  // Sent together: each is on rows of its own.
  await Promise.all([
    off.length > 0 &&
      tx.execute(sql`
        delete from ${work} w using ${rowsOf(work, off).from}
        where w.kind = r.kind and w.subject_id = r.subject_id`),
    fresh.length > 0 &&
      tx.execute(sql`${insertOf(work, fresh)}
        on conflict (kind, subject_id) do update set due_at = excluded.due_at, memo = excluded.memo,
          not_before = null, lease_until = null, attempt = 0, last_error = null, generation = work.generation + 1`),
  ])
}

/** Owes mails: one row per occasion and recipient, and the work to send it. Deactivated people get none. */
export async function oweAll(tx: Tx, changes: readonly MailChange[], now: Date): Promise<void> {
  if (changes.length === 0) return
  const { mail, person } = schema
  const people = await tx
    .select({ id: person.id, email: person.email, deactivatedAt: person.deactivatedAt })
    .from(person)
    .where(
      isAmong(
        person.id,
        changes.map((change) => change.personId),
      ),
    )
  const addresses = new Map(people.flatMap((row) => (row.deactivatedAt ? [] : [[row.id, row.email]])))
  const owed = changes.flatMap((change) => {
    const recipient = addresses.get(change.personId)
    if (!recipient) return []
    const { occasion, kind, personId, requestId, grantId, taskId, data } = change
    const about = { occasion, kind, personId, requestId, grantId, taskId, data: data ?? {} }
    return [{ id: newId(), ...about, recipient, state: 'queued', createdAt: now }]
  })
  if (owed.length === 0) return
  const rows = await tx.execute<{ id: string }>(
    sql`${insertOf(mail, owed)} on conflict do nothing returning id`,
  )
  const order = { kind: 'send', dueAt: now } as const
  await armAll(
    tx,
    rows.map(({ id }) => ({ subjectType: 'mail', subjectId: id, order })),
    now,
  )
}
