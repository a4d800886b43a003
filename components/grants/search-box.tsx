'use client'

import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import { Icon } from '@/components/ui/icon'

/** Free search: goes out a moment after the last letter, at once on Enter. `/` brings the focus here. */
export function SearchBox(props: {
  value: string
  onSearch: (q: string) => void
  field: RefObject<HTMLInputElement | null>
}) {
  const { value, field } = props
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    // The address changed without us: a chip was taken away, a view was opened, one went back.
    setKnown(value)
    if (value !== typed.trim()) setTyped(value)
  }
  const send = useEffectEvent((q: string) => {
    if (q.trim() !== value) props.onSearch(q.trim())
  })
  useEffect(() => {
    const timer = setTimeout(() => send(typed), 300)
    return () => clearTimeout(timer)
  }, [typed])
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const target = event.target as HTMLElement
      if (event.key !== '/' || event.metaKey || event.ctrlKey || target.closest('input, textarea, select'))
        return
      event.preventDefault()
      field.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [field])
  return (
    <label className="input">
      <Icon name="search" size={14} />
      <input
        ref={field}
        type="search"
        placeholder="Person, entitlement, reason…"
        aria-label="Search grants"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(typed)
        }}
      />
    </label>
  )
}
