import 'server-only'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import { rowsOf } from '@/db/rows'
import type { Actor } from '@/lib/domain/timeline'
import { env, isOn } from '@/lib/env'
import { newId } from '@/lib/ids'
import type { Changes, Entry, EntrySubject, MailChange, WorkChange } from './changes'
import { tryNow } from './connection-retry'
import { armAll, bump, oweAll, recordAll } from './save-rows'

interface At {
  readonly now: Date
  readonly actor: Actor
}

/** Writes all of a verb's changes and their entries; the caller's transaction commits or drops them together. */
export function save(tx: Tx, changes: Changes<unknown>, at: At): Promise<void> {
  return saveAll(tx, [changes], at)
}

type Item<K extends keyof Changes<unknown>> =
  NonNullable<Changes<unknown>[K]> extends readonly (infer One)[] ? One : never

/** The same for several verbs at once, each on rows of its own. */
export async function saveAll(tx: Tx, all: readonly Changes<unknown>[], at: At): Promise<void> {
  const of = <K extends keyof Changes<unknown>>(key: K) =>
    all.flatMap((changes) => (changes[key] ?? []) as Item<K>[])
  const entries: { subject: EntrySubject; entry: Entry }[] = []
  const say = (subjectType: EntrySubject['subjectType'], subjectId: string, version: number, entry: Entry) =>
    entries.push({ subject: { subjectType, subjectId, version }, entry })
  const events = new Map<string, { name: string; data: Record<string, unknown> }>()
  const hint = (name: string, data: Record<string, string>) =>
    events.set(`${name} ${Object.values(data)}`, { name, data })

  for (const row of of('accounts')) await tx.insert(schema.account).values(row)
  for (const { row, entry } of of('newGrants')) {
    await tx.insert(schema.grant).values(row)
    say('grant', row.id, 1, entry)
    hint('grant/approved', { grantId: row.id })
  }
  await bump(tx, schema.grant, of('grants'))
  for (const { row, entry } of of('grants')) {
    say('grant', row.id, row.version + 1, entry)
    hint('grant/changed', { grantId: row.id })
  }
  const calls = of('calls')
  if (calls.length > 0)
    await tx.execute(sql`
      update ${schema.grant} g set call_until = r.call_until, call_by = r.call_by
      from ${rowsOf(schema.grant, calls).from} where g.id = r.id`)
  for (const { row, entry, agreed } of of('newRequests')) {
    await tx.insert(schema.request).values({ ...row, version: agreed ? 2 : 1 })
    say('request', row.id, 1, entry)
    if (agreed) say('request', row.id, 2, agreed)
    hint('request/asked', { requestId: row.id })
  }
  await bump(tx, schema.request, of('requests'))
  for (const { row, set, entry } of of('requests')) {
    say('request', row.id, row.version + 1, entry)
    if (set.state && set.state !== 'pending') await spendLinks(tx, at.now, row.id)
    hint('request/changed', { requestId: row.id })
  }
  for (const row of of('decisions')) {
    await tx.insert(schema.decision).values(row)
    await spendLinks(tx, at.now, row.requestId, row.personId)
  }
  for (const row of of('questions')) await tx.insert(schema.question).values(row)
  for (const { id, set } of of('answers'))
    await tx.update(schema.question).set(set).where(eq(schema.question.id, id))
  for (const row of of('newTasks')) {
    await tx.insert(schema.task).values(row)
    const data = { kind: row.kind, grantId: row.grantId, dueAt: row.dueAt }
    say('task', row.id, 1, { verb: 'task_opened', data })
  }
  await bump(tx, schema.task, of('tasks'))
  for (const { row, entry } of of('tasks')) say('task', row.id, row.version + 1, entry)
  for (const row of of('findings')) await tx.insert(schema.finding).values(row).onConflictDoNothing()
  for (const row of of('standing')) await tx.insert(schema.standing).values(row).onConflictDoNothing()
  for (const { entitlementId, externalId } of of('standingOver'))
    await tx
      .delete(schema.standing)
      .where(
        and(eq(schema.standing.entitlementId, entitlementId), eq(schema.standing.externalId, externalId)),
      )
  for (const { id, set } of of('settled'))
    await tx.update(schema.finding).set(set).where(eq(schema.finding.id, id))
  await bump(tx, schema.accessReviewLine, of('reviewLines'))
  await recordAll(tx, [...entries, ...of('entries')], at)
  for (const row of of('attestations')) await tx.insert(schema.attestation).values(row)
  for (const { kind, subjectId, connectionId } of of('hastened'))
    await tryNow(tx, kind, subjectId, connectionId)
  const inHand = all.flatMap((changes) => changes.inHand ?? [])
  await armAll(tx, of('work'), at.now, inHand)
  await oweAll(tx, of('mails'), at.now)
  if (inngestDrives()) await emit(tx, [...events.values()], at.now)
}

/** Whether the distributed engine drives; then its hints go out through the same outbox. */
export function inngestDrives(): boolean {
  const { INNGEST_SIGNING_KEY, INNGEST_EVENT_KEY, INNGEST_DEV } = env()
  return Boolean((INNGEST_SIGNING_KEY && INNGEST_EVENT_KEY) || isOn(INNGEST_DEV))
}

async function emit(
  tx: Tx,
  events: readonly { name: string; data: Record<string, unknown> }[],
  now: Date,
): Promise<void> {
  const order = { kind: 'event', dueAt: now } as const
  await armAll(
    tx,
    events.map((event) => ({ subjectType: 'event', subjectId: newId(), order, memo: event })),
    now,
  )
}

/** Links in mails are used up by the decision, not by looking: the voter's own, or everybody's at the end. */
async function spendLinks(tx: Tx, now: Date, requestId: string, personId?: string): Promise<void> {
  const { link } = schema
  const whose = personId ? eq(link.personId, personId) : undefined
  await tx
    .update(link)
    .set({ usedAt: now })
    .where(and(eq(link.requestId, requestId), isNull(link.usedAt), whose))
}

/** Writes one timeline entry. */
export function record(tx: Tx, subject: EntrySubject, entry: Entry, at: At): Promise<void> {
  return recordAll(tx, [{ subject, entry }], at)
}

/** Arms, re-dates or calls off one work item, as {@link armAll} does. */
export function arm(tx: Tx, change: WorkChange, now: Date): Promise<void> {
  return armAll(tx, [change], now)
}

/** Owes one mail, as {@link oweAll} does. */
export function owe(tx: Tx, change: MailChange, now: Date): Promise<void> {
  return oweAll(tx, [change], now)
}
