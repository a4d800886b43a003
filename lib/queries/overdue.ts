import 'server-only'
import { and, asc, desc, eq, gte, inArray, isNotNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { type AttestationFacts, attestProblem, secondProblem } from '@/lib/domain/attestation'
import { can } from '@/lib/domain/authorize'
import { DAY, ESCALATE_AFTER, plus } from '@/lib/domain/duration'
import { longestGapMs } from '@/lib/engine/backoff'
import type { GrantListRow } from '@/lib/grant-views'
import { type ClosedItem, MOST_TRIES, type OverdueItem, type OverduePage } from '@/lib/overdue-views'
import { accountsOf, adminsOf, ownersOf } from '@/lib/services/facts'
import { attestationOf } from '@/lib/services/overdue'
import { overdueCondition, overdueLimits } from './grant-filters'
import { type Found, fillRows, joinedRows } from './grant-rows'
import { type GrantScope, grantScope, inScope } from './grants'

const { application, attempt, entitlement, grant, mail, person, task, timeline, work } = schema

/** So many stand on the page, the longest overdue first; the table of grants has all of them. */
const MOST_SHOWN = 20
const CLOSED_DAYS = 30

/** What should be gone and is not, in the actor's scope; null for whoever has none. */
export async function overduePage(ctx: Ctx, now: Date): Promise<OverduePage | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  const { db } = ctx
  const limits = await overdueLimits(db)
  const where = and(inScope(scope), overdueCondition({ now, limits }))
  const [found, closed] = await Promise.all([joinedRows(db, where), closedLately(db, scope, now)])
  const over = (one: Found) => (one.row.rightOverAt ?? one.row.endsAt ?? now).getTime()
  const shown = found.sort((a, b) => over(a) - over(b)).slice(0, MOST_SHOWN)
  const rows = new Map((await fillRows(db, shown, limits)).map((row) => [row.id, row]))
  const items = await Promise.all(
    shown.map((one) => {
      const row = rows.get(one.row.id)
      if (!row) throw new Error(`grant ${one.row.id} was found and not read`)
      return itemOf(ctx, one, row, now)
    }),
  )
  return { items, total: found.length, closed }
}

async function itemOf(ctx: Ctx, { row: raw }: Found, row: GrantListRow, now: Date): Promise<OverdueItem> {
  const { db } = ctx
  const since = raw.rightOverAt ?? raw.endsAt ?? now
  const [tries, told, ownerIds, ownIds, open] = await Promise.all([
    triesOf(db, raw.id, since),
    toldOf(db, raw),
    ownersOf(db, raw.applicationId),
    accountsOf(db, raw.personId),
    db.query.task.findFirst({
      columns: { id: true },
      where: and(eq(task.grantId, raw.id), eq(task.state, 'open'), eq(task.kind, 'take')),
    }),
  ])
  const gate = { beneficiaryId: raw.personId, ownerIds, ownIds }
  const attestation = await attestationOf(db, raw, ownIds)
  const admins = await adminsOf(db)
  const left = raw.overdueSince !== null && admins.some((id) => !told.some((one) => one.id === id))
  const escalatesAt = left && raw.overdueSince ? plus(raw.overdueSince, ESCALATE_AFTER) : null
  return {
    row,
    since,
    ...tries,
    maxGapSeconds: Math.ceil(longestGapMs(raw.lastAnswer) / 60_000) * 60,
    told: told.map(({ name, at, escalated }) => ({ name, at, escalated })),
    escalatesAt: escalatesAt && escalatesAt > now ? escalatesAt : null,
    first: attestation.first && (await firstOf(db, raw.id, attestation.first.personId)),
    openTaskId: open && can(ctx.actor, 'task.see', gate) ? open.id : null,
    may: {
      retry: raw.state === 'revoking' && !row.byHand && can(ctx.actor, 'grant.retry', gate),
      attest: attestChoice(ctx, gate, attestation, row, now),
    },
  }
}

function attestChoice(
  { actor }: Ctx,
  gate: Parameters<typeof can>[2],
  facts: AttestationFacts,
  { state, application }: GrantListRow,
  now: Date,
): OverdueItem['may']['attest'] {
  if (state !== 'revoking' || actor.kind !== 'person') return null
  const as = facts.first ? 'second' : 'first'
  if (!can(actor, as === 'first' ? 'grant.attest' : 'grant.confirm_gone', gate)) return null
  const problem = attestProblem(facts, application.name)
  if (problem || as === 'first') return { as, why: problem?.message ?? null }
  const second = secondProblem(facts, actor.id, now)
  return { as, why: 'refusal' in second ? second.refusal.message : null }
}

/** Calls and waits are stored in unshifted time; the page reads the domain's clock. */
async function triesOf(db: Reader, grantId: string, since: Date) {
  const [calls, item, { wall, offsetMs }] = await Promise.all([
    db
      .select({ at: attempt.startedAt })
      .from(attempt)
      .where(and(eq(attempt.grantId, grantId), inArray(attempt.operation, ['revoke', 'revoke.poll'])))
      .orderBy(desc(attempt.id))
      .limit(MOST_TRIES),
    db.query.work.findFirst({ where: and(eq(work.kind, 'take'), eq(work.subjectId, grantId)) }),
    readClocks(db),
  ])
  return {
    tries: calls.map(({ at }) => new Date(at.getTime() + offsetMs)).filter((at) => at >= since),
    said: item?.lastError ?? null,
    trying: Boolean(item?.leaseUntil && item.leaseUntil > wall),
  }
}

/** Who was written to about its present end. */
async function toldOf(db: Reader, row: Found['row']) {
  const occasion = `could-not-remove:${row.id}:${row.rightOverAt?.toISOString() ?? ''}`
  const rows = await db
    .select({ id: mail.personId, name: person.name, at: mail.createdAt, data: mail.data })
    .from(mail)
    .innerJoin(person, eq(person.id, mail.personId))
    .where(eq(mail.occasion, occasion))
    .orderBy(asc(mail.createdAt), asc(person.name))
  return rows.map(({ data, ...one }) => ({ ...one, escalated: data.escalated === true }))
}

/** The first statement, as the timeline has it. */
async function firstOf(db: Reader, grantId: string, personId: string): Promise<OverdueItem['first']> {
  const [entry] = await db
    .select({ by: person.name, at: timeline.at, data: timeline.data })
    .from(timeline)
    .innerJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        eq(timeline.subjectId, grantId),
        eq(timeline.verb, 'attesting'),
        eq(timeline.actorId, personId),
      ),
    )
    .orderBy(desc(timeline.version))
    .limit(1)
  if (!entry) return null
  const { note } = entry.data
  return { by: entry.by, at: entry.at, reason: typeof note === 'string' ? note : null }
}

/** What was overdue and is not any more. */
async function closedLately(db: Reader, scope: GrantScope, now: Date): Promise<ClosedItem[]> {
  const closedAt = sql<Date>`coalesce(${grant.seenAbsentAt}, ${grant.overdueSince})`
  const rows = await db
    .select({ row: grant, person: person.name, entitlement: entitlement.name, application: application.name })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(application, eq(application.id, grant.applicationId))
    .where(
      and(
        inScope(scope),
        isNotNull(grant.overdueSince),
        gte(grant.overdueSince, plus(now, -CLOSED_DAYS * DAY)),
        eq(grant.state, 'ended'),
      ),
    )
    .orderBy(desc(closedAt), desc(grant.id))
    .limit(MOST_SHOWN)
  const said = await attestedBy(
    db,
    rows.map(({ row }) => row.id),
  )
  return rows.map(({ row, ...names }) => ({
    id: row.id,
    ...names,
    closedAt: said.get(row.id)?.at ?? row.seenAbsentAt ?? row.overdueSince ?? now,
    lateMs: row.seenAbsentAt ? row.lateMs : null,
    how: row.endReason === 'attested' ? 'attested' : row.verified ? 'seen' : 'said',
    by: said.get(row.id)?.by ?? [],
  }))
}

async function attestedBy(db: Reader, ids: readonly string[]) {
  const found = new Map<string, { by: string[]; at: Date }>()
  if (ids.length === 0) return found
  const rows = await db
    .select({ id: timeline.subjectId, by: person.name, at: timeline.at })
    .from(timeline)
    .innerJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        inArray(timeline.subjectId, [...ids]),
        inArray(timeline.verb, ['attesting', 'attested']),
      ),
    )
    .orderBy(asc(timeline.version))
  for (const { id, by, at } of rows)
    found.set(id, { by: [...new Set([...(found.get(id)?.by ?? []), by])], at })
  return found
}
