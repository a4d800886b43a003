'use client'

import { useEffect, useRef, useState } from 'react'
import { Button, LinkButton } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FieldError } from '@/components/ui/field'
import { SIGNED_IN_CHANNEL } from '@/lib/forms/sign-in-again'

/** Who acts in this browser now, and whether their sign-in is fresh. */
export type WhoIsHere = (input: Record<string, never>) => Promise<{ id: string; fresh: boolean } | null>

export type StepUpDialogProps = {
  personId: string
  name: string
  whoIsHere: WhoIsHere
  open: boolean
  /** Said once: whether they are back, signed in freshly as who they were. */
  answer: (back: boolean) => void
}

/**
 * Waits for a fresh sign-in without leaving the page: it happens in another tab, and what was typed stays here. The
 * other tab tells when it is done; coming back to this one looks as well, for a link that was opened elsewhere.
 */
export function StepUpDialog({ personId, name, whoIsHere, open, answer }: StepUpDialogProps) {
  const [problem, setProblem] = useState<string | null>(null)

  const look = useRef(async (_asked: boolean) => {})
  look.current = async (asked) => {
    const here = await whoIsHere({}).catch(() => null)
    if (here?.fresh && here.id === personId) answer(true)
    else if (here && here.id !== personId)
      setProblem(`You signed in as somebody else. Sign in as ${name}, who filled this in`)
    else if (asked) setProblem('That sign-in is not there yet. Finish it in the other tab first')
  }

  useEffect(() => {
    if (!open) return
    setProblem(null)
    const back = () => void look.current(false)
    const channel = new BroadcastChannel(SIGNED_IN_CHANNEL)
    channel.addEventListener('message', back)
    window.addEventListener('focus', back)
    return () => {
      channel.close()
      window.removeEventListener('focus', back)
    }
  }, [open])

  return (
    <Dialog
      above
      title="Sign in again to go on"
      description="This decides who may do what, so it takes a sign-in of the last 15 minutes. What you typed stays here, and is sent as soon as you are back."
      open={open}
      onOpenChange={(next) => {
        if (!next) answer(false)
      }}
      actions={
        <>
          <Button onClick={() => answer(false)}>Not now</Button>
          <Button onClick={() => void look.current(true)}>I have signed in</Button>
          <LinkButton variant="primary" href="/sign-in/again" newTab>
            Sign in again
          </LinkButton>
        </>
      }
    >
      {problem ? (
        <div role="alert">
          <FieldError>{problem}</FieldError>
        </div>
      ) : null}
    </Dialog>
  )
}
