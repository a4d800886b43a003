import 'server-only'
import { plus } from '@/lib/domain/duration'
import { nextReminder, type PolicyDefinition } from '@/lib/domain/policy'
import { mayDecide, type Seats } from '@/lib/domain/request'
import type { MailChange, RequestRow, WorkChange } from './changes'

/** A request as far as its clocks and its mails need it. */
export type Opened = Pick<
  RequestRow,
  'id' | 'askId' | 'round' | 'steps' | 'step' | 'decideFrom' | 'decideBy'
> & { readonly seats: Seats }

/**
 * What a request owes when one of its steps opens: its clocks (lapse, the next reminder, escalation), and a mail to
 * everybody who may decide on it now. What was asked for in one go is told in one mail.
 */
export function stepOpens(
  request: Opened,
  definition: Pick<PolicyDefinition, 'reminders'>,
  now: Date,
): { work: WorkChange[]; mails: MailChange[] } {
  const { id, askId, round, step } = request
  const first = round === 1 && step === 0
  return {
    work: clocks(request, definition, now),
    mails: decisionMails(id, first ? `${askId}` : `${id}:${round}:${step}`, mayDecide(request.seats)),
  }
}

/** A mail to each of these people that a request waits for them; one for each occasion and person. */
export function decisionMails(
  requestId: string,
  occasion: string,
  personIds: readonly string[],
): MailChange[] {
  return personIds.map((personId) => ({
    occasion: `decision-needed:${occasion}`,
    kind: 'decision-needed',
    personId,
    requestId,
  }))
}

function clocks(
  { id, steps, step, decideFrom, decideBy }: Opened,
  { reminders }: Pick<PolicyDefinition, 'reminders'>,
  now: Date,
): WorkChange[] {
  const { escalateSeconds } = steps[step] ?? {}
  const escalateAt = escalateSeconds === undefined ? null : plus(now, escalateSeconds)
  return [
    requestWork(id, 'lapse', decideBy),
    requestWork(id, 'remind', nextReminder(reminders, { from: decideFrom, until: decideBy }, now)),
    requestWork(id, 'escalate', escalateAt && escalateAt < decideBy ? escalateAt : null),
  ]
}

/** One of a request's clocks: at that moment, or not at all. */
export function requestWork(
  subjectId: string,
  kind: 'lapse' | 'remind' | 'escalate',
  dueAt: Date | null,
): WorkChange {
  return { subjectType: 'request', subjectId, order: dueAt ? { kind, dueAt } : { kind, cancel: true } }
}

/** A request that is decided has no clocks any more. */
export function closedWork(requestId: string): WorkChange[] {
  return (['lapse', 'remind', 'escalate'] as const).map((kind) => requestWork(requestId, kind, null))
}

/** What became of a request is told to whoever asked and to whom it was for; mostly that is one person. */
export function requestMails(
  kind: string,
  row: Pick<RequestRow, 'id' | 'personId' | 'askerId'>,
  except?: string,
): MailChange[] {
  return [...new Set([row.personId, row.askerId])]
    .filter((personId) => personId !== except)
    .map((personId) => ({ occasion: `${kind}:${row.id}`, kind, personId, requestId: row.id }))
}
