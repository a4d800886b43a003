'use client'

import { LeaseText, LiveLeaseBar, useNow } from '@/components/lease/lease-clock'
import { EmergencyBadge } from '@/components/request/emergency-badge'
import { EntitlementName } from '@/components/request/entitlement-name'
import { LeaseBadge } from '@/components/request/request-badge'
import { moreWords } from '@/components/request/request-rows'
import { AppMark } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { missingWords } from '@/lib/asking-words'
import { formatClock, formatDuration } from '@/lib/format'
import type { LeaseView } from '@/lib/views'
import { GiveBack, type GiveBackAction } from './give-back'

type CardProps = { lease: LeaseView; now: Date; zone: string; giveBack: GiveBackAction }

/** One lease of mine: the time that is left, what comes next, and what I can do about it. */
export function LeaseCard({ lease, now, zone, giveBack }: CardProps) {
  const { entitlement, application, times, pending } = lease
  return (
    <article className="card lcard" aria-labelledby={`lease-${lease.id}`}>
      <header className="row gap-3">
        <AppMark name={application.name} size={32} />
        <div className="grow min-w-0">
          <h3 className="lcard-t trunc" id={`lease-${lease.id}`}>
            <EntitlementName name={entitlement.name} />
          </h3>
          <p className="ink2 trunc">{application.name}</p>
        </div>
        <span className="em-badges">
          {lease.emergency ? <EmergencyBadge /> : null}
          <LeaseBadge lease={lease} now={now} />
        </span>
      </header>
      <LeaseText facts={times} now={now} zone={zone} className="lease-text t-md" />
      <LiveLeaseBar facts={times} now={now} zone={zone} ghostEnd={pending?.newEnd} size="card" />
      <p className="lcard-note">
        <Note lease={lease} now={now} zone={zone} />
      </p>
      <footer className="row">
        <Buttons lease={lease} now={now} giveBack={giveBack} />
      </footer>
    </article>
  )
}

/** One line on what comes next. */
function Note({ lease, now, zone }: Omit<CardProps, 'giveBack'>) {
  const current = useNow(now)
  const { times, pending, durationSeconds, preexisting, noticeError } = lease
  const clock = (at: Date) => formatClock(at, zone, current)
  if (pending)
    return (
      <span className="c-wait">
        <Icon name="hourglass" size={14} />
        {moreWords(pending.seconds)} asked for, {missingWords(pending.progress.missing)}; to be decided by{' '}
        {clock(pending.decideBy)}
      </span>
    )
  if (times.state === 'scheduled') {
    if (!times.endsAt || durationSeconds === null) return <>Permanent once it starts</>
    return (
      <>
        For {formatDuration(durationSeconds)}, until {clock(times.endsAt)}
      </>
    )
  }
  if (times.state === 'provisioning')
    return (
      <>
        {lease.application.byHand ? 'Somebody is giving it by hand' : 'We keep trying'} until{' '}
        {clock(lease.startBy)}
        {durationSeconds === null ? '' : `, then it runs ${formatDuration(durationSeconds)}`}
      </>
    )
  if (times.state === 'revoking' || (times.endsAt && times.endsAt <= current)) {
    const late = times.overdueAt && times.overdueAt <= current
    if (preexisting) return <>You held it before, so it stays</>
    return late ? (
      <span className="c-bad">
        <Icon name="octagon-alert" size={14} />
        Not gone yet. It is not your doing; we keep trying and its owners know
      </span>
    ) : (
      <>Being taken back; it says ended once it was seen gone</>
    )
  }
  if (lease.missing)
    return (
      <span className="c-warn">
        <Icon name="git-compare" size={14} />
        Somebody took it on {lease.application.name}; the lease runs on
      </span>
    )
  if (noticeError)
    return (
      <span className="c-warn">
        <Icon name="bell-off" size={14} />
        The notice could not be mailed to you
      </span>
    )
  const stays = preexisting ? ' You held it before, so it stays.' : ''
  if (!times.noticeAt) return <>{stays || 'It has no end'}</>
  return (
    <>
      {times.noticeAt <= current ? 'We told you' : 'We tell you'} {atClock(clock(times.noticeAt))}.{stays}
    </>
  )
}

/** "at 16:40" today, "tomorrow at 10:03" on another day. */
function atClock(clock: string): string {
  const cut = clock.lastIndexOf(' ')
  const day = clock.slice(0, cut)
  const time = clock.slice(cut + 1)
  return day === 'today' ? `at ${time}` : `${day} at ${time}`
}

function Buttons({ lease, now, giveBack }: Omit<CardProps, 'zone'>) {
  const current = useNow(now)
  const { times, extend, pending, preexisting } = lease
  const name = lease.entitlement.name
  if (times.state === 'revoking') return null
  if (times.state !== 'active') return <GiveBack lease={lease} now={now} action={giveBack} withdraw />
  if (times.endsAt && times.endsAt <= current) return null
  return (
    <>
      {lease.missing && !preexisting ? (
        <LinkButton
          size="sm"
          icon="key-round"
          href={`/grants/${lease.id}/give-again`}
          aria-label={`Give ${name} again`}
        >
          Give again
        </LinkButton>
      ) : null}
      {pending ? (
        <LinkButton size="sm" href={`/requests/${pending.requestId}`}>
          See the request
        </LinkButton>
      ) : extend?.allowed ? (
        <LinkButton
          size="sm"
          icon="timer-reset"
          href={`/grants/${lease.id}/extend`}
          aria-label={`Extend ${name}`}
        >
          Extend
        </LinkButton>
      ) : null}
      <GiveBack lease={lease} now={now} action={giveBack} />
      {extend && !extend.allowed && !pending ? <span className="hint">{extend.why}</span> : null}
    </>
  )
}
