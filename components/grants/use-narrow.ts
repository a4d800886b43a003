'use client'

import { useSyncExternalStore } from 'react'

// Below this the usual columns run past the edge, and the expiry date would be what one does not see.
const NARROW = '(max-width: 1240px)'

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(NARROW)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** Whether the window is too narrow for all usual columns. The server takes it for wide. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(NARROW).matches,
    () => false,
  )
}
