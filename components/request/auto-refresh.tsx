'use client'

import { useRouter } from 'next/navigation'
import { startTransition, useEffect } from 'react'

/** Reads the page anew every so often while it is looked at, and when one comes back to it. */
export function AutoRefresh({ every }: { every: number }) {
  const router = useRouter()
  useEffect(() => {
    const look = () => {
      // Not while the page itself is still arriving: two answers would be put into one document.
      if (document.visibilityState === 'visible' && document.readyState === 'complete')
        startTransition(() => router.refresh())
    }
    const timer = setInterval(look, every)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [every, router])
  return null
}
