'use client'

import clsx from 'clsx'
import { useNow } from '@/components/lease/lease-clock'
import { Icon, type IconName } from '@/components/ui/icon'
import { formatClock, formatRelative } from '@/lib/format'
import { type RequestClock, requestClocks } from '@/lib/request-clocks'
import type { RequestView } from '@/lib/views'

const icons: Record<RequestClock['mark'], { name: IconName; tone: string; said: string }> = {
  done: { name: 'check', tone: 'c-ok', said: 'kept' },
  run: { name: 'clock', tone: 'c-accent', said: 'running' },
  next: { name: 'circle-dashed', tone: 'ink3', said: 'to come' },
  late: { name: 'octagon-alert', tone: 'c-bad', said: 'late' },
  void: { name: 'minus', tone: 'ink3', said: 'none' },
}

type CellsProps = { request: RequestView; now: Date; zone: string }

/** Decide by, start by, ends at, side by side: ticked, running, or still to come. */
export function ClockCells({ request, now, zone }: CellsProps) {
  const current = useNow(now)
  const clocks = requestClocks(request, current)
  const cells = [
    ['Decide by', clocks.decide],
    ['Start by', clocks.start],
    ['Ends at', clocks.end],
  ] as const
  return cells.map(([title, clock]) => (
    <span className="req-c" key={title}>
      <em>{title}</em>
      <Clock clock={clock} now={current} zone={zone} />
    </span>
  ))
}

/** One clock: its mark, its words, its time. */
export function Clock({ clock, now, zone }: { clock: RequestClock; now: Date; zone: string }) {
  const { mark, lead, at, note, noteAt } = clock
  const icon = icons[mark]
  const absolute = at && formatClock(at, zone, now)
  const counting = mark === 'run' && !lead && at
  const words = lead ?? (counting ? formatRelative(at, now) : absolute)
  const second = lead || counting ? absolute : null
  const noted = note && noteAt ? `${note} ${formatClock(noteAt, zone, now)}` : note
  const small = second && noted ? `${noted} ${second}` : (second ?? noted)
  return (
    <span className={clsx('clk', `clk-${mark === 'late' ? 'run' : mark}`)}>
      <Icon name={icon.name} size={14} className={icon.tone} />
      <span>
        <span className="sr">{icon.said}: </span>
        <b className={mark === 'late' ? 'c-bad' : undefined}>
          {at ? <time dateTime={at.toISOString()}>{words}</time> : words}
        </b>
        {small ? <small>{small}</small> : null}
      </span>
    </span>
  )
}
