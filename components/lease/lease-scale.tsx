import clsx from 'clsx'
import type { CSSProperties } from 'react'
import { formatClock } from '@/lib/format'
import type { LeaseGeometry, LeaseTimes } from './lease-geometry'
import type { LeaseState } from './lease-state'

type ScaleProps = LeaseTimes & {
  state: LeaseState
  zone: string
  drawn: LeaseGeometry
  /** What a late end is called; "Due" unless the page has another due beside it. */
  lateWord?: string
}

type Mark = { key: string; x: number; title: string; at: Date; className?: string; tone?: string }

/** Closer than this, in per cent, two labels would run into each other; one that names its day is wider. */
const ROOM = 12
const ROOM_WITH_DAY = 26

/** The words under a large bar: Given, Notice, End, each at its place. */
export function LeaseScale({
  state,
  start,
  notice,
  end,
  now,
  endedAt,
  ghostEnd,
  zone,
  drawn,
  lateWord = 'Due',
}: ScaleProps) {
  if (!start || !end) return null
  const future = state === 'scheduled' || state === 'provisioning'
  // Cut right after the start, both words would stand on one spot: the end is the news.
  const early = state === 'cut' && drawn.elapsed < 2 * ROOM
  const marks: Mark[] = early ? [] : [{ key: 'start', x: 0, title: future ? 'Starts' : 'Given', at: start }]
  const room = drawn.end - (drawn.notice ?? 0)
  const dayOf = (at: Date) => formatClock(at, zone, now).slice(0, -5)
  const needed = notice && dayOf(notice) !== dayOf(end) ? ROOM_WITH_DAY : ROOM
  const before = notice && dayOf(notice) !== dayOf(start) ? 3 * ROOM : 2 * ROOM
  if (notice && drawn.notice && state !== 'cut' && room >= needed && drawn.notice > before)
    marks.push({ key: 'notice', x: drawn.notice, title: 'Notice', at: notice, className: 'n' })
  if (state === 'cut' && endedAt)
    marks.push({ key: 'ended', x: early ? 0 : drawn.elapsed, title: 'Ended', at: endedAt })
  else if (drawn.ghost && ghostEnd) {
    marks.push({
      key: 'end',
      x: drawn.end,
      title: 'End',
      at: end,
      className: 'end',
    })
    marks.push({ key: 'ghost', x: 100, title: 'Asked for', at: ghostEnd, className: 'end', tone: 'c-wait' })
  } else if (drawn.late) {
    marks.push({
      key: 'end',
      x: drawn.end,
      title: lateWord,
      at: end,
      className: drawn.end > 60 ? 'n' : undefined,
      tone: 'c-bad',
    })
  } else
    marks.push({ key: 'end', x: 100, title: state === 'ended' ? 'Ended' : 'End', at: end, className: 'end' })
  /** The day is said once; what follows on it is only the time. */
  function clock(at: Date, before: Date | undefined): string {
    const text = formatClock(at, zone, now)
    return before && dayOf(before) === dayOf(at) ? text.slice(-5) : text
  }
  return (
    <div className="lease-scale" aria-hidden="true">
      {marks.map((mark, index) => (
        <span key={mark.key} className={mark.className} style={{ '--x': mark.x } as CSSProperties}>
          <b className={clsx(mark.tone)}>{mark.title}</b>
          {clock(mark.at, marks[index - 1]?.at)}
        </span>
      ))}
    </div>
  )
}
