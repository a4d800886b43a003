'use client'

import { useEffect, useMemo, useState } from 'react'
import { type Became, becameWords } from '@/lib/deciding-words'
import { MOST_BECAME } from '@/lib/forms/deciding'
import { type HeldRow, holdQueue, isOutOfOrder } from '@/lib/held-queue'
import type { ToDecide } from '@/lib/views'

export type BecameQuery = (input: { ids: string[] }) => Promise<Became[]>

/** A queue that stays still while it is looked at. */
export interface HeldQueue {
  readonly rows: readonly HeldRow<ToDecide>[]
  /** What became of a row that left: "Mira Lindqvist approved it"; null while it waits. */
  readonly goneWords: (id: string) => { words: string; at: Date | null } | null
  readonly unsorted: boolean
  /** Leaves out what is gone and sorts anew. */
  readonly clear: () => void
  /** The reader answers these now: they may leave the list without a word. */
  readonly answering: (ids: readonly string[]) => void
  /** Of those, these were refused. */
  readonly refused: (ids: readonly string[]) => void
}

/** Holds what was shown first against what every later look brings; asks what became of what left. */
export function useHeldQueue(items: readonly ToDecide[], became: BecameQuery): HeldQueue {
  const [held, setHeld] = useState(() => ({ from: items, rows: holdQueue<ToDecide>([], items, new Set()) }))
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set())
  const [known, setKnown] = useState<ReadonlyMap<string, Became>>(new Map())
  let { rows } = held
  if (held.from !== items) {
    rows = holdQueue(held.rows, items, answered)
    setHeld({ from: items, rows })
  }
  const unknown = useMemo(
    () =>
      rows
        .filter((row) => row.gone && !known.has(row.item.id))
        .map((row) => row.item.id)
        .join(' '),
    [rows, known],
  )
  useEffect(() => {
    if (unknown === '') return
    let stale = false
    became({ ids: unknown.split(' ').slice(0, MOST_BECAME) }).then(
      (found) => {
        if (!stale) setKnown((before) => new Map([...before, ...found.map((b) => [b.id, b] as const)]))
      },
      // Without an answer the row says that it waits no more, which is all that is sure.
      () => undefined,
    )
    return () => {
      stale = true
    }
  }, [unknown, became])
  return {
    rows,
    goneWords: (id) => {
      if (!rows.some((row) => row.gone && row.item.id === id)) return null
      const found = known.get(id)
      return {
        words: becameWords(found ?? { id, state: 'pending', at: null, byNames: [] }),
        at: found?.at ?? null,
      }
    },
    unsorted: isOutOfOrder(rows, items),
    clear: () => setHeld({ from: items, rows: holdQueue<ToDecide>([], items, new Set()) }),
    answering: (ids) => setAnswered((before) => new Set([...before, ...ids])),
    refused: (ids) => setAnswered((before) => new Set([...before].filter((id) => !ids.includes(id)))),
  }
}
