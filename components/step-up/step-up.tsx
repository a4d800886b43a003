'use client'

import dynamic from 'next/dynamic'
import { useEffect, useRef, useState } from 'react'
import { leadsToSignIn } from '@/lib/forms/sign-in-again'
import type { WhoIsHere } from './step-up-dialog'

// Pages carry it only when it is asked for.
const StepUpDialog = dynamic(() => import('./step-up-dialog').then((module) => module.StepUpDialog), {
  ssr: false,
})

export type StepUpProps = {
  /** Who is signed in on this page: only as them is sent what they typed. */
  personId: string
  name: string
  whoIsHere: WhoIsHere
}

/** Leads the forms of this page through a fresh sign-in where their answer asks for one. Once, around the app. */
export function StepUp(props: StepUpProps) {
  const [open, setOpen] = useState(false)
  // Once it was opened it stays, so that closing it is seen.
  const [used, setUsed] = useState(false)
  const waiting = useRef<((back: boolean) => void)[]>([])

  useEffect(
    () =>
      leadsToSignIn(() => {
        setUsed(true)
        setOpen(true)
        return new Promise((tell) => waiting.current.push(tell))
      }),
    [],
  )

  function answer(back: boolean) {
    setOpen(false)
    for (const tell of waiting.current.splice(0)) tell(back)
  }

  return used ? <StepUpDialog {...props} open={open} answer={answer} /> : null
}
