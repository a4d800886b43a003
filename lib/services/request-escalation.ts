import 'server-only'
import { and, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, type Reader, schema } from '@/db/client'
import type { Absence } from '@/lib/absence'
import { readNow } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import { plus } from '@/lib/domain/duration'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { nextReminder } from '@/lib/domain/policy'
import { decideRequest, mayDecide, stuckStep } from '@/lib/domain/request'
import { apply, type Verb } from './apply'
import { approverBook } from './approver-book'
import { onRequest } from './decisions'
import { type PendingPlace, pendingPlaces } from './facts'
import { decisionMails, requestWork, stepOpens } from './open-request'
import { type DecideFacts, type Outcome, outcome } from './outcome'
import { reasonSchema } from './reason'

type OneRequest = { requestId: string }

const escalate: Verb<OneRequest, DecideFacts, Outcome> = {
  ...onRequest,
  gate: 'request.escalate',
  decide(f, _input, at) {
    const { row, facts } = f
    const stuck = stuckStep(facts)
    const { escalateSeconds } = facts.steps[row.step] ?? {}
    const late = escalateSeconds !== undefined && plus(row.stepOpenedAt, escalateSeconds) <= at.now
    const step = stuck ?? (late ? row.step : null)
    if (step === null) return refuse('conflict', 'Whoever is asked may still decide')
    const why = stuck === null ? 'late' : 'lost'
    const standingAt = (times: number) =>
      f.book.standing({ ...f.place, escalated: [...row.escalated, ...Array<number>(times).fill(step)] })
    const before = row.escalated.filter((s) => s === step).length
    // The owners alone, where that helps; with the admins, where the owners are too few or decide elsewhere.
    const times = ([1, 2] as const).find(
      (n) => before + n <= 2 && (why === 'late' || stuckStep({ ...facts, ...standingAt(n) }) !== step),
    )
    // Not even the fallback could agree: whoever asked is told now, not when the time is over.
    if (why === 'lost' && times === undefined) {
      const lapsed = decideRequest(facts, { type: 'lapse', why: 'nobody_left' }, at.now, f.floorSeconds)
      return lapsed.ok ? outcome(f, lapsed.value, at, { why: 'nobody_left' }) : lapsed
    }
    const event = { type: 'escalate' as const, step, why, times } as const
    const decided = decideRequest(facts, event, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    const asked = mayDecide(facts)
    const joined = mayDecide({ ...facts, ...standingAt(times ?? 1) }).filter((id) => !asked.includes(id))
    return ok({
      result: { state: 'pending', grantId: null },
      requests: [
        {
          row,
          set: decided.value.next,
          entry: { verb: decided.value.verb, data: { step, why, personIds: joined } },
        },
      ],
      // The open step waited too long as well: its own turn comes next.
      work:
        late && step !== row.step && !row.escalated.includes(row.step)
          ? [requestWork(row.id, 'escalate', at.now)]
          : [],
      mails:
        step === row.step
          ? decisionMails(row.id, `${row.id}:${row.round}:${step}:escalated:${row.version}`, joined)
          : [],
    })
  },
}

/**
 * Asks the fallback on a step that waited too long, or that too few people are left for: the application's owners,
 * then the admins. Where not even they could agree, the request lapses at once. Called by the engine.
 */
export function escalateRequest(ctx: Ctx, requestId: string): Promise<Result<Outcome>> {
  return apply(ctx, escalate, { requestId })
}

/** A pending request as it stands in a directory, and the step for which too few are left; null for none. */
export interface PendingRequest extends PendingPlace {
  readonly approvers: readonly (readonly string[])[]
  readonly stuck: number | null
  /** Too few are left, and not even the owners and the admins together could agree. */
  readonly hopeless: boolean
}

/** Every pending request as it stands now, or as it would stand with somebody thought away. */
export async function unsafePendingRequests(
  db: Reader,
  now: Date,
  absence?: Absence,
): Promise<PendingRequest[]> {
  const pending = await pendingPlaces(db)
  if (pending.length === 0) return []
  const places = pending.map((p) => p.place)
  const book = await approverBook(db, places, now, absence)
  return pending.map(({ row, place }) => {
    const stuckWith = (escalated: readonly number[]) =>
      stuckStep({ step: row.step, votes: place.votes ?? [], ...book.standing({ ...place, escalated }) })
    const stuck = stuckWith(row.escalated)
    // With the owners and the admins on every step that is left.
    const everybody = row.steps.flatMap((_, step) => (step < row.step ? [] : [step, step]))
    return {
      row,
      place,
      approvers: book.standing(place).approvers,
      stuck,
      hopeless: stuck !== null && stuckWith([...row.escalated, ...everybody]) !== null,
    }
  })
}

/**
 * Looks through all pending requests for steps that lost their last approver, and asks the fallback. Called whenever
 * people, groups or owners change, and again and again, so that no change of the directory is missed.
 * @returns how many requests were escalated or had to lapse
 */
export async function escalateStuck(db: Db): Promise<number> {
  const pending = await unsafePendingRequests(db, await readNow(db))
  let count = 0
  for (const { row, stuck } of pending) {
    if (stuck === null) continue
    // One step after the other: each may have lost its people.
    for (let step = row.step; step < row.steps.length; step++) {
      const done = await escalateRequest(systemCtx('engine', db), row.id)
      if (!done.ok) break
      count++
      if (done.value.state !== 'pending') break
    }
  }
  return count
}

const remind: Verb<OneRequest, DecideFacts, Outcome> = {
  ...onRequest,
  gate: 'request.escalate',
  decide(f, _input, at) {
    const { row, facts, definition } = f
    const decided = decideRequest(facts, { type: 'remind' }, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    const personIds = mayDecide(facts)
    const next = nextReminder(definition.reminders, { from: row.decideFrom, until: row.decideBy }, at.now)
    return ok({
      result: { state: 'pending', grantId: null },
      requests: [{ row, set: decided.value.next, entry: { verb: decided.value.verb, data: { personIds } } }],
      work: [requestWork(row.id, 'remind', next)],
      mails: personIds.map((personId) => ({
        occasion: `decision-reminder:${row.id}:${row.version + 1}`,
        kind: 'decision-reminder',
        personId,
        requestId: row.id,
      })),
    })
  },
}

/** Reminds everybody who may decide now, and arms the next reminder. Called by the engine. */
export function remindOfRequest(ctx: Ctx, requestId: string): Promise<Result<Outcome>> {
  return apply(ctx, remind, { requestId })
}

export const reassignInput = z.object({
  requestId: z.uuid(),
  personIds: z.array(z.uuid()).min(1, 'Choose who decides instead').max(10, 'At most 10 people'),
  reason: reasonSchema.min(1, 'Say why; it stays in the timeline'),
})

interface ReassignFacts extends DecideFacts {
  /** Of those chosen, who is active. */
  readonly active: readonly string[]
  /** As it stands: nobody gets to see a request by naming themself. */
  readonly asked: DecideFacts
}

const reassign: Verb<z.infer<typeof reassignInput>, ReassignFacts, Outcome> = {
  ...onRequest,
  gate: 'request.reassign',
  facts: (f) => onRequest.facts(f.asked),
  async load(tx, input, now) {
    const loaded = await onRequest.load(tx, input, now)
    if (!loaded) return null
    const { person } = schema
    const active = await tx
      .select({ id: person.id })
      .from(person)
      .where(and(inArray(person.id, input.personIds), isNull(person.deactivatedAt)))
    const place = {
      ...loaded.place,
      escalated: loaded.row.escalated.filter((step) => step !== loaded.row.step),
      reassigned: { step: loaded.row.step, personIds: input.personIds },
    }
    const book = await approverBook(tx, [place], now)
    // Judged as it will stand: by people, not accounts, and with the quorum that the step has by itself.
    const facts = { ...loaded.facts, ...book.standing(place) }
    return { ...loaded, facts, place, book, active: active.map((p) => p.id), asked: loaded }
  },
  decide(f, input, at) {
    if (at.actor.kind !== 'person') return refuse('forbidden', 'Only an admin says who decides instead')
    const personIds = [...new Set(input.personIds)]
    if (personIds.some((id) => !f.active.includes(id)))
      return refuse('invalid', 'Somebody of these is deactivated. Choose again', 'personIds')
    if (personIds.some((id) => f.ownIds.includes(id)))
      return refuse('invalid', 'Nobody decides on their own request. Choose somebody else', 'personIds')
    const { row, facts, definition } = f
    const event = {
      type: 'reassign' as const,
      byId: at.actor.id,
      personIds: facts.approvers[row.step] ?? personIds,
    }
    const decided = decideRequest(facts, event, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    const votes = facts.votes.filter((v) => v.step === row.step).length
    const opened = stepOpens({ ...row, seats: facts }, definition, at.now)
    return ok({
      result: { state: 'pending', grantId: null },
      requests: [
        {
          row,
          set: { ...decided.value.next, stepOpenedAt: at.now },
          entry: { verb: 'reassigned', data: { step: row.step, personIds, note: input.reason, votes } },
        },
      ],
      work: opened.work,
      mails: decisionMails(
        row.id,
        `${row.id}:${row.round}:${row.step}:reassigned:${row.version}`,
        mayDecide(facts),
      ),
    })
  },
}

/** Has somebody else decide on the open step, with a reason. By an admin, never on a request of their own. */
export function reassignRequest(ctx: Ctx, input: z.infer<typeof reassignInput>): Promise<Result<Outcome>> {
  return apply(ctx, reassign, input)
}
