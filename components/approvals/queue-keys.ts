'use client'

import { useEffect, useEffectEvent } from 'react'

export type QueueActs = {
  move: (by: 1 | -1) => void
  select: () => void
  press: (verdict: 'approve' | 'deny') => void
  note: () => void
  open: () => void
  clear: () => void
}

/** J K move, X selects, A approves, D denies (asking for the note first), Enter opens, Escape clears. */
export function useQueueKeys(active: boolean, acts: QueueActs) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!active || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
    if (
      document.querySelector('[role="dialog"]:not(.toast), [role="alertdialog"]:not(.toast), [role="menu"]')
    )
      return
    const target = event.target instanceof HTMLElement ? event.target : null
    if (
      target?.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]')
    ) {
      if (event.key === 'Escape') target.blur()
      return
    }
    const act = actOf(event.key, target, acts)
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

function actOf(key: string, target: HTMLElement | null, acts: QueueActs): (() => void) | null {
  switch (key.toLowerCase()) {
    case 'j':
    case 'arrowdown':
      // Arrows inside a group of radios belong to the radios.
      return target?.matches('[type="radio"]') && key !== 'j' ? null : () => acts.move(1)
    case 'k':
    case 'arrowup':
      return target?.matches('[type="radio"]') && key !== 'k' ? null : () => acts.move(-1)
    case 'x':
      return acts.select
    case 'a':
      return () => acts.press('approve')
    case 'd':
      return () => {
        const note = document.getElementById('ap-note')
        if (note instanceof HTMLTextAreaElement && note.value.trim()) acts.press('deny')
        else acts.note()
      }
    case 'enter':
      // On a button or another link Enter means that one.
      return !target || target === document.body || target.id.startsWith('q-') ? acts.open : null
    case 'escape':
      return acts.clear
    default:
      return null
  }
}
