import type { TimelineVerb } from './domain/timeline'
import {
  clock,
  number,
  quoted,
  sentences,
  type TimelineEntryView,
  type TimelinePlace,
  type TimelineWords,
  text,
} from './timeline-parts'

type Words = Omit<TimelineWords, 'who'> & { who?: string | null }
type ReviewVerb = Extract<TimelineVerb, `review_${string}`>

const lines = (n: unknown): string => `${number(n) ?? 0} ${number(n) === 1 ? 'line' : 'lines'}`

const access = ({ data }: TimelineEntryView): string =>
  `${text(data.entitlement) ?? 'an entitlement'} of ${text(data.who) ?? 'somebody'}`

/** What was decided and missed, in numbers. */
function counts({ data }: TimelineEntryView): string {
  return sentences(
    `Kept ${number(data.kept) ?? 0}, removed ${number(data.removed) ?? 0}, missed ${number(data.missed) ?? 0}.`,
    number(data.over) ? `${lines(data.over)} ended meanwhile.` : undefined,
    number(data.revoking)
      ? `${number(data.revoking) === 1 ? '1 missed lease is' : `${number(data.revoking)} missed leases are`} revoked.`
      : undefined,
  )!
}

/** What is told of access reviews. */
export const reviewTellers: Record<ReviewVerb, (entry: TimelineEntryView, place: TimelinePlace) => Words> = {
  review_started: ({ data }, place) => ({
    icon: 'file-text',
    tone: 'info',
    text: `started the access review ${quoted(data.name) ?? ''} of ${text(data.application) ?? 'an application'}`,
    detail: sentences(
      `${lines(data.lines)}, due ${clock(data.dueAt, place) ?? 'by its date'}.`,
      number(data.gaps) ? `Not listed: ${data.gaps}.` : undefined,
    ),
  }),
  review_kept: (entry) => ({
    icon: 'check',
    tone: 'ok',
    text: `kept ${access(entry)}`,
    detail: sentences(
      quoted(entry.data.note),
      entry.data.late === true && 'After the reviewers had missed it.',
    ),
  }),
  review_removing: (entry) => ({
    icon: 'undo',
    tone: 'warn',
    text: `removes ${access(entry)}`,
    detail: sentences(
      quoted(entry.data.note),
      entry.data.was === 'keep' && 'It was to be kept before.',
      entry.data.late === true && 'After the reviewers had missed it.',
    ),
  }),
  review_escalated: (entry, place) => ({
    icon: 'arrow-up-right',
    tone: 'warn',
    who: null,
    text: 'The date passed: the owners, or the admins, decide on what was missed',
    detail: sentences(
      counts(entry),
      clock(entry.data.until, place) && `Until ${clock(entry.data.until, place)}.`,
    ),
  }),
  review_closed: (entry) => ({
    icon: 'timer-off',
    tone: number(entry.data.missed) ? 'warn' : 'ok',
    who: null,
    text: 'The access review closed',
    detail: counts(entry),
  }),
  review_called_off: ({ data }) => ({
    icon: 'ban',
    tone: 'off',
    text: 'called the access review off',
    detail: sentences(quoted(data.note), 'What was removed stays so.'),
  }),
}
