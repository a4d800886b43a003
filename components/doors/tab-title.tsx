'use client'

import { useEffect } from 'react'

/** Names the tab after what is shown in place of a page, whose own title has been sent by then. */
export function TabTitle({ children }: { children: string }) {
  useEffect(() => {
    document.title = `${children} · Leasehold`
  }, [children])
  return null
}
