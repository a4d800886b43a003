import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Refusal, type Result, refuse } from '@/lib/domain/errors'
import { decideByOf, extensionRoom, pastLatestEnd } from '@/lib/domain/extension'
import { decideRequest } from '@/lib/domain/request'
import { apply, type Verb } from './apply'
import { lengthOf, startProblem } from './ask-problems'
import { onRequest } from './decisions'
import { stepOpens } from './open-request'
import type { DecideFacts, Outcome } from './outcome'
import { reasonSchema } from './reason'

export const editInput = z.object({
  requestId: z.uuid(),
  seconds: z.number().int().positive().nullable(),
  reason: reasonSchema,
  startAt: z.date().nullable().default(null),
})
export type EditInput = z.infer<typeof editInput>

const edit: Verb<EditInput, DecideFacts, Outcome> = {
  ...onRequest,
  gate: 'request.edit',
  decide(f, input, at) {
    const { row, definition } = f
    const length = lengthOf(f.floorSeconds, definition, input.seconds)
    const decided = decideRequest(
      f.facts,
      { type: 'edit', seconds: input.seconds, startAt: input.startAt },
      at.now,
      f.floorSeconds,
    )
    if (!decided.ok) return decided
    if ('ok' in length) return length
    const problem = editProblem(f, input, at.now)
    if (problem) return problem
    const was = { seconds: row.seconds, startAt: row.startAt, reason: row.reason }
    const now = { seconds: input.seconds, startAt: input.startAt, reason: input.reason }
    if (JSON.stringify(was) === JSON.stringify(now))
      return refuse('invalid', 'Nothing is different from what you asked for')
    const { endsAt = null, graceGiven = false } = f.grant?.row ?? {}
    const extended = row.kind === 'extension' && endsAt ? { endsAt, graceGiven } : null
    const opened = {
      ...row,
      ...decided.value.next,
      round: row.round + 1,
      decideFrom: at.now,
      decideBy: decideByOf(definition, at.now, extended),
    }
    const standing = f.book.standing({ ...f.place, votes: [], escalated: [], reassigned: null })
    const { work, mails } = stepOpens(
      { ...opened, seats: { ...f.facts, ...standing, step: 0, votes: [] } },
      definition,
      at.now,
    )
    const set = {
      ...decided.value.next,
      ...length,
      askedSeconds: length.seconds,
      reason: input.reason,
      stepOpenedAt: at.now,
      decideFrom: opened.decideFrom,
      decideBy: opened.decideBy,
    }
    return ok({
      result: { state: 'pending', grantId: null },
      requests: [
        {
          row,
          set,
          entry: { verb: 'edited', data: { round: opened.round, was, now, votes: f.votes.length } },
        },
      ],
      work,
      mails,
    })
  },
}

function editProblem({ row, definition, grant }: DecideFacts, input: EditInput, now: Date): Refusal | null {
  if (definition.reasonRequired && input.reason === '')
    return refuse('invalid', 'Say why you need it', 'reason')
  if (row.kind === 'grant') {
    const moved = input.startAt?.getTime() !== row.startAt?.getTime()
    return moved ? startProblem(input.startAt, now) : null
  }
  if (input.startAt) return refuse('invalid', 'More time begins at the present end', 'startAt')
  const { grantedAt, endsAt, extensions } = grant?.row ?? {}
  if (!grantedAt || !endsAt || input.seconds === null)
    return refuse('too_late', 'The access to extend is gone')
  const room = extensionRoom(definition.extension, { grantedAt, endsAt, extensions: extensions ?? 0 })
  return pastLatestEnd(room, endsAt, input.seconds)
}

/** Changes what a pending request asks for. The answers so far are void, and it is asked anew from the first step. */
export function editRequest(ctx: Ctx, input: EditInput): Promise<Result<Outcome>> {
  return apply(ctx, edit, input)
}

export const questionInput = z.object({
  requestId: z.uuid(),
  text: reasonSchema.min(1, 'Write what you want to know'),
})

const ask: Verb<z.infer<typeof questionInput>, DecideFacts, { questionId: string }> = {
  ...onRequest,
  gate: 'request.question',
  decide(f, input, at) {
    if (at.actor.kind !== 'person') return refuse('forbidden', 'Only people ask')
    const personId = at.actor.id
    const decided = decideRequest(f.facts, { type: 'question', personId }, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    const questionId = at.newId()
    const { row } = f
    return ok({
      result: { questionId },
      requests: [
        {
          row,
          set: decided.value.next,
          entry: { verb: decided.value.verb, data: { questionId, note: input.text } },
        },
      ],
      questions: [{ id: questionId, requestId: row.id, personId, text: input.text, askedAt: at.now }],
      mails: [...new Set([row.askerId, row.personId])].map((to) => ({
        occasion: `question-asked:${questionId}`,
        kind: 'question-asked',
        personId: to,
        requestId: row.id,
        data: { questionId },
      })),
    })
  },
}

/** Asks whoever made a request something before deciding; it stays pending, and its clocks run on. */
export function askQuestion(
  ctx: Ctx,
  input: z.infer<typeof questionInput>,
): Promise<Result<{ questionId: string }>> {
  return apply(ctx, ask, input)
}

export const answerInput = z.object({
  requestId: z.uuid(),
  questionId: z.uuid(),
  text: reasonSchema.min(1, 'Write your answer'),
})

interface AnswerFacts extends DecideFacts {
  readonly question: typeof schema.question.$inferSelect
}

const answer: Verb<z.infer<typeof answerInput>, AnswerFacts, Record<string, never>> = {
  ...onRequest,
  gate: 'request.answer',
  async load(tx, input, now) {
    const loaded = await onRequest.load(tx, input, now)
    const question = await tx.query.question.findFirst({ where: eq(schema.question.id, input.questionId) })
    return loaded && question?.requestId === input.requestId ? { ...loaded, question } : null
  },
  decide(f, input, at) {
    if (at.actor.kind !== 'person') return refuse('forbidden', 'Only people answer')
    if (f.question.answeredAt) return refuse('conflict', 'This question is answered already')
    const personId = at.actor.id
    const decided = decideRequest(f.facts, { type: 'answer', personId }, at.now, f.floorSeconds)
    if (!decided.ok) return decided
    const { row, question } = f
    return ok({
      result: {},
      requests: [
        {
          row,
          set: decided.value.next,
          entry: { verb: decided.value.verb, data: { questionId: question.id, note: input.text } },
        },
      ],
      answers: [{ id: question.id, set: { answer: input.text, answeredBy: personId, answeredAt: at.now } }],
      mails: [
        {
          occasion: `question-answered:${question.id}`,
          kind: 'question-answered',
          personId: question.personId,
          requestId: row.id,
          data: { questionId: question.id },
        },
      ],
    })
  },
}

/** Answers an approver's question; the request stays pending. */
export function answerQuestion(
  ctx: Ctx,
  input: z.infer<typeof answerInput>,
): Promise<Result<Record<string, never>>> {
  return apply(ctx, answer, input)
}
