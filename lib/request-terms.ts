import { moment, number, text } from '@/lib/timeline-parts'
import type { TimelineEntryView } from '@/lib/timeline-words'

/** Exactly what a decision is about, as it stood at some moment. */
export interface Terms {
  readonly round: number
  readonly seconds: number | null
  readonly startAt: Date | null
  readonly reason: string
}

/** The terms after one entry of the timeline, and who made them so. */
export interface TermsMade {
  readonly terms: Terms
  readonly at: Date
  readonly byName: string | null
  readonly verb: 'asked' | 'edited' | 'agreed'
}

/** What a request asked for from the beginning, one after the other: as asked, edited, or narrowed by a yes. */
export function termsHistory(entries: readonly TimelineEntryView[]): TermsMade[] {
  const made: TermsMade[] = []
  for (const { verb, data, at, actorName: byName } of entries) {
    const before = made.at(-1)?.terms
    if (verb === 'asked') made.push({ terms: { round: 1, ...termsIn(data) }, at, byName, verb })
    else if (verb === 'edited' && before) {
      const now = (data.now ?? {}) as Record<string, unknown>
      made.push({
        terms: { round: number(data.round) ?? before.round + 1, ...termsIn(now) },
        at,
        byName,
        verb,
      })
    } else if (verb === 'agreed' && before && (data.shortened || data.startAt)) {
      const seconds = data.shortened ? (number(data.seconds) ?? before.seconds) : before.seconds
      made.push({
        terms: { ...before, seconds, startAt: moment(data.startAt) ?? before.startAt },
        at,
        byName,
        verb,
      })
    }
  }
  return made
}

function termsIn(data: Record<string, unknown>): Omit<Terms, 'round'> {
  return {
    seconds: number(data.seconds) ?? null,
    startAt: moment(data.startAt) ?? null,
    reason: text(data.reason) ?? '',
  }
}

/** What differs between what a mail said and what stands now, and whose doing it was, the newest first. */
export interface TermsChange {
  readonly seconds: { readonly was: number | null; readonly now: number | null } | null
  readonly startAt: { readonly was: Date | null; readonly now: Date | null } | null
  readonly reason: { readonly was: string; readonly now: string } | null
  readonly by: readonly Pick<TermsMade, 'at' | 'byName' | 'verb'>[]
}

/**
 * What changed since a mail. The terms that the mail was about are those that `isMailed` knows again; where it knows
 * none, the last ones of its round.
 */
export function termsSince(
  history: readonly TermsMade[],
  mail: { readonly round: number; readonly isMailed: (terms: Terms) => boolean },
  now: Terms,
): TermsChange {
  const known = history.findLastIndex((m) => mail.isMailed(m.terms))
  const ofRound = history.findLastIndex((m) => m.terms.round <= mail.round)
  const index = Math.max(0, known >= 0 ? known : ofRound)
  const was = history[index]?.terms ?? now
  const moved = was.startAt?.getTime() !== now.startAt?.getTime()
  return {
    seconds: was.seconds === now.seconds ? null : { was: was.seconds, now: now.seconds },
    startAt: moved ? { was: was.startAt, now: now.startAt } : null,
    reason: was.reason === now.reason ? null : { was: was.reason, now: now.reason },
    by: history
      .slice(index + 1)
      .map(({ at, byName, verb }) => ({ at, byName, verb }))
      .reverse(),
  }
}
