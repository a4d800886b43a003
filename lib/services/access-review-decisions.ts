import 'server-only'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { LinesDecided } from '@/lib/access-review-views'
import type { Ctx } from '@/lib/context'
import { type AccessDecision, accessDecisions, judgeLine } from '@/lib/domain/access-review'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { reviewBook } from './access-review-book'
import { type LoadedLine, loadLines } from './access-review-facts'
import { placeOfLine, reviewOf } from './access-reviews'
import { type At, apply, type Verb } from './apply'
import { inLine, nextVersion } from './change'
import type { Changes, ConnectionRow, ReviewRow } from './changes'
import { accountsOf, type LoadedGrant, loadGrant, ownersOf } from './facts'
import { MOST_REMOVED } from './findings'
import { endStep, grantLocks } from './grants'
import { reasonSchema } from './reason'

/** So many lines are decided in one go at most. */
export const MOST_DECIDED = 100

/** One line as a form sends it: its id and the version that was looked at. */
const picked = z.string().transform((value, context) => {
  const [lineId = '', version] = value.split(':')
  if (z.uuid().safeParse(lineId).success && /^[1-9]\d{0,8}$/.test(version ?? ''))
    return { lineId, version: Number(version) }
  context.addIssue({ code: 'custom', message: 'Choose from the list' })
  return z.NEVER
})

export const decideLinesInput = z.object({
  picked: z
    .array(picked)
    .min(1, 'Choose at least one line')
    .max(MOST_DECIDED, `At most ${MOST_DECIDED} lines at once`),
  decision: z.enum(accessDecisions, { error: 'Say whether it is kept or removed' }),
  reason: reasonSchema.min(1, 'Say why; it stays with the record'),
  /** Where standing access is removed: the application's name, typed. */
  confirm: z.string().max(200).default(''),
})
export type DecideLinesInput = z.output<typeof decideLinesInput>

interface DecideInput {
  readonly lineId: string
  readonly version: number
  readonly decision: AccessDecision
  readonly reason: string
}

interface DecideFacts {
  readonly review: ReviewRow
  readonly line: LoadedLine
  readonly who: string
  readonly entitlement: typeof schema.entitlement.$inferSelect
  readonly connection: ConnectionRow | null
  /** The lease that a removal ends: the line's own, or one that would leave the standing access where it is. */
  readonly lease: LoadedGrant | null
  /** The open finding about the account, if there is one. */
  readonly finding: typeof schema.finding.$inferSelect | null
  readonly reviewerIds: readonly string[]
  readonly ownIds: readonly string[]
  readonly ownerIds: readonly string[]
  /** The versions of the next entries. */
  readonly next: { readonly review: number; readonly application: number }
}

/** The lease that stands before the line: its own, or of standing access one whose end would leave it standing. */
async function leaseOf(
  db: Reader,
  lineId: string,
): Promise<{ grantId: string | null; personId: string | null }> {
  const { accessReviewLine, grant } = schema
  const line = await db.query.accessReviewLine.findFirst({ where: eq(accessReviewLine.id, lineId) })
  if (!line) return { grantId: null, personId: null }
  const { personId } = line
  if (line.grantId || !personId) return { grantId: line.grantId, personId }
  const over = await db.query.grant.findFirst({
    where: and(
      eq(grant.personId, personId),
      eq(grant.entitlementId, line.entitlementId),
      sql`((${grant.preexisting} and ${grant.state} in ('provisioning', 'active')) or (${grant.converts} and ${grant.state} = 'scheduled'))`,
    ),
    columns: { id: true },
  })
  return { grantId: over?.id ?? null, personId }
}

async function locks({ lineId }: DecideInput, db: Tx) {
  const { grantId, personId } = await leaseOf(db, lineId)
  if (grantId) return grantLocks({ grantId }, db)
  return { persons: personId ? [personId] : [] }
}

/** Loaded in line with whoever else decides in the same review, then with the readings of its entitlement. */
async function load(tx: Tx, { lineId, decision }: DecideInput, now: Date): Promise<DecideFacts | null> {
  const { accessReviewLine, connection, entitlement, finding, person } = schema
  const known = await tx.query.accessReviewLine.findFirst({ where: eq(accessReviewLine.id, lineId) })
  if (!known) return null
  await inLine(tx, 'access_review', known.accessReviewId)
  const review = await reviewOf(tx, known.accessReviewId)
  const [line] = await loadLines(tx, { lineId })
  // A reading that opens a finding about the same account at this moment holds this row.
  const [ours] = await tx
    .select()
    .from(entitlement)
    .where(eq(entitlement.id, known.entitlementId))
    .for('update')
  if (!review || !line || !ours) return null
  const removes = decision === 'remove'
  if (removes) await inLine(tx, 'application', review.applicationId)
  const { grantId } = await leaseOf(tx, lineId)
  const { personId, account } = line.row
  const holder = personId && (await tx.query.person.findFirst({ where: eq(person.id, personId) }))
  const open =
    account &&
    (await tx.query.finding.findFirst({
      where: and(
        eq(finding.entitlementId, ours.id),
        eq(finding.kind, 'unknown_holder'),
        isNull(finding.closedAt),
        sql`${finding.holder} ->> 'id' = ${account.id}`,
      ),
    }))
  const place = placeOfLine(review, line.row)
  return {
    review,
    line,
    who: (holder ? holder.name : null) ?? account?.name ?? 'somebody',
    entitlement: ours,
    connection:
      (ours.connectionId &&
        (await tx.query.connection.findFirst({ where: eq(connection.id, ours.connectionId) }))) ||
      null,
    lease: grantId && removes ? await loadGrant(tx, grantId, now) : null,
    finding: open || null,
    reviewerIds: (await reviewBook(tx, [place])).reviewers(place).ids,
    ownIds: personId ? await accountsOf(tx, personId) : [],
    ownerIds: await ownersOf(tx, review.applicationId),
    next: {
      review: await nextVersion(tx, 'access_review', review.id),
      application: removes ? await nextVersion(tx, 'application', review.applicationId) : 0,
    },
  }
}

const decide: Verb<DecideInput, DecideFacts, null> = {
  gate: 'access_review.decide',
  locks,
  load,
  facts: (f) => ({
    approverIds: f.reviewerIds,
    ownIds: f.ownIds,
    ownerIds: f.ownerIds,
    ...(f.line.row.personId ? { beneficiaryId: f.line.row.personId } : {}),
  }),
  decide(f, input, at) {
    if (at.actor.kind !== 'person') return refuse('forbidden', 'Only people decide in an access review')
    const judged = judgeLine(
      f.review,
      { ...f.line, version: f.line.row.version },
      { version: input.version, now: at.now },
    )
    if (!judged.ok) return judged
    const removed =
      input.decision === 'remove'
        ? removal(f, input.reason, at)
        : ok<Removal>({ findingId: null, changes: {} })
    if (!removed.ok) return removed
    const { findingId, changes } = removed.value
    const { decision, reason } = input
    return ok({
      ...changes,
      result: null,
      reviewLines: [
        {
          row: f.line.row,
          set: { decision, reason, decidedBy: at.actor.id, decidedAt: at.now, findingId },
        },
      ],
      entries: [
        {
          subject: { subjectType: 'access_review', subjectId: f.review.id, version: f.next.review },
          entry: {
            verb: decision === 'keep' ? 'review_kept' : 'review_removing',
            data: {
              lineId: f.line.id,
              who: f.who,
              entitlement: f.entitlement.name,
              grantId: f.line.row.grantId ?? undefined,
              account: f.line.row.account?.id,
              note: reason,
              was: f.line.decision ?? undefined,
              late: f.line.missedAt !== null || undefined,
            },
          },
        },
        ...(changes.entries ?? []),
      ],
    })
  },
}

interface Removal {
  readonly findingId: string | null
  readonly changes: Omit<Partial<Changes<null>>, 'result'>
}

/** The normal roads: a lease is revoked; standing access is ordered to be removed, as one does it with a finding. */
function removal(f: DecideFacts, reason: string, at: At): Result<Removal> {
  const note = `${reason} (access review “${f.review.name}”)`
  let ended: Omit<Partial<Changes<null>>, 'result'> = {}
  if (f.lease) {
    const step = endStep(f.lease, 'revoked', note, at)
    if (!step.ok) return step
    const { result: _state, ...changes } = step.value
    ended = changes
  }
  const { account } = f.line.row
  if (!account) return ok({ findingId: null, changes: ended })
  const standing = standingRemoval(f, account, note, at)
  if (!standing.ok) return standing
  const { findingId, changes } = standing.value
  return ok({
    findingId,
    changes: { ...ended, ...changes, work: [...(ended.work ?? []), ...(changes.work ?? [])] },
  })
}

function standingRemoval(
  f: DecideFacts,
  account: { id: string; name: string; email?: string },
  note: string,
  at: At,
): Result<Removal> {
  const { entitlement, connection, finding } = f
  if (!connection || entitlement.closedAt)
    return refuse('unavailable', `${entitlement.name} is closed, so nothing can be taken from there`)
  if (finding?.holder?.fixed)
    return refuse('conflict', `${account.name} cannot be removed from here. ${finding.holder.fixed}`)
  const findingId = finding?.id ?? at.newId()
  return ok({
    findingId,
    changes: {
      findings: finding
        ? []
        : [
            {
              id: findingId,
              kind: 'unknown_holder',
              entitlementId: entitlement.id,
              holder: account,
              detail: 'Held for good, and an access review said that it goes',
              foundAt: at.now,
              seenAt: at.now,
            },
          ],
      standingOver: [{ entitlementId: entitlement.id, externalId: account.id }],
      work: [
        {
          subjectType: 'finding',
          subjectId: findingId,
          order: { kind: 'remove', dueAt: at.now },
          connectionId: connection.id,
        },
      ],
      entries: [
        {
          subject: {
            subjectType: 'application',
            subjectId: f.review.applicationId,
            version: f.next.application,
          },
          entry: {
            verb: 'removing',
            data: {
              reason: note,
              removals: [
                {
                  findingId,
                  account: account.id,
                  name: account.name,
                  entitlement: entitlement.externalId,
                  entitlementName: entitlement.name,
                },
              ],
            },
          },
        },
      ],
    },
  })
}

/**
 * Decides several lines with one reason, each on its own: one refusal keeps nothing else, and each is told. Removals
 * of standing access are so many in one go, with the application's name typed, as everywhere else. By whoever is asked
 * about a line, never by its holder.
 */
export async function decideLines(ctx: Ctx, input: DecideLinesInput): Promise<Result<LinesDecided>> {
  if (input.decision === 'remove') {
    const refused = await tooMuch(ctx, input)
    if (refused) return refused
  }
  const refused: { lineId: string; message: string }[] = []
  const codes = new Set<string>()
  let last: Result<null> | null = null
  const chosen = new Map(input.picked.map((one) => [one.lineId, one.version]))
  for (const [lineId, version] of chosen) {
    const { decision, reason } = input
    last = await apply(ctx, decide, { lineId, version, decision, reason })
    if (last.ok) continue
    codes.add(last.code)
    refused.push({ lineId, message: last.message })
  }
  const none = refused.length === chosen.size
  // Whoever may decide on nothing of it is told so; of what was decided on meanwhile, each line is named.
  if (none && last && !last.ok && [...codes].every((code) => code !== 'stale' && code !== 'conflict'))
    return last
  return ok({ decided: chosen.size - refused.length, refused })
}

/**
 * The cap and the typed name that removals of standing access have; null where there is nothing against it. Of lines
 * that are not theirs to decide nobody learns a thing here: the gate answers for those.
 */
async function tooMuch({ db, actor }: Ctx, { picked: lines, confirm }: DecideLinesInput) {
  const { accessReview, accessReviewLine: line, application } = schema
  const me = actor.kind === 'person' ? actor.id : ''
  const rows = await db
    .select({ line, review: accessReview, name: application.name })
    .from(line)
    .innerJoin(accessReview, eq(accessReview.id, line.accessReviewId))
    .innerJoin(application, eq(application.id, accessReview.applicationId))
    .where(
      and(
        inArray(
          line.id,
          lines.map(({ lineId }) => lineId),
        ),
        isNull(line.grantId),
      ),
    )
  const places = rows.map((row) => ({ ...row, place: placeOfLine(row.review, row.line) }))
  const book = await reviewBook(
    db,
    places.map(({ place }) => place),
  )
  const standing = places.filter(({ place }) => book.reviewers(place).ids.includes(me))
  const [first] = standing
  if (!first) return null
  if (standing.length > MOST_REMOVED)
    return refuse('limit', `At most ${MOST_REMOVED} accesses that are held for good are removed in one go`)
  if (standing.some(({ name }) => confirm.trim() !== name))
    return refuse('invalid', `Type ${first.name} to confirm`, 'confirm')
  return null
}
