'use client'

import { useState } from 'react'
import { THEME_COOKIE, type Theme } from './theme'

/** A year, in seconds. */
const KEEP = 31_536_000

/** The theme in force, and the way to change it: at once on the page, and in the cookie for the next one. */
export function useTheme(initial: Theme): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(initial)
  function change(next: Theme) {
    setTheme(next)
    if (next === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    const secure = location.protocol === 'https:' ? '; secure' : ''
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is still missing in some browsers.
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${KEEP}; samesite=lax${secure}`
  }
  return [theme, change]
}
