import { plus } from '@/lib/domain/duration'
import { formatDuration, formatDurationShort } from '@/lib/format'
import type { LeaseView, RequestView } from '@/lib/views'

/**
 * One of a request's three clocks. `run` is the one that runs now, `done` has been kept, `next` is still to
 * come, `late` should have been over, `void` will not come any more.
 */
export interface RequestClock {
  readonly mark: 'done' | 'run' | 'next' | 'late' | 'void'
  /** Words in place of the time. */
  readonly lead: string | null
  readonly at: Date | null
  /** The second line, before `noteAt` when there is one. */
  readonly note: string | null
  readonly noteAt?: Date | null
}

export interface RequestClocks {
  readonly decide: RequestClock
  readonly start: RequestClock
  readonly end: RequestClock
}

const none: RequestClock = { mark: 'void', lead: '–', at: null, note: null }

/** The three clocks of a request, never mixed: decide-by, start-by, ends-at. */
export function requestClocks(request: RequestView, now: Date): RequestClocks {
  const { state, grant } = request
  if (state === 'pending') return pendingClocks(request)
  if (state !== 'approved')
    return {
      decide: { mark: 'void', lead: state, at: request.decidedAt, note: null },
      start: none,
      end: none,
    }
  const decide: RequestClock = {
    mark: 'done',
    lead: request.approval === 'emergency' ? 'at once' : 'agreed',
    at: request.decidedAt,
    note: null,
  }
  if (!grant) return { decide, start: none, end: none }
  const start: RequestClock =
    request.kind === 'extension'
      ? { mark: 'done', lead: 'at once', at: null, note: 'no gap' }
      : startClock(grant, now)
  return { decide, start, end: endClock(grant, now) }
}

function pendingClocks(request: RequestView): RequestClocks {
  const { kind, seconds, startAt, grant } = request
  const decide: RequestClock = { mark: 'run', lead: null, at: request.decideBy, note: null }
  if (kind === 'extension') {
    const endsAt = grant?.times.endsAt ?? null
    return {
      decide,
      start: { mark: 'next', lead: 'at once', at: null, note: 'no gap' },
      end: {
        mark: 'next',
        lead: null,
        at: endsAt && seconds !== null ? plus(endsAt, seconds) : null,
        note: 'instead of',
        noteAt: endsAt,
      },
    }
  }
  const within = formatDurationShort(request.startWithinSeconds)
  return {
    decide,
    start: startAt
      ? { mark: 'next', lead: null, at: startAt, note: `or up to ${within} later` }
      : { mark: 'next', lead: 'once agreed', at: null, note: `within ${within}` },
    end: {
      mark: 'next',
      lead: seconds === null ? 'no end' : `${formatDuration(seconds)} later`,
      at: null,
      note: seconds === null ? 'permanent' : 'counted from the start',
    },
  }
}

function startClock(grant: LeaseView, now: Date): RequestClock {
  const { state, startsAt } = grant.times
  if (state === 'failed') return { mark: 'void', lead: 'not given', at: grant.times.endedAt, note: null }
  if (state === 'scheduled' && startsAt && startsAt > now)
    return { mark: 'run', lead: null, at: startsAt, note: null }
  if (state === 'scheduled' || state === 'provisioning')
    return { mark: 'run', lead: null, at: grant.startBy, note: null }
  if (!startsAt) return none
  const lead = grant.preexisting ? 'held before' : grant.application.byHand ? 'given' : 'seen there'
  return { mark: 'done', lead, at: startsAt, note: null }
}

function endClock(grant: LeaseView, now: Date): RequestClock {
  const { state, startsAt, endsAt, overdueAt, endedAt } = grant.times
  if (state === 'failed') return none
  if (state === 'ended')
    return {
      mark: startsAt ? 'done' : 'void',
      lead: grant.preexisting ? 'over, it stays' : startsAt ? 'gone' : 'withdrawn',
      at: endedAt,
      note: null,
    }
  if (state === 'revoking' || (endsAt && endsAt <= now)) {
    const late = overdueAt !== null && overdueAt <= now
    return { mark: late ? 'late' : 'run', lead: late ? 'not gone yet' : 'ending', at: endsAt, note: 'since' }
  }
  if (grant.mode === 'permanent') return { mark: 'done', lead: 'no end', at: null, note: 'permanent' }
  if (state === 'active') return { mark: 'run', lead: null, at: endsAt, note: null }
  const length = grant.durationSeconds
  if (length === null) return { mark: 'next', lead: 'no end', at: null, note: 'permanent' }
  if (state === 'scheduled')
    return { mark: 'next', lead: null, at: endsAt, note: `${formatDurationShort(length)} after it starts` }
  return { mark: 'next', lead: `${formatDuration(length)} later`, at: null, note: 'counted from the start' }
}
