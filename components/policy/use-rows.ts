'use client'

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'

/** An item's place moved; the others close up. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list]
  const [item] = next.splice(from, 1)
  if (item !== undefined) next.splice(to, 0, item)
  return next
}

/**
 * Rows that can be put in another order, by dragging a grip or with the arrow keys on it. Gives each row a key that
 * moves with it, and each grip its handlers.
 */
export function useRows<T>(
  items: readonly T[],
  onChange: (items: T[]) => void,
  what: (index: number) => string,
) {
  const serial = useRef(items.length)
  const [keys, setKeys] = useState(() => items.map((_, i) => i))
  const [said, setSaid] = useState('')
  const list = useRef<HTMLElement | null>(null)
  const dragged = useRef<number | null>(null)
  const focus = useRef<number | null>(null)

  // Rows that came or went from outside, as when a draft is restored, start anew.
  if (keys.length !== items.length) setKeys(items.map(() => serial.current++))

  useEffect(() => {
    if (focus.current === null) return
    grips(list.current)[focus.current]?.focus()
    focus.current = null
  })

  function move(from: number, to: number) {
    if (to < 0 || to >= items.length || to === from) return
    setSaid(`${what(from)} moved to place ${to + 1} of ${items.length}`)
    setKeys(moved(keys, from, to))
    onChange(moved(items, from, to))
  }

  return {
    list: (node: HTMLElement | null) => {
      list.current = node
    },
    keyOf: (index: number) => keys[index] ?? index,
    /** For a live region. */
    said,
    remove(index: number) {
      setKeys(keys.filter((_, i) => i !== index))
      onChange(items.filter((_, i) => i !== index))
    },
    insert(index: number, item: T) {
      setKeys([...keys.slice(0, index), serial.current++, ...keys.slice(index)])
      onChange([...items.slice(0, index), item, ...items.slice(index)])
    },
    grip: (index: number) => ({
      'data-grip': true,
      onKeyDown(event: KeyboardEvent) {
        const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
        if (step === 0) return
        event.preventDefault()
        focus.current = Math.min(items.length - 1, Math.max(0, index + step))
        move(index, index + step)
      },
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0) return
        dragged.current = index
        event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove(event: PointerEvent) {
        const from = dragged.current
        if (from === null) return
        const to = placeUnder(rows(list.current), event.clientY, from)
        if (to === from) return
        dragged.current = to
        move(from, to)
      },
      onPointerUp() {
        dragged.current = null
      },
      onPointerCancel() {
        dragged.current = null
      },
    }),
  }
}

const grips = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>('[data-grip]') ?? [])]
const rows = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]

/** The row whose middle the pointer has passed; rows of different heights do not flicker. */
function placeUnder(found: readonly HTMLElement[], y: number, from: number): number {
  const middle = (row: HTMLElement | undefined) => {
    const box = row?.getBoundingClientRect()
    return box ? box.top + box.height / 2 : null
  }
  let to = from
  for (let i = from + 1; i < found.length && y > (middle(found[i]) ?? Infinity); i++) to = i
  for (let i = from - 1; i >= 0 && y < (middle(found[i]) ?? -Infinity); i--) to = i
  return to
}
