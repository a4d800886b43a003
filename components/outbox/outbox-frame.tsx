import clsx from 'clsx'
import type { Route } from 'next'
import type { ReactNode } from 'react'
import { AutoRefresh } from '@/components/request/auto-refresh'
import { Brand } from '@/components/shell/brand'
import { ClockBanner, type ClockBannerProps } from '@/components/shell/clock-banner'
import { Avatar } from '@/components/ui/avatar'
import { Button, LinkButton } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/list-foot'
import { formatClock, zoneLabel } from '@/lib/format'
import { type OutboxQuery, outboxHref } from '@/lib/outbox-url'

export type OutboxLineView = {
  id: string
  state: 'queued' | 'sent' | 'failed' | 'dropped'
  recipient: string
  name: string | null
  subject: string | null
  at: Date
}

export type OutboxFrameProps = {
  outbox: {
    lines: readonly OutboxLineView[]
    more: boolean
    now: Date
    offsetMs: number
    zone: string
    organisation: string
  }
  query: OutboxQuery
  /** Id of the mail that is shown; on a phone it then has the page for itself. */
  open?: string
  /** Moves the clock, for somebody who is signed in. */
  moveClock?: ClockBannerProps['act']
  children: ReactNode
}

/** The demo's outbox: the list at the left, one mail at the right. */
export function OutboxFrame({ outbox, query, open, moveClock, children }: OutboxFrameProps) {
  const { lines, now, zone } = outbox
  return (
    <div className={clsx('ob', open && 'is-open')}>
      <AutoRefresh every={lines.some((line) => line.state === 'queued') ? 2_000 : 20_000} />
      <ClockBanner now={now} zone={zone} offsetMs={outbox.offsetMs} act={moveClock} />
      <header className="solo-bar">
        <Brand organisation={outbox.organisation} />
        <div className="solo-bar-right">
          <span className="not-phone">Times in {zoneLabel(zone, now)}</span>
          <LinkButton href="/" size="sm">
            Open Leasehold
          </LinkButton>
        </div>
      </header>
      <main className="ob-main">
        {/* The list and its heading give way on a phone. */}
        {open ? <h1 className="sr only-phone">Mails</h1> : null}
        <section className="ob-list" aria-label="Mails">
          <div className="ob-head">
            <h1 className="page-title">Mails</h1>
            <form action="/dev/mail" className="row row-6 grow">
              <Input
                icon="search"
                name="to"
                type="search"
                aria-label="Mails to"
                placeholder="To whom"
                defaultValue={query.to}
                frameClassName="grow"
              />
              <Button type="submit" className="sr-focusable">
                Search
              </Button>
            </form>
          </div>
          {lines.length === 0 ? (
            <EmptyState
              icon="inbox"
              title={query.to ? `No mail to “${query.to}”` : 'No mail yet'}
              actions={query.to ? <LinkButton href="/dev/mail">Show all mails</LinkButton> : undefined}
            >
              {query.to ? 'Try another name or address.' : 'Ask for an access, and its approver gets one.'}
            </EmptyState>
          ) : (
            <ol className="ob-lines">
              {lines.map((line) => (
                <li key={line.id}>
                  <Line line={line} query={query} open={open === line.id} now={now} zone={zone} />
                </li>
              ))}
            </ol>
          )}
          {query.page > 1 || outbox.more ? (
            <Pager
              summary={`Page ${query.page}`}
              previousHref={query.page > 1 ? outboxHref(query, { page: query.page - 1 }) : undefined}
              nextHref={outbox.more ? outboxHref(query, { page: query.page + 1 }) : undefined}
            />
          ) : null}
        </section>
        <section className="ob-mail" aria-label="Mail">
          {children}
        </section>
      </main>
    </div>
  )
}

type LineProps = { line: OutboxLineView; query: OutboxQuery; open: boolean; now: Date; zone: string }

function Line({ line, query, open, now, zone }: LineProps) {
  return (
    <Link
      href={outboxHref(query, { id: line.id }) as Route}
      className="ob-line"
      aria-current={open ? 'true' : undefined}
      scroll={false}
      prefetch={false}
    >
      <Avatar name={line.name ?? line.recipient} size={32} />
      <span className="grow">
        <span className="ob-line-top">
          <span className="b trunc">{line.name ?? line.recipient}</span>
          <time dateTime={line.at.toISOString()}>{formatClock(line.at, zone, now)}</time>
        </span>
        <span className="ob-subject">{line.subject ?? 'Being written'}</span>
        {line.state === 'sent' ? null : <MailState state={line.state} />}
      </span>
    </Link>
  )
}

/** What became of a mail, where it is not simply sent. */
export function MailState({ state }: { state: OutboxLineView['state'] }) {
  if (state === 'failed')
    return (
      <Badge tone="bad" icon="mail-x">
        Not delivered
      </Badge>
    )
  if (state === 'queued')
    return (
      <Badge tone="wait" icon="hourglass">
        On its way
      </Badge>
    )
  return state === 'sent' ? (
    <Badge tone="ok" icon="mail-check">
      Sent
    </Badge>
  ) : (
    <Badge>Dropped</Badge>
  )
}
