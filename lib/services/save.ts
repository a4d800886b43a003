import 'server-only'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { Actor } from '@/lib/domain/timeline'
import { type WorkKind, workPriority } from '@/lib/domain/work'
import { env, isOn } from '@/lib/env'
import { newId } from '@/lib/ids'
import type { Changes, Entry, EntrySubject, MailChange, WorkChange } from './changes'
import { tryNow } from './connection-retry'

interface At {
  readonly now: Date
  readonly actor: Actor
}

/** Writes all of a verb's changes and their entries; the caller's transaction commits or drops them together. */
export async function save(tx: Tx, changes: Changes<unknown>, at: At): Promise<void> {
  const events = new Map<string, Record<string, unknown>>()
  for (const row of changes.accounts ?? []) await tx.insert(schema.account).values(row)
  for (const { row, entry } of changes.newGrants ?? []) {
    await tx.insert(schema.grant).values(row)
    await record(tx, { subjectType: 'grant', subjectId: row.id, version: 1 }, entry, at)
    events.set('grant/approved', { grantId: row.id })
  }
  for (const { row, set, entry } of changes.grants ?? []) {
    await bump(tx, schema.grant, row, set)
    await record(tx, { subjectType: 'grant', subjectId: row.id, version: row.version + 1 }, entry, at)
    events.set('grant/changed', { grantId: row.id })
  }
  for (const { row, entry, agreed } of changes.newRequests ?? []) {
    const subject = { subjectType: 'request' as const, subjectId: row.id }
    await tx.insert(schema.request).values({ ...row, version: agreed ? 2 : 1 })
    await record(tx, { ...subject, version: 1 }, entry, at)
    if (agreed) await record(tx, { ...subject, version: 2 }, agreed, at)
    events.set('request/asked', { requestId: row.id })
  }
  for (const { row, set, entry } of changes.requests ?? []) {
    await bump(tx, schema.request, row, set)
    await record(tx, { subjectType: 'request', subjectId: row.id, version: row.version + 1 }, entry, at)
    if (set.state && set.state !== 'pending') await spendLinks(tx, at.now, row.id)
    events.set('request/changed', { requestId: row.id })
  }
  for (const row of changes.decisions ?? []) {
    await tx.insert(schema.decision).values(row)
    await spendLinks(tx, at.now, row.requestId, row.personId)
  }
  for (const row of changes.questions ?? []) await tx.insert(schema.question).values(row)
  for (const { id, set } of changes.answers ?? [])
    await tx.update(schema.question).set(set).where(eq(schema.question.id, id))
  for (const row of changes.newTasks ?? []) {
    await tx.insert(schema.task).values(row)
    const data = { kind: row.kind, grantId: row.grantId, dueAt: row.dueAt }
    await record(
      tx,
      { subjectType: 'task', subjectId: row.id, version: 1 },
      { verb: 'task_opened', data },
      at,
    )
  }
  for (const { row, set, entry } of changes.tasks ?? []) {
    await bump(tx, schema.task, row, set)
    await record(tx, { subjectType: 'task', subjectId: row.id, version: row.version + 1 }, entry, at)
  }
  for (const row of changes.findings ?? []) await tx.insert(schema.finding).values(row).onConflictDoNothing()
  for (const row of changes.standing ?? []) await tx.insert(schema.standing).values(row).onConflictDoNothing()
  for (const { entitlementId, externalId } of changes.standingOver ?? [])
    await tx
      .delete(schema.standing)
      .where(
        and(eq(schema.standing.entitlementId, entitlementId), eq(schema.standing.externalId, externalId)),
      )
  for (const { id, set } of changes.settled ?? [])
    await tx.update(schema.finding).set(set).where(eq(schema.finding.id, id))
  for (const { row, set } of changes.reviewLines ?? []) await bump(tx, schema.accessReviewLine, row, set)
  for (const { subject, entry } of changes.entries ?? []) await record(tx, subject, entry, at)
  for (const row of changes.attestations ?? []) await tx.insert(schema.attestation).values(row)
  for (const { kind, subjectId, connectionId } of changes.hastened ?? [])
    await tryNow(tx, kind, subjectId, connectionId)
  for (const change of changes.work ?? []) await arm(tx, change, at.now, changes.inHand)
  for (const change of changes.mails ?? []) await owe(tx, change, at.now)
  if (inngestDrives()) for (const [name, data] of events) await emit(tx, name, data, at.now)
}

/** Whether the distributed engine drives; then its hints go out through the same outbox. */
export function inngestDrives(): boolean {
  const { INNGEST_SIGNING_KEY, INNGEST_EVENT_KEY, INNGEST_DEV } = env()
  return Boolean((INNGEST_SIGNING_KEY && INNGEST_EVENT_KEY) || isOn(INNGEST_DEV))
}

async function emit(tx: Tx, name: string, data: Record<string, unknown>, now: Date): Promise<void> {
  const order = { kind: 'event', dueAt: now } as const
  await arm(tx, { subjectType: 'event', subjectId: newId(), order, memo: { name, data } }, now)
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

type Versioned =
  | typeof schema.grant
  | typeof schema.request
  | typeof schema.task
  | typeof schema.accessReviewLine

/** Updates a row that this transaction holds the lock of; a version that moved all the same is a fault of ours. */
async function bump(
  tx: Tx,
  table: Versioned,
  row: { id: string; version: number },
  set: Record<string, unknown>,
): Promise<void> {
  const changed = await tx
    .update(table)
    .set({ ...set, version: row.version + 1 })
    .where(and(eq(table.id, row.id), eq(table.version, row.version)))
    .returning({ id: table.id })
  if (changed.length !== 1) throw new Error(`row ${row.id} changed under its lock`)
}

/** Writes one timeline entry. */
export async function record(tx: Tx, subject: EntrySubject, entry: Entry, at: At): Promise<void> {
  await tx.insert(schema.timeline).values({
    ...subject,
    verb: entry.verb,
    at: at.now,
    actorId: at.actor.kind === 'person' ? at.actor.id : null,
    actorSystem: at.actor.kind === 'system' ? at.actor.name : null,
    data: entry.data ?? {},
  })
}

/**
 * Arms, re-dates or calls off one work item. Re-dating starts a new generation and clears the claim, so that
 * whoever holds the old one can no longer change anything; the item in hand keeps its claim.
 */
export async function arm(
  tx: Tx,
  change: WorkChange,
  now: Date,
  inHand?: { id: number; kind: WorkKind },
): Promise<void> {
  const { order, subjectId, subjectType } = change
  const same = and(eq(schema.work.kind, order.kind), eq(schema.work.subjectId, subjectId))
  if ('cancel' in order) {
    await tx.delete(schema.work).where(same)
    return
  }
  if (inHand?.kind === order.kind && order.dueAt <= now) {
    await tx.update(schema.work).set({ dueAt: order.dueAt }).where(eq(schema.work.id, inHand.id))
    return
  }
  const fresh = { dueAt: order.dueAt, notBefore: null, leaseUntil: null, attempt: 0, lastError: null }
  await tx
    .insert(schema.work)
    .values({
      ...fresh,
      kind: order.kind,
      subjectType,
      subjectId,
      connectionId: change.connectionId ?? null,
      priority: workPriority[order.kind],
      memo: change.memo ?? null,
    })
    .onConflictDoUpdate({
      target: [schema.work.kind, schema.work.subjectId],
      set: { ...fresh, generation: sql`${schema.work.generation} + 1`, memo: change.memo ?? null },
    })
}

/** Owes a mail: one row per occasion and recipient, and the work to send it. A deactivated person gets none. */
export async function owe(tx: Tx, change: MailChange, now: Date): Promise<void> {
  const person = await tx.query.person.findFirst({
    where: eq(schema.person.id, change.personId),
    columns: { email: true, deactivatedAt: true },
  })
  if (!person || person.deactivatedAt) return
  const [row] = await tx
    .insert(schema.mail)
    .values({
      id: newId(),
      ...change,
      data: change.data ?? {},
      recipient: person.email,
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: schema.mail.id })
  if (row) await arm(tx, { subjectType: 'mail', subjectId: row.id, order: { kind: 'send', dueAt: now } }, now)
}
