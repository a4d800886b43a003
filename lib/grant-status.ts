import type { EndReason, GrantState } from '@/lib/domain/grant'

/** What a screen says of a grant; finer than its state, because a state knows no present moment. */
export const grantStatuses = [
  'overdue',
  'ending',
  'ending_soon',
  'extension_asked',
  'active',
  'provisioning',
  'scheduled',
  'ended',
  'failed',
] as const
export type GrantStatus = (typeof grantStatuses)[number]

/** The facts a status is read from. Moments are the domain's. */
export interface StatusFacts {
  readonly state: GrantState
  readonly endsAt: Date | null
  /** How long before the end the notice goes out, in seconds. */
  readonly noticeSeconds: number | null
  readonly rightOverAt: Date | null
  /** Held before our first give: stays at the end, so it is never overdue. */
  readonly preexisting: boolean
  readonly overdueSince: Date | null
  /** How long after the right was over it may still be seen, in seconds; later is overdue. */
  readonly overdueAfterSeconds: number
  readonly extensionAsked: boolean
}

/** The status at a moment. "Ended" only once it was seen gone; until then it is ending, or overdue. */
export function grantStatus(grant: StatusFacts, now: Date): GrantStatus {
  switch (grant.state) {
    case 'ended':
    case 'failed':
    case 'scheduled':
      return grant.state
    case 'provisioning':
      return isOverdue(grant, now) ? 'overdue' : 'provisioning'
    case 'revoking':
      return isOverdue(grant, now) ? 'overdue' : 'ending'
    case 'active':
      return activeStatus(grant, now)
  }
}

function activeStatus(grant: StatusFacts, now: Date): GrantStatus {
  if (isOverdue(grant, now)) return 'overdue'
  if (grant.endsAt && grant.endsAt <= now) return 'ending'
  if (grant.extensionAsked) return 'extension_asked'
  const noticeAt = noticeAtOf(grant)
  return noticeAt && noticeAt <= now ? 'ending_soon' : 'active'
}

/** When an access that is not gone by then is overdue; null where nothing will be taken away. */
export function overdueAtOf(grant: Omit<StatusFacts, 'extensionAsked'>): Date | null {
  if (grant.preexisting && grant.state !== 'revoking') return null
  const over = grant.state === 'revoking' ? grant.rightOverAt : grant.endsAt
  return over && new Date(over.getTime() + grant.overdueAfterSeconds * 1000)
}

function isOverdue(grant: StatusFacts, now: Date): boolean {
  if (grant.state === 'revoking' && grant.overdueSince) return true
  const at = overdueAtOf(grant)
  return at !== null && at <= now
}

/** When the notice for the present end is due; null for an access without an end. */
export function noticeAtOf(grant: Pick<StatusFacts, 'endsAt' | 'noticeSeconds'>): Date | null {
  if (!grant.endsAt || grant.noticeSeconds === null) return null
  return new Date(grant.endsAt.getTime() - grant.noticeSeconds * 1000)
}

/** How a status is shown; the icon goes by the design system's name. */
interface StatusLook {
  readonly label: string
  readonly icon:
    | 'ban'
    | 'bell-ring'
    | 'calendar-clock'
    | 'circle-check'
    | 'circle-dashed'
    | 'circle-x'
    | 'hourglass'
    | 'loader'
    | 'octagon-alert'
  readonly tone: 'ok' | 'warn' | 'bad' | 'wait' | 'info' | 'off'
  /** Outlined, for what is not (yet, or ever) held. */
  readonly line?: boolean
}

/** Word, icon and tone of each status. */
export const statusLooks: Record<GrantStatus, StatusLook> = {
  overdue: { label: 'Overdue', icon: 'octagon-alert', tone: 'bad' },
  ending: { label: 'Ending', icon: 'loader', tone: 'warn' },
  ending_soon: { label: 'Ending soon', icon: 'bell-ring', tone: 'warn' },
  extension_asked: { label: 'Extension asked', icon: 'hourglass', tone: 'wait' },
  active: { label: 'Active', icon: 'circle-check', tone: 'ok' },
  provisioning: { label: 'Provisioning', icon: 'circle-dashed', tone: 'info' },
  scheduled: { label: 'Scheduled', icon: 'calendar-clock', tone: 'off', line: true },
  ended: { label: 'Ended', icon: 'circle-check', tone: 'off' },
  failed: { label: 'Failed', icon: 'circle-x', tone: 'off', line: true },
}

/** An end before its time is drawn with another icon than an end by itself. */
export function endedIcon(reason: EndReason | null): StatusLook['icon'] {
  return reason === 'expired' || reason === null ? 'circle-check' : 'ban'
}
