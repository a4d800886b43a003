import 'server-only'
import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { ReadingSummary } from '@/lib/application-views'
import { compareHolders, type Drift } from '@/lib/domain/drift'
import { driftWords } from '@/lib/drift-words'
import { newId } from '@/lib/ids'
import type { At } from './apply'
import { recordNext } from './change'
import type { ConnectionRow, Entry } from './changes'
import { driftFacts } from './drift-facts'
import { adminsOf, ownersOf } from './facts'
import type { Reading } from './holder-readings'
import { arm, owe } from './save'

/** What one run of readings brought. */
export interface Readings {
  readonly row: ConnectionRow
  readonly applicationId: string
  readonly readings: readonly Reading[]
  /** Why something could not be read to its end, each a sentence. */
  readonly problems: readonly string[]
}

type EntitlementRow = typeof schema.entitlement.$inferSelect

/** What one reading came to. */
export interface Outcome {
  readonly entitlement: EntitlementRow
  readonly drift: Drift
  /** Just-in-time only: findings whose holder is removed now. */
  readonly removing: readonly { readonly findingId: string; readonly id: string; readonly name: string }[]
  /** Just-in-time only: more to remove than may be in one go, so nobody is. */
  readonly tooMany: number | null
}

/**
 * Keeps what complete readings found: the baseline of a first one, findings opened, seen again and closed, and the
 * removals that a just-in-time entitlement asks for. People are told of what is new, once for the whole run.
 */
export async function saveReadings(
  tx: Tx,
  at: At,
  run: Readings,
): Promise<{ result: ReadingSummary; entry: Entry | null }> {
  const outcomes: Outcome[] = []
  for (const reading of run.readings) {
    const outcome = await saveReading(tx, at, run, reading)
    if (outcome) outcomes.push(outcome)
  }
  const complete = run.problems.length === 0
  await tx
    .update(schema.connection)
    .set({
      ...(complete ? { holdersAt: at.now } : {}),
      holdersError: complete ? null : run.problems.slice(0, 3).join(' '),
    })
    .where(eq(schema.connection.id, run.row.id))
  await orderRemovals(tx, at, run, outcomes)
  await tell(tx, at, run, outcomes)
  const what = driftWords(outcomes)
  return {
    result: {
      read: outcomes.length,
      found: count(outcomes, (o) => o.drift.unknown.length + o.drift.missing.length),
      over: count(outcomes, (o) => o.drift.closed.length),
      removing: count(outcomes, (o) => o.removing.length),
      problems: run.problems.length,
      problem: run.problems[0] ?? null,
    },
    entry: what ? { verb: 'holders_read', data: { what } } : null,
  }
}

const count = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number) =>
  outcomes.reduce((sum, outcome) => sum + of(outcome), 0)

async function saveReading(
  tx: Tx,
  at: At,
  { row }: Readings,
  { entitlementId, readAt, holders }: Reading,
): Promise<Outcome | null> {
  const { entitlement, finding, standing } = schema
  const [ours] = await tx.select().from(entitlement).where(eq(entitlement.id, entitlementId)).for('update')
  // Closed meanwhile, or read by somebody else since: an older reading says nothing any more.
  if (!ours || ours.closedAt || (ours.holdersAt && ours.holdersAt >= readAt)) return null
  const facts = await driftFacts(tx, row, ours, { readAt, holders, now: at.now })
  const drift = compareHolders({ ...facts, holders, readAt, formerAt: ours.holdersAt })
  if (drift.baseline.length > 0)
    await tx
      .insert(standing)
      .values(
        drift.baseline.map(({ id, name, email }) => ({
          entitlementId,
          externalId: id,
          name,
          email: email ?? null,
          since: readAt,
        })),
      )
      .onConflictDoNothing()
  const opened = drift.unknown.map(({ id, name, email, fixed }) => ({
    findingId: newId(),
    holder: { id, name, ...(email ? { email } : {}), ...(fixed ? { fixed } : {}) },
  }))
  const found = { entitlementId, foundAt: at.now, seenAt: readAt }
  for (const { findingId, holder } of opened)
    await tx.insert(finding).values({
      ...found,
      id: findingId,
      kind: 'unknown_holder',
      holder,
      detail: 'Holds it, and neither a lease nor a standing right says so',
    })
  for (const { grantId, via } of drift.missing)
    await tx.insert(finding).values({
      ...found,
      id: newId(),
      kind: 'missing_holder',
      grantId,
      detail: via
        ? `Taken by somebody else while the lease runs; still effective via ${via}`
        : 'Taken by somebody else while the lease runs',
    })
  if (drift.kept.length > 0)
    await tx
      .update(finding)
      .set({ seenAt: readAt })
      .where(inArray(finding.id, [...drift.kept]))
  for (const { id, as } of drift.closed)
    await tx.update(finding).set({ closedAt: at.now, closedAs: as }).where(eq(finding.id, id))
  await tx.update(entitlement).set({ holdersAt: readAt }).where(eq(entitlement.id, entitlementId))
  if (!ours.exclusive || ours.holdersAt === null)
    return { entitlement: ours, drift, removing: [], tooMany: null }
  const open = await openStrangers(tx, ours.id)
  const removing = open.filter(({ findingId }) => !facts.removing.has(findingId))
  const over = open.length > ours.exclusiveCap
  return {
    entitlement: ours,
    drift,
    removing: over ? [] : removing,
    tooMany: over && removing.length > 0 ? open.length : null,
  }
}

/** Everybody who is found to hold it without a right and whom a take would remove, by finding. */
async function openStrangers(tx: Tx, entitlementId: string) {
  const { finding } = schema
  const rows = await tx.query.finding.findMany({
    where: and(
      eq(finding.entitlementId, entitlementId),
      eq(finding.kind, 'unknown_holder'),
      isNull(finding.closedAt),
    ),
    orderBy: finding.id,
  })
  return rows.flatMap(({ id, holder }) =>
    holder && !holder.fixed ? [{ findingId: id, id: holder.id, name: holder.name }] : [],
  )
}

/** Orders the removals of just-in-time entitlements, and says so in the application's timeline before any is made. */
async function orderRemovals(tx: Tx, at: At, run: Readings, outcomes: readonly Outcome[]): Promise<void> {
  for (const { entitlement, removing } of outcomes) {
    if (removing.length === 0) continue
    for (const { findingId } of removing)
      await arm(
        tx,
        {
          subjectType: 'finding',
          subjectId: findingId,
          order: { kind: 'remove', dueAt: at.now },
          connectionId: run.row.id,
        },
        at.now,
      )
    await recordNext(
      tx,
      { type: 'application', id: run.applicationId },
      {
        verb: 'removing',
        data: {
          reason: `${entitlement.name} is just-in-time only`,
          removals: removing.map(({ findingId, id, name }) => ({
            findingId,
            account: id,
            name,
            entitlement: entitlement.externalId,
            entitlementName: entitlement.name,
          })),
        },
      },
      at,
    )
  }
}

/** Mails: the owners (or admins) of what is new, admins of what was too many to remove, and holders of what they miss. */
async function tell(tx: Tx, at: At, run: Readings, outcomes: readonly Outcome[]): Promise<void> {
  const fresh = count(outcomes, (o) => o.drift.unknown.length + o.drift.missing.length)
  if (fresh === 0) return
  const tooMany = outcomes.flatMap(({ entitlement, tooMany: unknown }) =>
    unknown === null ? [] : [{ entitlement: entitlement.name, unknown, cap: entitlement.exclusiveCap }],
  )
  const [owners, admins] = [await ownersOf(tx, run.applicationId), await adminsOf(tx)]
  const told = new Set([...owners, ...(owners.length === 0 || tooMany.length > 0 ? admins : [])])
  const data = {
    applicationId: run.applicationId,
    at: at.now.toISOString(),
    tooMany,
    removing: count(outcomes, (o) => o.removing.length),
  }
  const occasion = `drift-found:${run.row.id}:${at.now.toISOString()}`
  for (const personId of told) await owe(tx, { occasion, kind: 'drift-found', personId, data }, at.now)
  const grantIds = outcomes.flatMap((o) => o.drift.missing.map(({ grantId }) => grantId))
  if (grantIds.length === 0) return
  const { finding, grant } = schema
  const missing = await tx
    .select({ id: finding.id, grantId: grant.id, personId: grant.personId })
    .from(finding)
    .innerJoin(grant, eq(grant.id, finding.grantId))
    .where(and(inArray(grant.id, grantIds), or(eq(finding.kind, 'missing_holder')), isNull(finding.closedAt)))
  for (const { id, grantId, personId } of missing)
    await owe(
      tx,
      { occasion: `access-missing:${grantId}:${id}`, kind: 'access-missing', personId, grantId },
      at.now,
    )
}
