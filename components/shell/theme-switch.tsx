'use client'

import { SegmentedButtons } from '@/components/ui/tabs'
import type { Theme } from './theme'
import { useTheme } from './use-theme'

const OPTIONS = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
] as const

/** The theme as a control on a page, for a phone and for pages without a sidebar. */
export function ThemeSwitch({ theme: initial }: { theme: Theme }) {
  const [theme, setTheme] = useTheme(initial)
  return <SegmentedButtons label="Theme" value={theme} onValueChange={setTheme} options={OPTIONS} />
}
