'use client'

import { useEffect } from 'react'
import { SIGNED_IN_CHANNEL } from '@/lib/forms/sign-in-again'

/** Tells the browser's other tabs that somebody signed in: one of them may wait for it with a form. */
export function TellTabs() {
  useEffect(() => {
    const channel = new BroadcastChannel(SIGNED_IN_CHANNEL)
    channel.postMessage('signed in')
    return () => channel.close()
  }, [])
  return null
}
