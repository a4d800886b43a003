import { useSyncExternalStore } from 'react'

const never = () => () => undefined
const isMac = () => /mac|iphone|ipad/i.test(navigator.platform)

/** What the key of shortcuts is called here: "⌘" on a Mac, "Ctrl" elsewhere and before the browser is known. */
export function useModKey(): '⌘' | 'Ctrl' {
  return useSyncExternalStore(never, isMac, () => false) ? '⌘' : 'Ctrl'
}
