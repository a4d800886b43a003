import { describe, expect, it } from 'vitest'
import { type Terms, termsHistory, termsSince } from './request-terms'
import type { TimelineEntryView } from './timeline-words'

const HOUR = 3_600
const at = (minute: number) => new Date(Date.UTC(2026, 10, 12, 13, minute))
let id = 0
const entry = (
  verb: TimelineEntryView['verb'],
  actorName: string,
  data: Record<string, unknown>,
): TimelineEntryView => ({
  id: String(++id),
  subjectType: 'request',
  verb,
  at: at(id),
  actorName,
  data,
})
const terms = (
  round: number,
  seconds: number | null,
  reason: string,
  startAt: Date | null = null,
): Terms => ({
  round,
  seconds,
  reason,
  startAt,
})
const text = ({ round, seconds, reason, startAt }: Terms) => JSON.stringify([round, seconds, reason, startAt])
const same = (a: Terms) => (b: Terms) => text(a) === text(b)

const start = at(50)
const story = [
  entry('asked', 'Ana', { seconds: 24 * HOUR, reason: 'INC-1' }),
  entry('question_asked', 'Ben', { note: 'Why?' }),
  entry('agreed', 'Ben', { step: 0, seconds: 12 * HOUR, shortened: true }),
  entry('edited', 'Ana', { round: 2, now: { seconds: 6 * HOUR, reason: 'INC-1', startAt: null } }),
  entry('agreed', 'Mira', { step: 0, seconds: 6 * HOUR }),
  entry('edited', 'Ana', {
    round: 3,
    now: { seconds: 6 * HOUR, reason: 'INC-2', startAt: start.toISOString() },
  }),
]
const now = terms(3, 6 * HOUR, 'INC-2', start)

describe('what a request asked for, one after the other', () => {
  it('keeps what was asked, what an edit made of it, and what a yes narrowed; nothing else', () => {
    expect(termsHistory(story).map((m) => m.terms)).toEqual([
      terms(1, 24 * HOUR, 'INC-1'),
      terms(1, 12 * HOUR, 'INC-1'),
      terms(2, 6 * HOUR, 'INC-1'),
      terms(3, 6 * HOUR, 'INC-2', start),
    ])
  })

  it.each<[string, Terms, number, object]>([
    [
      'from the first mail: all of it',
      terms(1, 24 * HOUR, 'INC-1'),
      1,
      {
        seconds: { was: 24 * HOUR, now: 6 * HOUR },
        startAt: { was: null, now: start },
        reason: { was: 'INC-1', now: 'INC-2' },
      },
    ],
    [
      'from a mail after a colleague narrowed it',
      terms(1, 12 * HOUR, 'INC-1'),
      1,
      { seconds: { was: 12 * HOUR, now: 6 * HOUR } },
    ],
    [
      'from the mail after the first edit: not what that one changed',
      terms(2, 6 * HOUR, 'INC-1'),
      2,
      { seconds: null, reason: { was: 'INC-1', now: 'INC-2' } },
    ],
  ])('%s', (_name, mailed, round, difference) => {
    expect(termsSince(termsHistory(story), { round, isMailed: same(mailed) }, now)).toMatchObject(difference)
  })

  it('names whoever changed it, the last one first', () => {
    const since = termsSince(
      termsHistory(story),
      { round: 1, isMailed: same(terms(1, 24 * HOUR, 'INC-1')) },
      now,
    )
    expect(since.by.map((b) => `${b.byName} ${b.verb}`)).toEqual(['Ana edited', 'Ana edited', 'Ben agreed'])
  })

  it('falls back on the last terms of the mail’s round where none are known again', () => {
    const since = termsSince(termsHistory(story), { round: 2, isMailed: () => false }, now)
    expect(since).toMatchObject({ seconds: null, reason: { was: 'INC-1' } })
  })
})
