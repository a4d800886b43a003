import clsx from 'clsx'
import type { CSSProperties } from 'react'
import { formatClock, formatRelative } from '@/lib/format'
import { type LeaseTimes, leaseGeometry } from './lease-geometry'
import { LeaseScale } from './lease-scale'
import type { LeaseState } from './lease-state'

export type LeaseBarProps = LeaseTimes & {
  state: LeaseState
  size?: 'row' | 'card' | 'large'
  /** The reader's zone: gives the spoken text its times and `labels` theirs. */
  zone?: string
  /** Writes Given, Notice and End under the bar. Needs `zone`. */
  labels?: boolean
  /** What `labels` call an end that has passed. */
  lateWord?: string
  /** Replaces the spoken text. */
  label?: string
  className?: string
}

/** The lease bar: one lease on one line, true to scale. Words always stand beside it. */
export function LeaseBar(props: LeaseBarProps) {
  const { state, size = 'row', zone, labels, className } = props
  const drawn = leaseGeometry(state, props)
  const position = {
    '--p': drawn.elapsed,
    '--e': drawn.end,
    '--n': drawn.notice ?? 0,
    '--w': drawn.was ?? 0,
  } as CSSProperties
  const ticks = state !== 'permanent' && state !== 'void' && Boolean(props.end)
  return (
    <>
      <span
        className={clsx(
          'lease',
          `is-${state}`,
          size === 'large' && 'lease-lg',
          size === 'row' && 'lease-row',
          className,
        )}
        style={position}
        role="img"
        aria-label={props.label ?? spoken(props)}
      >
        {drawn.elapsed > 0 ? <i className="lease-fill" /> : null}
        {drawn.ghost ? <i className="lease-ghost" /> : null}
        {drawn.late ? <i className="lease-late" /> : null}
        {drawn.was ? <i className="lease-was" /> : null}
        {ticks && drawn.notice ? <i className="lease-tick" /> : null}
        {ticks ? <i className="lease-end" /> : null}
        {size === 'large' && (state === 'active' || state === 'soon') ? <i className="lease-now" /> : null}
      </span>
      {labels && zone ? <LeaseScale {...props} zone={zone} drawn={drawn} /> : null}
    </>
  )
}

/** What the bar shows, in words: "47 % used, notice today 16:40, ends today 17:40". */
function spoken({ state, start, notice, end, now, endedAt, ghostEnd, wasEnd, zone }: LeaseBarProps): string {
  const at = (moment: Date) => (zone ? formatClock(moment, zone, now) : formatRelative(moment, now))
  if (state === 'void') return 'Never given'
  if (state === 'permanent') return 'Permanent, no end'
  if (!end) return state === 'scheduled' ? 'Scheduled' : 'Being given'
  const parts: string[] = []
  if (state === 'provisioning') parts.push('Being given')
  else if (state === 'scheduled') parts.push(start ? `Starts ${at(start)}` : 'Scheduled')
  else if (state === 'cut' && endedAt) parts.push(`Ended ${at(endedAt)}, before its end`)
  else if (state === 'ended') return `Ended ${at(end)}`
  else if (state === 'over') return `Due ${at(end)}, ${formatRelative(end, now)}, not gone yet`
  else if (start) parts.push(`${used(start, end, now)} % used`)
  if (notice && state !== 'cut') parts.push(`notice ${at(notice)}`)
  parts.push(`${state === 'cut' ? 'would have ended' : 'ends'} ${at(end)}`)
  if (wasEnd) parts.push(`extended from ${at(wasEnd)}`)
  if (ghostEnd) parts.push(`asked for until ${at(ghostEnd)}`)
  return parts.join(', ')
}

function used(start: Date, end: Date, now: Date): number {
  const share = (now.getTime() - start.getTime()) / (end.getTime() - start.getTime())
  return Math.round(Math.min(1, Math.max(0, share)) * 100)
}
