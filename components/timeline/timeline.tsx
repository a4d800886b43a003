import clsx from 'clsx'
import { type ReactNode, useId } from 'react'
import { Icon, type IconName } from '@/components/ui/icon'
import type { Tone } from '@/components/ui/labels'
import { formatClock, formatDay, formatPrecise } from '@/lib/format'

/** What a target was asked and what it answered, line by line. */
export type Evidence = { left: ReactNode; right?: ReactNode }

export type TimelineItem = {
  id: string
  at: Date
  icon: IconName
  tone?: Tone
  /** Who or what, in bold, before the text. */
  who?: string
  text: ReactNode
  /** A second line: a quote, what it means for the lease. */
  detail?: ReactNode
  /** Under the time: "0.6 s late", "2.2 s after giving". */
  lateness?: string
  /** The lateness is a proof of being on time. */
  latenessOk?: boolean
  evidence?: readonly Evidence[]
}

export type TimelineProps = {
  /** What happened, in any order. */
  entries: readonly TimelineItem[]
  /** What is still to come, in any order. */
  upcoming?: readonly TimelineItem[]
  now: Date
  zone: string
  /** Oldest first reads as a story; newest first answers "what now". */
  order?: 'newest' | 'oldest'
  empty?: ReactNode
}

/** Everything that happened to one thing, by day, with what is still to come at the far end. */
export function Timeline({ entries, upcoming = [], now, zone, order = 'newest', empty }: TimelineProps) {
  const newest = order === 'newest'
  const byTime = (a: TimelineItem, b: TimelineItem) => (a.at.getTime() - b.at.getTime()) * (newest ? -1 : 1)
  const days = byDay([...entries].sort(byTime), now, zone)
  const next = [...upcoming].sort(byTime)
  if (days.length === 0 && next.length === 0)
    return <p className="hint">{empty ?? 'Nothing has happened yet.'}</p>
  const toCome =
    next.length > 0 ? (
      <Day key="to-come" title="To come">
        {next.map((item) => (
          <Entry key={item.id} item={item} now={now} zone={zone} upcoming />
        ))}
      </Day>
    ) : null
  return (
    <div className="timeline">
      {newest ? toCome : null}
      {days.map((day) => (
        <Day key={day.title} title={day.title}>
          {day.items.map((item) => (
            <Entry key={item.id} item={item} now={now} zone={zone} />
          ))}
        </Day>
      ))}
      {newest ? null : toCome}
    </div>
  )
}

function byDay(items: readonly TimelineItem[], now: Date, zone: string) {
  const days: { title: string; items: TimelineItem[] }[] = []
  for (const item of items) {
    const title = formatDay(item.at, zone, now)
    const last = days[days.length - 1]
    if (last?.title === title) last.items.push(item)
    else days.push({ title, items: [item] })
  }
  return days
}

function Day({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section>
      <p className="tl-day" id={id}>
        {title}
      </p>
      <ol aria-labelledby={id}>{children}</ol>
    </section>
  )
}

function Entry({
  item,
  now,
  zone,
  upcoming,
}: {
  item: TimelineItem
  now: Date
  zone: string
  upcoming?: boolean
}) {
  const precise = formatPrecise(item.at, zone)
  // A plan is to the minute and says its day; what happened is to the tenth, under the heading of its day.
  const shown = upcoming ? capital(formatClock(item.at, zone, now).replace(/^today /, '')) : precise
  return (
    <li className={clsx('tl', upcoming && 'is-next')}>
      <span className={clsx('tl-dot', item.tone)}>
        <Icon name={item.icon} size={12} />
      </span>
      <div className="tl-what">
        {item.who ? <b>{item.who} </b> : null}
        {item.text}
        {item.detail ? <small>{item.detail}</small> : null}
      </div>
      <div className="tl-when">
        <time dateTime={item.at.toISOString()}>{shown}</time>
        {item.lateness ? (
          <small className={clsx('late', item.latenessOk && 'ok')}>{item.lateness}</small>
        ) : null}
      </div>
      {item.evidence && item.evidence.length > 0 ? (
        <code className="evidence">
          {item.evidence.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one answer, never reordered.
            <span className="ev-line" key={index}>
              <span>{line.left}</span>
              {line.right ? <span>{line.right}</span> : null}
            </span>
          ))}
        </code>
      ) : null}
    </li>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
