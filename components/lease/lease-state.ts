import { formatClock, formatDay, formatDuration, formatRelative, isLongAgo } from '@/lib/format'

/** How a lease is drawn. The words beside it come from `leaseWords`. */
export type LeaseState =
  | 'active'
  | 'soon'
  | 'over'
  | 'ended'
  | 'cut'
  | 'scheduled'
  | 'provisioning'
  | 'permanent'
  | 'void'

/** What a grant says about its own time, as plain facts. Instants are absolute, `null` where there is none. */
export type LeaseFacts = {
  state: 'scheduled' | 'provisioning' | 'active' | 'revoking' | 'ended' | 'failed'
  /** When the access was first held, or is to be. */
  startsAt?: Date | null
  noticeAt?: Date | null
  /** When the right ends; `null` for permanent access. */
  endsAt?: Date | null
  /** From when "not gone yet" is late enough to alarm. Without it, lateness is never shown as overdue. */
  overdueAt?: Date | null
  /** When it was seen gone, or was attested. */
  endedAt?: Date | null
}

/** The drawing for a grant at a moment. Pure; the right is over when `now >= endsAt`, whatever was seen. */
export function leaseStateOf(grant: LeaseFacts, now: Date): LeaseState {
  switch (grant.state) {
    case 'failed':
      return 'void'
    case 'scheduled':
      return 'scheduled'
    case 'provisioning':
      return 'provisioning'
    case 'ended':
      return endedState(grant)
    case 'revoking':
      return reached(grant.overdueAt, now) ? 'over' : 'soon'
    case 'active':
      if (!grant.endsAt) return 'permanent'
      if (reached(grant.overdueAt, now)) return 'over'
      return reached(grant.endsAt, now) || reached(grant.noticeAt, now) ? 'soon' : 'active'
  }
}

function endedState(grant: LeaseFacts): LeaseState {
  if (!grant.startsAt) return 'void'
  const early = grant.endedAt && grant.endsAt && grant.endedAt.getTime() < grant.endsAt.getTime()
  return early ? 'cut' : 'ended'
}

const reached = (at: Date | null | undefined, now: Date) => Boolean(at && at.getTime() <= now.getTime())

export type LeaseWords = {
  /** Relative: "ends in 3 h 12 min". */
  lead: string
  /** Absolute: "today 17:40". May be empty. */
  rest: string
  tone: 'plain' | 'warn' | 'bad' | 'quiet'
}

/** Relative first, absolute second; the same words for the eye and for a reader. */
export function leaseWords(state: LeaseState, facts: LeaseFacts, now: Date, zone: string): LeaseWords {
  const { startsAt, endsAt, endedAt } = facts
  const clock = (at: Date) => formatClock(at, zone, now)
  switch (state) {
    case 'void':
      return { lead: 'never given', rest: '', tone: 'quiet' }
    case 'permanent':
      return { lead: 'no end', rest: 'permanent', tone: 'plain' }
    case 'provisioning':
      return { lead: length(facts), rest: 'once it is seen there', tone: 'plain' }
    case 'scheduled':
      if (!startsAt) return { lead: 'scheduled', rest: '', tone: 'plain' }
      return { lead: `starts ${formatRelative(startsAt, now)}`, rest: clock(startsAt), tone: 'plain' }
    case 'ended':
    case 'cut': {
      const at = endedAt ?? endsAt
      if (!at) return { lead: 'ended', rest: '', tone: 'quiet' }
      if (isLongAgo(at, now)) return { lead: `ended ${formatDay(at, zone, now)}`, rest: '', tone: 'quiet' }
      return { lead: `ended ${formatRelative(at, now)}`, rest: clock(at), tone: 'quiet' }
    }
    case 'over':
      if (!endsAt) return { lead: 'not gone yet', rest: '', tone: 'bad' }
      return { lead: `${late(endsAt, now)} late`, rest: `due ${clock(endsAt)}`, tone: 'bad' }
    default:
      return running(state, endsAt, now, clock)
  }
}

function running(
  state: 'active' | 'soon',
  endsAt: Date | null | undefined,
  now: Date,
  clock: (at: Date) => string,
): LeaseWords {
  if (!endsAt) return { lead: 'ending', rest: 'being removed', tone: 'warn' }
  const tone = state === 'soon' ? 'warn' : 'plain'
  if (reached(endsAt, now))
    return { lead: `due ${formatRelative(endsAt, now)}`, rest: clock(endsAt), tone: 'warn' }
  return { lead: `ends ${formatRelative(endsAt, now)}`, rest: clock(endsAt), tone }
}

/** The length while no clock runs yet. */
function length({ startsAt, endsAt }: LeaseFacts): string {
  if (!startsAt || !endsAt) return 'being given'
  return `for ${formatDuration((endsAt.getTime() - startsAt.getTime()) / 1000)}`
}

const late = (due: Date, now: Date) => formatRelative(due, now).replace(/ ago$/, '')
