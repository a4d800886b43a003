'use client'

import { useEffect } from 'react'

/**
 * Takes a mail link's token out of the address bar, where it could be read or copied. Past the router, which
 * must keep the real address: the form posts to it. Again after every answer, since the router puts it back.
 */
export function HideToken({ path, at }: { path: string; at: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `at` is another number with every rendering of the page.
  useEffect(() => {
    History.prototype.replaceState.call(window.history, window.history.state, '', path)
  }, [path, at])
  return null
}
