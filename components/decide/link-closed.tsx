'use client'

import { useActionState } from 'react'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { type FormAction, idle } from '@/lib/form'

type LinkClosedProps = {
  kind: 'unknown' | 'foreign' | 'gone' | 'expired'
  /** Who is signed in. */
  name: string
  requestId?: string
  home: { href: string; label: string }
  /** The page itself, for whoever signs in as the one it was sent to. */
  here: string
  signInAgain: FormAction<{ to: string }>
}

const words = {
  unknown: {
    title: 'This link leads nowhere',
    text: 'It may be incomplete: some mail programs break long links in two. Open it from the mail again, or go to what waits for you.',
  },
  foreign: {
    title: 'This link is for somebody else',
    text: 'Links from our mails work only for the person they were sent to. If you have another account, sign in with that one and you come back here.',
  },
  gone: {
    title: 'You are not asked any more',
    text: 'Somebody else decides on this now, so there is nothing here for you.',
  },
  expired: {
    title: 'This link has had its time',
    text: 'It decides nothing any more, but the request still waits for you. Decide on its own page.',
  },
} as const

/** A link that does not lead to a form: why, and where to go instead. Says nothing about the request. */
export function LinkClosed({ kind, name, requestId, home, here, signInAgain }: LinkClosedProps) {
  const [, leave] = useActionState(signInAgain, idle)
  const { title, text } = words[kind]
  return (
    <section className="panel stack">
      <h1 className="panel-title">{title}</h1>
      <p className="read">{text}</p>
      {kind === 'foreign' ? <p className="quiet">You are signed in as {name}.</p> : null}
      <div className="row flex-wrap">
        {requestId ? (
          <LinkButton variant="primary" href={`/requests/${requestId}`}>
            See the request
          </LinkButton>
        ) : null}
        {kind === 'foreign' ? (
          <form action={leave}>
            <input type="hidden" name="next" value={here} />
            <SubmitButton>Sign in as somebody else</SubmitButton>
          </form>
        ) : null}
        <LinkButton href={home.href} variant={kind === 'foreign' ? 'ghost' : undefined}>
          {home.label}
        </LinkButton>
      </div>
    </section>
  )
}
