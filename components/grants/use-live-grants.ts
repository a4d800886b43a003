'use client'

import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { GrantListRow, LiveAnswer } from '@/lib/grant-views'
import { askLive } from './ask'

const EVERY_MS = 10_000

/** What the table on the screen holds: it outlives the page, so that opening a grant moves nothing. */
interface Held {
  query: string
  order: string[]
  rows: Map<string, GrantListRow>
  since: Date
  selected: string[]
  scrollTop: number
  /** The grant whose details were just closed: the focus goes back to its row. */
  closed: string | null
  /** A page read after this moment is shown as it comes. */
  releasedAt: Date | null
}

// The browser's only; on the server one variable would be everybody's.
let held: Held | null = null

function hold(query: string, rows: readonly GrantListRow[], now: Date): Held {
  const released = held?.releasedAt && now > held.releasedAt
  if (typeof window !== 'undefined' && held?.query === query && !released) return held
  const fresh: Held = {
    query,
    order: rows.map((row) => row.id),
    rows: new Map(rows.map((row) => [row.id, row])),
    since: now,
    selected: [],
    scrollTop: 0,
    closed: null,
    releasedAt: null,
  }
  if (typeof window !== 'undefined') held = fresh
  return fresh
}

/** Lets go of the held order: the next page the server sends, read after `now`, is shown as it comes. */
export function releaseList(now: Date): void {
  if (held) held.releasedAt = now
}

/** The list's place and selection, which survive opening and closing a grant's details. */
export function listPlace(): Held | null {
  return held
}

export interface LiveList {
  readonly rows: readonly GrantListRow[]
  /** How many grants that match were made since the list was read. */
  readonly fresh: number
  readonly counts: LiveAnswer['counts'] | null
  readonly now: Date
  /** The server did not answer the last time. */
  readonly stale: boolean
}

/**
 * Keeps shown rows true without moving one: their order is the one first read, until the person changes what is
 * shown. Asks every ten seconds while the page is visible, and when it gets the focus again.
 */
export function useLiveGrants(page: { query: string; rows: readonly GrantListRow[]; now: Date }): LiveList {
  const list = hold(page.query, page.rows, page.now)
  const [answer, setAnswer] = useState<{ query: string; answer: LiveAnswer } | null>(null)
  const [stale, setStale] = useState(false)
  const asking = useRef(false)
  const ask = useEffectEvent(async () => {
    if (document.visibilityState !== 'visible' || asking.current) return
    asking.current = true
    try {
      const { query, order, since } = list
      setAnswer({ query, answer: await askLive(query, order, since) })
      setStale(false)
    } catch {
      setStale(true)
    } finally {
      asking.current = false
    }
  })
  useEffect(() => {
    const tick = () => void ask()
    const timer = setInterval(tick, EVERY_MS)
    window.addEventListener('focus', tick)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      window.removeEventListener('focus', tick)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [])
  const live = answer?.query === page.query && answer.answer.now > page.now ? answer.answer : null
  const newest = new Map(list.rows)
  for (const row of page.rows) if (newest.has(row.id)) newest.set(row.id, row)
  for (const row of live?.rows ?? []) newest.set(row.id, row)
  return {
    rows: list.order.flatMap((id) => newest.get(id) ?? []),
    fresh: live?.fresh ?? 0,
    counts: live?.counts ?? null,
    now: live?.now ?? page.now,
    stale,
  }
}
