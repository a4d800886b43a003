'use client'

import dynamic from 'next/dynamic'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type { PaletteGroup } from './palette-search'

// Pages carry it only when it is asked for; a held ⌘ or Ctrl already fetches it, so that no key is lost.
const load = () => import('./command-palette').then((module) => module.CommandPalette)
const CommandPalette = dynamic(load, { ssr: false })

type Shell = {
  /** "Times in Europe/Berlin (CET)". */
  zoneText: string
  openPalette: () => void
}

const ShellContext = createContext<Shell | null>(null)

/** What every bar of the shell needs to know; only inside `AppShell`. */
export function useShell(): Shell {
  const shell = useContext(ShellContext)
  if (!shell) throw new Error('useShell outside AppShell')
  return shell
}

export type ShellProviderProps = {
  zoneText: string
  palette: readonly PaletteGroup[]
  /** More results for what is typed, from the server. */
  searchPalette?: (query: string) => Promise<PaletteGroup[]>
  children: ReactNode
}

/** Holds the command palette and its key, ⌘K or Ctrl K. */
export function ShellProvider({ zoneText, palette, searchPalette, children }: ShellProviderProps) {
  const [open, setOpen] = useState(false)
  // Once it was opened it stays, so that closing it is seen.
  const [used, setUsed] = useState(false)
  if (open && !used) setUsed(true)
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key === 'Meta' || event.key === 'Control') void load()
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.metaKey || event.ctrlKey) ||
        event.shiftKey ||
        event.altKey
      )
        return
      event.preventDefault()
      setOpen((was) => !was)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  const shell = useMemo(() => ({ zoneText, openPalette: () => setOpen(true) }), [zoneText])
  return (
    <ShellContext value={shell}>
      {children}
      {used ? (
        <CommandPalette open={open} onOpenChange={setOpen} groups={palette} search={searchPalette} />
      ) : null}
    </ShellContext>
  )
}
