'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import { LiveLeaseBar, TimeText, useNow } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { moreWords } from '@/components/request/request-rows'
import { AppMark, Avatars } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { nameList } from '@/lib/asking-words'
import { type CataloguePlace, pickHref } from '@/lib/catalogue-picks'
import { MOST_AT_ONCE } from '@/lib/domain/request'
import { formatClock, formatDuration, formatDurationShort, formatRelative } from '@/lib/format'
import type { CatalogueApplication, CatalogueRow, LeaseView } from '@/lib/views'

type Times = { now: Date; zone: string }
type CardProps = { entry: CatalogueApplication; place: CataloguePlace } & Times

/** One application and what it can give, one row each: what, how long, who agrees, how fast. */
export function ApplicationCard({ entry, place, now, zone }: CardProps) {
  const { application, owners, rows } = entry
  return (
    <section className="app-card card" aria-labelledby={`app-${application.id}`}>
      <header>
        <AppMark name={application.name} size={32} />
        <div className="grow">
          <h2 id={`app-${application.id}`}>{application.name}</h2>
          {application.description || application.byHand ? (
            <p>{application.description ?? 'Given and taken by hand'}</p>
          ) : null}
        </div>
        {owners.length > 0 ? <span className="hint not-phone">owned by {nameList(owners)}</span> : null}
      </header>
      <ul>
        {rows.map((row) => (
          <Row
            key={row.entitlement.id}
            row={row}
            application={application.name}
            place={place}
            now={now}
            zone={zone}
          />
        ))}
      </ul>
    </section>
  )
}

type RowProps = { row: CatalogueRow; application: string; place: CataloguePlace } & Times

function Row({ row, application, place, now, zone }: RowProps) {
  const { entitlement, standing } = row
  const mine = standing.kind === 'held' || standing.kind === 'pending'
  return (
    <li className={clsx('ent', mine && 'mine', standing.kind === 'closed' && 'off')}>
      <span className="ent-n">
        <b>
          <EntitlementName name={entitlement.name} />
        </b>
        {entitlement.description ? (
          <small title={entitlement.description}>{entitlement.description}</small>
        ) : null}
      </span>
      <span className="ent-how">{lengthWords(row)}</span>
      <span className="ent-who">
        {row.approvers.length > 0 ? <Avatars names={row.approvers} size={20} max={3} /> : null}
        <span>{row.agree}</span>
      </span>
      <span className={clsx('ent-ans', row.usualSeconds === null && 'ent-none')}>
        {row.usualSeconds === null ? 'no answers yet' : formatDurationShort(row.usualSeconds)}
      </span>
      <span className="ent-act">
        {standing.kind === 'free' ? (
          <>
            <Pick id={entitlement.id} name={`${entitlement.name} on ${application}`} place={place} />
            <LinkButton
              size="sm"
              href={`/catalogue/${entitlement.id}/request`}
              aria-label={`Request ${entitlement.name} on ${application}`}
            >
              Request
            </LinkButton>
          </>
        ) : standing.kind === 'held' ? (
          <Held lease={standing.lease} now={now} zone={zone} />
        ) : standing.kind === 'pending' ? (
          <span className="have">
            <Link className="have-t c-wait" href={`/requests/${standing.requestId}` as Route}>
              <Icon name="hourglass" size={14} /> <b>Asked, not decided yet</b>
            </Link>
            <small>
              <TimeText at={standing.decideBy} now={now} zone={zone} lead="lapses" show="absolute" />
            </small>
          </span>
        ) : (
          <span className="have">
            <span className="have-t ink2">{standing.why}</span>
            {standing.ask ? <small>Ask {standing.ask} about the policy</small> : null}
          </span>
        )}
      </span>
    </li>
  )
}

/** Adds it to what is asked for in one go, or takes it out again. A link, so that it works without scripts. */
function Pick({ id, name, place }: { id: string; name: string; place: CataloguePlace }) {
  const picked = place.picks.includes(id)
  if (!picked && place.picks.length >= MOST_AT_ONCE) return null
  return (
    <LinkButton
      size="sm"
      variant="ghost"
      icon={picked ? 'check' : 'plus'}
      href={pickHref(place, id)}
      scroll={false}
      aria-label={picked ? `Take ${name} out` : `Add ${name}`}
    >
      {picked ? 'Added' : 'Add'}
    </LinkButton>
  )
}

/** "6 h, 1 day", "6 h only", "permanent". */
function lengthWords({ mode, lengths }: CatalogueRow): string {
  if (mode === 'permanent') return 'permanent'
  const words = lengths.map((s) => (s < 86_400 ? formatDurationShort(s) : formatDuration(s)))
  return words.length === 1 ? `${words[0]} only` : words.join(', ')
}

function Held({ lease, now, zone }: { lease: LeaseView } & Times) {
  const current = useNow(now)
  const { times, pending, preexisting } = lease
  const end = times.endsAt && formatClock(times.endsAt, zone, current)
  const title =
    times.state === 'scheduled'
      ? times.startsAt && times.startsAt > current
        ? `It starts ${formatClock(times.startsAt, zone, current)}`
        : 'Agreed, about to be given'
      : times.state === 'provisioning'
        ? 'Being given to you'
        : !times.endsAt
          ? 'You have it, permanent'
          : times.endsAt <= current
            ? 'Ending'
            : `You have it until ${end}`
  const note = pending
    ? `${moreWords(pending.seconds)} asked for`
    : times.state === 'active' && times.endsAt && times.endsAt > current
      ? `ends ${formatRelative(times.endsAt, current)}${preexisting ? ', held before, stays' : ''}`
      : null
  return (
    <span className="have">
      <span className="have-t">
        <b>{title}</b>
      </span>
      <LiveLeaseBar facts={times} now={now} zone={zone} ghostEnd={pending?.newEnd} />
      {note ? <small>{note}</small> : null}
    </span>
  )
}
