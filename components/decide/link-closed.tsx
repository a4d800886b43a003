import { LinkButton } from '@/components/ui/button'

type LinkClosedProps = {
  kind: 'unknown' | 'foreign' | 'gone' | 'changed'
  /** Who is signed in. */
  name: string
  requestId?: string
  home: { href: string; label: string }
}

const words = {
  unknown: {
    title: 'This link leads nowhere',
    text: 'It may be incomplete: some mail programs break long links in two. Open it from the mail again, or go to what waits for you.',
  },
  foreign: {
    title: 'This link is for somebody else',
    text: 'Links from our mails work only for the person they were sent to. If it was sent to you, sign in as that person and open it again.',
  },
  gone: {
    title: 'You are not asked any more',
    text: 'Somebody else decides on this now, so there is nothing here for you.',
  },
  changed: {
    title: 'This request was changed after we mailed you',
    text: 'Your link was about the older one and decides nothing any more. Look at the request as it stands now.',
  },
} as const

/** A link that does not lead to a form: why, and where to go instead. Says nothing about the request. */
export function LinkClosed({ kind, name, requestId, home }: LinkClosedProps) {
  const { title, text } = words[kind]
  return (
    <section className="panel stack">
      <h1 className="panel-title">{title}</h1>
      <p className="read">{text}</p>
      {kind === 'foreign' ? <p className="quiet">You are signed in as {name}.</p> : null}
      <div className="row">
        {requestId ? (
          <LinkButton variant="primary" href={`/requests/${requestId}`}>
            See the request
          </LinkButton>
        ) : null}
        <LinkButton href={home.href}>{home.label}</LinkButton>
      </div>
    </section>
  )
}
