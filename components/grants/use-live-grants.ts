'use client'

import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { GrantListRow, LiveAnswer } from '@/lib/grant-views'
import { askLive } from './ask'

const EVERY_MS = 10_000
/** While something shown is being given or taken, one wants to see it happen. */
const SOON_MS = 2_500

/** A question over the list: about what is selected, or about one grant. */
export type ListDialog = 'revoke' | 'extend' | GrantListRow

/** What the table on the screen holds: it outlives the page, so that opening a grant moves nothing. */
interface Held {
  query: string
  order: string[]
  rows: Map<string, GrantListRow>
  /** When `rows` were last told of, by the domain's clock. */
  toldAt: Date
  since: Date
  selected: string[]
  /** What was opened over the list from the list itself. */
  dialog: ListDialog | null
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
    toldAt: now,
    since: now,
    selected: [],
    dialog: null,
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

/** The list's place, selection and dialog, which survive opening and closing a grant's details. */
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
export function useLiveGrants(
  page: { query: string; rows: readonly GrantListRow[]; now: Date },
  open: GrantListRow | null,
): LiveList {
  const list = hold(page.query, page.rows, page.now)
  const [answer, setAnswer] = useState<{ query: string; answer: LiveAnswer } | null>(null)
  const [stale, setStale] = useState(false)
  const asking = useRef(false)
  const fromPage = page.now >= list.toldAt
  const rows = list.order.flatMap((id) => {
    const onPage = fromPage ? (page.rows.find((row) => row.id === id) ?? opened(open, id)) : undefined
    return onPage ?? list.rows.get(id) ?? []
  })
  const every = rows.some(isMoving) ? SOON_MS : EVERY_MS
  const ask = useEffectEvent(async () => {
    if (document.visibilityState !== 'visible' || asking.current) return
    asking.current = true
    try {
      const live = await askLive(list.query, list.order, list.since)
      tell(list, live.rows, live.now)
      setAnswer({ query: list.query, answer: live })
      setStale(false)
    } catch {
      setStale(true)
    } finally {
      asking.current = false
    }
  })
  useEffect(
    () => tell(list, open ? [...page.rows, open] : page.rows, page.now),
    [list, page.rows, page.now, open],
  )
  useEffect(() => {
    const tick = () => void ask()
    const timer = setInterval(tick, every)
    window.addEventListener('focus', tick)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      window.removeEventListener('focus', tick)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [every])
  const live = answer?.query === page.query && answer.answer.now > page.now ? answer.answer : null
  return {
    rows,
    fresh: live?.fresh ?? 0,
    counts: live?.counts ?? null,
    now: live?.now ?? page.now,
    stale,
  }
}

/** Keeps what a newer answer says of rows that are held; an older one changes nothing. */
function tell(list: Held, rows: readonly GrantListRow[], at: Date): void {
  if (at < list.toldAt) return
  list.toldAt = at
  for (const row of rows) if (list.rows.has(row.id)) list.rows.set(row.id, row)
}

/** A grant that was opened may have left the page's filter since; its details still know it. */
const opened = (open: GrantListRow | null, id: string) => (open?.id === id ? open : undefined)

const isMoving = (row: GrantListRow) =>
  !row.byHand && (row.state === 'provisioning' || (row.state === 'revoking' && row.overdueSince === null))
