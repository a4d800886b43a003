'use client'

import type { Route } from 'next'
import { useState } from 'react'
import { LeaseText, LiveLeaseBar, useNow } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { LeaseBadge } from '@/components/request/request-badge'
import { moreWords } from '@/components/request/request-rows'
import { Link } from '@/components/ui/link'
import { nameList } from '@/lib/asking-words'
import type { Approval } from '@/lib/domain/request'
import { formatClock, formatDuration } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { LeaseView } from '@/lib/views'
import { ExtendForm } from './extend-form'

export type ExtendView = {
  lease: LeaseView
  holder: { name: string; mine: boolean }
  approved: {
    by: readonly string[]
    at: Date | null
    seconds: number | null
    approval: Approval
  } | null
  presets: readonly {
    seconds: number
    noticeSeconds: number
    newEnd: Date | null
    fits: boolean
    /** The policy agrees to it without asking anybody. */
    automatic: boolean
  }[]
  maxTotalSeconds: number
  graceSeconds: number
  /** When a request made now would lapse. */
  decideBy: Date | null
  reasonRequired: boolean
  approverNames: readonly string[]
  usualSeconds: number | null
  mayReturn: boolean
}

/** Who, or what, agreed to it in the first place. */
function agreedBy({ by, approval }: NonNullable<ExtendView['approved']>): string {
  if (approval === 'automatic') return 'The access policy agreed to it'
  return `${nameList(by) || 'Somebody'} approved it`
}

type ExtendPageProps = {
  view: ExtendView
  now: Date
  zone: string
  extend: SendForm<{ requestId: string }>
}

/** Keep it longer? The present end, the end that is asked for, and what happens either way. */
export function ExtendPage({ view, now, zone, extend }: ExtendPageProps) {
  const { lease, holder, approved, presets } = view
  const current = useNow(now)
  const [seconds, setSeconds] = useState(String(presets.find((p) => p.fits)?.seconds ?? ''))
  const chosen = presets.find((p) => String(p.seconds) === seconds && p.fits)
  const { times, entitlement, application, extend: room } = lease
  const clock = (at: Date) => formatClock(at, zone, current)
  const end = times.endsAt ? clock(times.endsAt) : ''
  return (
    <>
      <section>
        <p className="state">
          <LeaseBadge lease={lease} now={now} />
          <LeaseText facts={times} now={now} zone={zone} />
        </p>
        <h1 className="solo-title">
          Keep <EntitlementName name={entitlement.name} heading /> on {application.name} longer?
        </h1>
        <p className="sub">
          {holder.mine ? '' : `${holder.name} holds it. `}
          {approved?.at
            ? `${agreedBy(approved)} ${clock(approved.at)}${approved.seconds === null ? '' : ` for ${formatDuration(approved.seconds)}`}.`
            : null}
        </p>
        <div className="card leasebox">
          <p className="lease-text t-md">
            <b>ends {end}</b>{' '}
            {chosen?.newEnd ? (
              <span>
                · with {moreWords(chosen.seconds)}, {clock(chosen.newEnd)}
              </span>
            ) : null}
          </p>
          <LiveLeaseBar
            facts={times}
            now={now}
            zone={zone}
            size="large"
            labels
            ghostEnd={chosen?.newEnd ?? undefined}
          />
          {room ? (
            <div className="caps">
              <div>
                <b>
                  {room.left} of {room.maxCount}
                </b>
                <span>{room.maxCount === 1 ? 'extension left' : 'extensions left'}</span>
              </div>
              <div>
                <b>{clock(room.latestEnd)}</b>
                <span>the latest possible end, {formatDuration(view.maxTotalSeconds)} in all</span>
              </div>
            </div>
          ) : null}
        </div>
        <div className="ifs">
          <div className="if">
            <h2>While you wait</h2>
            <p>
              {chosen?.automatic ? (
                <>The access policy agrees to this at once: there is nothing to wait for.</>
              ) : (
                <>
                  Nothing changes. {holder.mine ? 'You keep' : `${holder.name} keeps`} it until {end} either
                  way.{view.decideBy ? ` The request lapses ${clock(view.decideBy)}.` : ''}
                </>
              )}
            </p>
          </div>
          <div className="if">
            <h2>If nobody agrees before {end}</h2>
            <p>
              {view.graceSeconds > 0
                ? `If nobody has answered by then, it goes on for ${formatDuration(view.graceSeconds)} more, once. `
                : ''}
              {lease.preexisting
                ? 'The lease ends then; what was held before stays.'
                : `It ends then, and open sessions are closed where that is possible. ${holder.mine ? 'You can' : 'One can'} ask again any time.`}
            </p>
          </div>
          {view.mayReturn ? (
            <div className="if">
              <h2>Done already?</h2>
              <p>
                <Link className="u" href={`/grants/${lease.id}/give-back` as Route}>
                  Give it back now
                </Link>
              </p>
            </div>
          ) : null}
        </div>
      </section>
      <ExtendForm
        view={view}
        seconds={seconds}
        onSeconds={setSeconds}
        now={now}
        zone={zone}
        extend={extend}
      />
    </>
  )
}
