import { formatClock } from '@/lib/format'
import type { LeaseGeometry, LeaseTimes } from './lease-geometry'
import type { LeaseState } from './lease-state'
import { type Mark, ScaleMarks } from './scale-marks'

type ScaleProps = LeaseTimes & {
  state: LeaseState
  zone: string
  drawn: LeaseGeometry
  /** What a late end is called; "Due" unless the page has another due beside it. */
  lateWord?: string
}

type Moment = Omit<Mark, 'text'> & { readonly at: Date }

/** The words under a large bar: Given, Notice, End, each at its place. */
export function LeaseScale(props: ScaleProps) {
  const { start, end, now, zone } = props
  if (!start || !end) return null
  const dayOf = (at: Date) => formatClock(at, zone, now).slice(0, -5)
  const words = (at: Date, first: boolean) => {
    const text = formatClock(at, zone, now)
    // The day is said once, under the start; what follows on it is only the time.
    return !first && props.state !== 'cut' && dayOf(at) === dayOf(start) ? text.slice(-5) : text
  }
  const moments = momentsOf(props, start, end)
  return <ScaleMarks marks={moments.map((one, i) => ({ ...one, text: words(one.at, i === 0) }))} />
}

function momentsOf(
  { state, notice, endedAt, ghostEnd, drawn, lateWord = 'Due' }: ScaleProps,
  start: Date,
  end: Date,
): Moment[] {
  const future = state === 'scheduled' || state === 'provisioning'
  const began: Moment = {
    key: 'start',
    x: 0,
    title: future ? 'Starts' : 'Given',
    at: start,
    align: 'left',
  }
  if (state === 'cut' && endedAt) {
    const align = drawn.elapsed > 20 ? 'middle' : 'left'
    return [began, { key: 'ended', x: drawn.elapsed, title: 'Ended', at: endedAt, align }]
  }
  const told: Moment[] =
    notice && drawn.notice
      ? [{ key: 'notice', x: drawn.notice, title: 'Notice', at: notice, align: 'right' }]
      : []
  return [began, ...told, ...ends(end)]

  function ends(at: Date): Moment[] {
    if (drawn.ghost && ghostEnd)
      return [
        { key: 'end', x: drawn.end, title: 'End', at, align: 'right' },
        { key: 'ghost', x: 100, title: 'Asked for', at: ghostEnd, align: 'right', tone: 'c-wait' },
      ]
    if (!drawn.late)
      return [{ key: 'end', x: 100, title: state === 'ended' ? 'Ended' : 'End', at, align: 'right' }]
    const align = drawn.end > 60 ? 'right' : 'middle'
    return [{ key: 'end', x: drawn.end, title: lateWord, at, align, tone: 'c-bad' }]
  }
}
