import type { Route } from 'next'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Callout, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { Segmented } from '@/components/ui/tabs'
import { formatClock, formatRelative } from '@/lib/format'
import { mailFrame } from '@/lib/mail-frame'
import { type OutboxQuery, outboxHref } from '@/lib/outbox-url'
import { MailState, type OutboxLineView } from './outbox-frame'

export type MailViewProps = {
  mail: OutboxLineView & {
    error: string | null
    html: string | null
    text: string | null
    attachments: readonly { filename: string; contentType: string }[]
  }
  query: OutboxQuery
  now: Date
  zone: string
}

/** One mail as its reader gets it: HTML in a frame that can do nothing but be read and clicked, or the text. */
export function MailView({ mail, query, now, zone }: MailViewProps) {
  const { id, html, text, subject } = mail
  return (
    <article className="ob-view">
      <header className="ob-view-head">
        <Link className="icon-btn ob-back" href={outboxHref(query) as Route} aria-label="Back to the mails">
          <Icon name="chevron-left" size={20} />
        </Link>
        <div className="grow">
          <h2>{subject ?? 'Being written'}</h2>
          <p>
            To {mail.name ? `${mail.name} <${mail.recipient}>` : mail.recipient} ·{' '}
            <time dateTime={mail.at.toISOString()}>
              {formatRelative(mail.at, now)}, {formatClock(mail.at, zone, now)}
            </time>
          </p>
        </div>
        <MailState state={mail.state} />
      </header>
      {mail.error ? <Callout tone="bad">{mail.error}</Callout> : null}
      {html && text ? (
        <div className="ob-tools">
          <Segmented
            label="How the mail is shown"
            items={[
              {
                href: outboxHref(query, { id, view: 'html' }),
                label: 'HTML',
                current: query.view === 'html',
              },
              {
                href: outboxHref(query, { id, view: 'text' }),
                label: 'Text',
                current: query.view === 'text',
              },
            ]}
          />
          {mail.attachments.map((file, index) => (
            <LinkButton
              key={file.filename}
              size="sm"
              icon="calendar"
              href={`/dev/mail/${id}/attachments/${index}`}
              download={file.filename}
            >
              {file.filename}
            </LinkButton>
          ))}
        </div>
      ) : null}
      <Body mail={mail} view={query.view} />
    </article>
  )
}

function Body({ mail, view }: { mail: MailViewProps['mail']; view: OutboxQuery['view'] }) {
  if (!mail.html || !mail.text)
    return (
      <EmptyState icon="mail" title="The words are not kept here">
        {mail.state === 'queued'
          ? 'This mail is not written yet. It takes a second or two.'
          : 'This install hands its mails to a mail server, which delivered it.'}
      </EmptyState>
    )
  if (view === 'text') return <pre className="ob-text">{mail.text}</pre>
  return (
    <iframe
      className="ob-html"
      title={mail.subject ?? 'Mail'}
      sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
      srcDoc={mailFrame(mail.html)}
    />
  )
}
