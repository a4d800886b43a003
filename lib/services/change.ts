import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { authorize, type GateFacts, type GateVerb } from '@/lib/domain/authorize'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { SubjectType } from '@/lib/domain/timeline'
import { newId } from '@/lib/ids'
import { type At, inTransaction } from './apply'
import type { Entry } from './changes'
import { heldByQuarantine } from './quarantine-state'
import { record } from './save'

/** A change of something without a machine: a policy, an application, a person, the organisation. */
export interface Edit<R> {
  readonly gate: GateVerb
  readonly subject: { readonly type: SubjectType; readonly id: string }
  /** Facts for the gate, read inside the transaction. */
  readonly facts?: (tx: Tx) => Promise<GateFacts>
  /** Makes the change; a refusal is thrown as `RefusalError`, and nothing of it stays. No entry: nothing to tell. */
  readonly run: (tx: Tx, at: At) => Promise<{ result: R; entry: Entry | null }>
}

/**
 * `apply`'s sibling for what has no machine: same gate, same timeline, same transaction. Changes of one
 * subject are put in a line by an advisory lock, so that its versions have no gap.
 */
export async function change<R>(ctx: Ctx, edit: Edit<R>): Promise<Result<R>> {
  return inTransaction(ctx, async (tx) => {
    const { type, id } = edit.subject
    await inLine(tx, type, id)
    const { now, wall } = await readClocks(tx)
    const at: At = { now, wall, actor: ctx.actor, newId }
    const refused =
      authorize(ctx.actor, edit.gate, edit.facts ? await edit.facts(tx) : {}) ??
      (await heldByQuarantine(tx, ctx.actor, edit.gate))
    if (refused) throw new RefusalError(refused)
    const { result, entry } = await edit.run(tx, at)
    if (entry) await recordNext(tx, { type, id }, entry, at)
    return result
  })
}

/** Writes the next entry of a subject, in line with whoever else writes one of it. */
export async function recordNext(
  tx: Tx,
  { type, id }: Edit<unknown>['subject'],
  entry: Entry,
  at: At,
): Promise<void> {
  await inLine(tx, type, id)
  const version = await nextVersion(tx, type, id)
  await record(tx, { subjectType: type, subjectId: id, version }, entry, at)
}

/** Puts whoever writes an entry of a subject in a line. Held until the transaction ends; taking it again costs nothing. */
export async function inLine(tx: Tx, type: SubjectType, id: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${type}:${id}`}, 0))`)
}

/** The version of a subject's next entry; to be asked for in line. */
export async function nextVersion(tx: Tx, type: SubjectType, id: string): Promise<number> {
  const { timeline } = schema
  const [last] = await tx
    .select({ version: sql<number>`coalesce(max(${timeline.version}), 0)` })
    .from(timeline)
    .where(and(eq(timeline.subjectType, type), eq(timeline.subjectId, id)))
  return Number(last?.version ?? 0) + 1
}

/** Refuses an edit that was made on an older version than the one that stands. */
export function fresh(seen: number, stands: number, what: string): void {
  if (seen !== stands)
    throw new RefusalError(
      refuse(
        'stale',
        `Somebody changed this ${what} after you opened it. Reload to see the newest, your input stays in the form`,
      ),
    )
}
