'use client'

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { formatClock, formatDay, formatRelative, isLongAgo } from '@/lib/format'
import { LeaseBar, type LeaseBarProps } from './lease-bar'
import { type LeaseFacts, type LeaseWords, leaseStateOf, leaseWords } from './lease-state'

const ClockContext = createContext<Date | null>(null)

export type LeaseClockProps = {
  /** The server's now when it rendered. The first paint shows exactly this. */
  now: Date
  /** Milliseconds between two ticks. */
  every?: number
  children: ReactNode
}

/**
 * Lets time pass for everything inside it: the server's now plus what has elapsed since, measured by a
 * clock that nobody can set. The person's own clock is never read.
 */
export function LeaseClock({ now, every = 1_000, children }: LeaseClockProps) {
  const start = now.getTime()
  const [ticked, setTicked] = useState({ start, at: start })
  useEffect(() => {
    const base = performance.now()
    const tick = () => setTicked({ start, at: start + performance.now() - base })
    const timer = setInterval(tick, every)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [every, start])
  // A refresh brings a new `now`; what was ticked from the old one no longer counts.
  const current = ticked.start === start ? ticked.at : start
  const value = useMemo(() => new Date(current), [current])
  return <ClockContext value={value}>{children}</ClockContext>
}

/** The ticking now; outside a `LeaseClock` the given one stands still. */
export function useNow(fallback: Date): Date {
  return useContext(ClockContext) ?? fallback
}

export type LiveLeaseBarProps = Omit<LeaseBarProps, 'state' | 'start' | 'notice' | 'end' | 'endedAt'> & {
  facts: LeaseFacts
}

/** The bar of a grant, moving with the clock around it. */
export function LiveLeaseBar({ facts, now, ...props }: LiveLeaseBarProps) {
  const current = useNow(now)
  return (
    <LeaseBar
      {...props}
      now={current}
      state={leaseStateOf(facts, current)}
      start={facts.startsAt ?? undefined}
      notice={facts.noticeAt ?? undefined}
      end={facts.endsAt ?? undefined}
      endedAt={facts.endedAt ?? undefined}
    />
  )
}

export type LeaseTextProps = {
  facts: LeaseFacts
  now: Date
  zone: string
  className?: string
  /** `sentence` begins with a capital; `column` leaves out "ends", which the column's head says. */
  style?: 'line' | 'sentence' | 'column'
}

/** The words beside a bar: relative in bold, absolute after it. */
export function LeaseText({ facts, now, zone, className, style = 'line' }: LeaseTextProps) {
  const current = useNow(now)
  const words = leaseWords(leaseStateOf(facts, current), facts, current, zone)
  const column = style === 'column'
  const lead =
    style === 'sentence' ? capital(words.lead) : column ? words.lead.replace(/^ends /, '') : words.lead
  // "starts in 3 d 18 h" leaves no room for the name of the day.
  const rest = column && lead.startsWith('starts') ? words.rest.replace(/^[A-Z][a-z]{2} /, '') : words.rest
  return (
    <span className={className ?? 'lease-text'}>
      <b className={toneClass(words)}>{lead}</b>
      {rest ? (
        <>
          {' '}
          <span>
            {column ? null : <i className="dot">· </i>}
            {rest}
          </span>
        </>
      ) : null}
    </span>
  )
}

const toneClass = ({ tone }: LeaseWords) =>
  tone === 'bad' ? 'c-bad' : tone === 'warn' ? 'c-warn' : undefined

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export type TimeTextProps = {
  at: Date
  now: Date
  zone: string
  /** Before the relative words: "lapses", "due". */
  lead?: string
  show?: 'both' | 'relative' | 'absolute'
  className?: string
}

/** A moment in a `<time>`: "lapses in 48 min · today 15:16". */
export function TimeText({ at, now, zone, lead, show = 'both', className }: TimeTextProps) {
  const current = useNow(now)
  const relative = formatRelative(at, current)
  const absolute = formatClock(at, zone, current)
  const old = show !== 'absolute' && isLongAgo(at, current)
  const text = old
    ? formatDay(at, zone, current)
    : show === 'relative'
      ? relative
      : show === 'absolute'
        ? absolute
        : `${relative} · ${absolute}`
  return (
    <time
      className={className}
      dateTime={at.toISOString()}
      title={old || show === 'relative' ? absolute : undefined}
    >
      {lead ? `${lead} ${text}` : text}
    </time>
  )
}
