import 'server-only'
import { and, eq, gt, gte } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { type Result, refuse } from '@/lib/domain/errors'
import { decideRequest, everyoneAsked, type RequestKind, stuckStep, verdicts } from '@/lib/domain/request'
import { type Conflict, extraSteps, type HowHeld, refusedTogether } from '@/lib/domain/separation'
import { apply, type Verb } from './apply'
import { approverBook } from './approver-book'
import { accountsOf, holdApplicationOf, loadGrant, loadRequest } from './facts'
import { type DecideFacts, type Outcome, outcome } from './outcome'
import { reasonSchema } from './reason'
import { conflictsOf } from './separation-rules'

export const decideInput = z.object({
  requestId: z.uuid(),
  verdict: z.enum(verdicts),
  note: reasonSchema.transform((v) => v || null),
  /** A shorter length than asked for, in seconds. */
  seconds: z.number().int().positive().optional(),
  /** A later start than asked for. */
  startAt: z.date().optional(),
  /** The version the approver looked at: a change of what is asked for since then voids the answer. */
  version: z.number().int().positive(),
})
export type DecideInput = z.infer<typeof decideInput>

/** The locks of every verb on a request: whom it is for by all their accounts, the grant it would extend, itself. */
export async function requestLocks({ requestId }: { requestId: string }, db: Reader) {
  const row = await db.query.request.findFirst({
    where: eq(schema.request.id, requestId),
    columns: { personId: true, grantId: true },
  })
  return {
    persons: row ? await accountsOf(db, row.personId) : [],
    grants: row?.grantId ? [row.grantId] : [],
    requests: [requestId],
  }
}

async function loadForDecision(
  tx: Tx,
  { requestId }: { requestId: string },
  now: Date,
): Promise<DecideFacts | null> {
  const asked = await tx.query.request.findFirst({
    where: eq(schema.request.id, requestId),
    columns: { entitlementId: true },
  })
  if (asked) await holdApplicationOf(tx, asked.entitlementId)
  const loaded = await loadRequest(tx, requestId, now)
  if (!loaded) return null
  const { askerId, personId } = loaded.row
  const ownIds = await accountsOf(tx, askerId, personId)
  return {
    ...loaded,
    ownIds,
    grant: loaded.row.grantId ? await loadGrant(tx, loaded.row.grantId, now) : null,
    inGrace: loaded.row.grantId ? await graceSince(tx, loaded.row.grantId, loaded.row.askedAt) : false,
  }
}

/** Whether the access goes on past its end since then: the grace was given for what was asked, not for an earlier ask. */
async function graceSince(tx: Tx, grantId: string, askedAt: Date): Promise<boolean> {
  const { timeline } = schema
  const [given] = await tx
    .select({ id: timeline.id })
    .from(timeline)
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        eq(timeline.subjectId, grantId),
        eq(timeline.verb, 'grace_given'),
        gte(timeline.at, askedAt),
      ),
    )
    .limit(1)
  return given !== undefined
}

/** The part of a verb that every verb on a request has in common. */
export const onRequest = {
  locks: requestLocks,
  load: loadForDecision,
  facts: (f: DecideFacts) => ({
    askerId: f.row.askerId,
    beneficiaryId: f.row.personId,
    ownIds: f.ownIds,
    // Whoever is asked on any step is told what happened; the machine refuses a vote on another step.
    approverIds: everyoneAsked(f.facts),
    ownerIds: f.ownerIds,
  }),
}

interface VoteFacts extends DecideFacts {
  /** What changed of it after the version that the approver looked at. */
  readonly since: readonly { verb: string; data: Record<string, unknown> }[]
  /** Rules under which what it asks for may not be held together with what they hold, or are about to. */
  readonly conflicts: readonly Conflict[]
  /** The rules that bring one more step only now: they are newer than the request, or the other half is. */
  readonly joined: readonly string[]
}

/**
 * What of the other half counts when deciding: of two requests the first that is agreed to wins, and more time is no
 * new hold, so that only what is held already stands against it.
 */
const countsWhen = { grant: ['held', 'agreed'], extension: ['held'] } as const satisfies Record<
  RequestKind,
  readonly HowHeld[]
>

const decide: Verb<DecideInput, VoteFacts, Outcome> = {
  gate: 'request.decide',
  ...onRequest,
  async load(tx, input, now) {
    const loaded = await loadForDecision(tx, input, now)
    if (!loaded) return null
    const { timeline } = schema
    const since = await tx
      .select({ verb: timeline.verb, data: timeline.data })
      .from(timeline)
      .where(
        and(
          eq(timeline.subjectType, 'request'),
          eq(timeline.subjectId, input.requestId),
          gt(timeline.version, input.version),
        ),
      )
    const conflicts = await conflictsOf(tx, loaded.row.personId, loaded.row.entitlementId)
    return { ...(await withExtraSteps(tx, loaded, conflicts, now)), since, conflicts }
  },
  decide(f, input, at) {
    if (at.actor.kind !== 'person') return refuse('forbidden', 'Only people decide')
    if (f.row.state === 'pending' && changedSince(f, input.version))
      return refuse('stale', 'This request changed after you opened it. Look again before you decide')
    if (input.verdict === 'approve' && f.row.state === 'pending') {
      if (f.application.archivedAt)
        return refuse('unavailable', `${f.application.name} is archived, so nothing of it is given any more`)
      const apart = refusedTogether(f.conflicts, f.entitlement.name, countsWhen[f.row.kind])
      if (apart) return apart
    }
    if (input.startAt && f.row.kind === 'extension')
      return refuse('invalid', 'More time begins at the present end', 'startAt')
    const event = {
      type: 'vote' as const,
      personId: at.actor.id,
      verdict: input.verdict,
      note: input.note,
      seconds: input.seconds,
      startAt: input.startAt,
    }
    const decided = decideRequest(f.facts, event, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    const joined = input.verdict === 'approve' && f.joined.length > 0
    return outcome(f, decided.value, at, {
      note: input.note,
      data: joined ? { separation: f.joined } : {},
    })
  },
}

/**
 * The request with the steps that rules add to it by now. Asking adds them too; but whoever may be held back by a rule
 * that is newer than the request is held back by it all the same.
 */
async function withExtraSteps(
  tx: Tx,
  loaded: DecideFacts,
  conflicts: readonly Conflict[],
  now: Date,
): Promise<DecideFacts & Pick<VoteFacts, 'joined'>> {
  const { row } = loaded
  const more = extraSteps(conflicts, countsWhen[row.kind], row.steps)
  if (more.length === 0 || row.state !== 'pending') return { ...loaded, joined: [] }
  const steps = [...row.steps, ...more]
  const place = { ...loaded.place, steps }
  const book = await approverBook(tx, [place], now)
  return {
    ...loaded,
    row: { ...row, steps },
    place,
    book,
    facts: { ...loaded.facts, ...book.standing(place) },
    joined: [
      ...new Set(conflicts.filter((c) => more.some((s) => s.separationId === c.ruleId)).map((c) => c.rule)),
    ],
  }
}

/**
 * Whether the request is another one than the approver looked at: the requester changed it, or a colleague's yes
 * narrowed it. Any other yes, a question or a reminder in the meantime is no such change.
 */
function changedSince({ row, since }: VoteFacts, version: number): boolean {
  if (version > row.version) return true
  return since.some((e) => e.verb === 'edited' || Boolean(e.data.shortened) || Boolean(e.data.startAt))
}

/** An approver's yes or no on the step that is open. The first decision wins; a later one is told what happened. */
export function decideOnRequest(ctx: Ctx, input: DecideInput): Promise<Result<Outcome>> {
  return apply(ctx, decide, input)
}

const withdraw: Verb<{ requestId: string }, DecideFacts, Outcome> = {
  ...onRequest,
  gate: 'request.withdraw',
  decide(f, _input, at) {
    const decided = decideRequest(f.facts, { type: 'withdraw' }, at.now, f.floorSeconds)
    return decided.ok ? outcome(f, decided.value, at, {}) : decided
  },
}

/** Takes a request back before it is decided. */
export function withdrawRequest(ctx: Ctx, requestId: string): Promise<Result<Outcome>> {
  return apply(ctx, withdraw, { requestId })
}

const lapse: Verb<{ requestId: string }, DecideFacts, Outcome> = {
  ...onRequest,
  gate: 'request.lapse',
  decide(f, _input, at) {
    const why = stuckStep(f.facts) !== null && at.now < f.row.decideBy ? 'nobody_left' : 'time'
    const decided = decideRequest(f.facts, { type: 'lapse', why }, at.now, f.floorSeconds)
    return decided.ok ? outcome(f, decided.value, at, { why }) : decided
  },
}

/** Ends a request that nobody decided in time, or that nobody could decide any more. Called by the engine. */
export function lapseRequest(ctx: Ctx, requestId: string): Promise<Result<Outcome>> {
  return apply(ctx, lapse, { requestId })
}
