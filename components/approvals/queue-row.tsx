'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import type { MouseEvent } from 'react'
import { useNow } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { moreWords } from '@/components/request/request-rows'
import { Avatar } from '@/components/ui/avatar'
import { Checkbox } from '@/components/ui/choice'
import { Badge } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { inPlaceWords } from '@/lib/away-words'
import { formatClock, formatDuration, formatRelative } from '@/lib/format'
import type { ToDecide } from '@/lib/views'

type RowProps = {
  request: ToDecide
  focused: boolean
  selected: boolean
  /** What became of it, where it does not wait any more. */
  gone: { words: string; at: Date | null } | null
  onSelect: () => void
  onOpen: (event: MouseEvent) => void
  now: Date
  zone: string
}

const SOON_MS = 3_600_000

/** One request of the queue. The whole row is its link; the box before it selects. */
export function QueueRow({ request, focused, selected, gone, onSelect, onOpen, now, zone }: RowProps) {
  const current = useNow(now)
  const { person, entitlement, decideBy } = request
  const risky = entitlement.risk === 'high'
  const soon = decideBy.getTime() - current.getTime() < SOON_MS
  const who = `${person.name} for ${entitlement.name}`
  return (
    <li className={clsx('q', selected && !gone && 'sel', focused && 'foc', gone && 'q-gone')}>
      <Checkbox
        checked={selected && !gone}
        disabled={risky || gone !== null}
        onChange={onSelect}
        aria-label={`Select ${who}`}
        title={gone ? 'It does not wait any more' : risky ? 'High risk is decided one by one' : undefined}
      />
      <Avatar name={person.name} size={32} />
      <div className="grow min-w-0">
        <p className="q1">
          <Link
            className="q-link trunc"
            id={`q-${request.id}`}
            href={`/requests/${request.id}` as Route}
            aria-current={focused ? 'true' : undefined}
            onClick={onOpen}
          >
            <b className="bb">{person.name}</b> <span className="ink2">for</span>{' '}
            {request.kind === 'extension' && request.seconds !== null ? (
              <>
                {moreWords(request.seconds)} of <EntitlementName name={entitlement.name} />
              </>
            ) : (
              <>
                <EntitlementName name={entitlement.name} /> ·{' '}
                {request.seconds === null ? 'permanent' : formatDuration(request.seconds)}
                {request.startAt ? `, from ${formatClock(request.startAt, zone, current)}` : ''}
              </>
            )}
            {request.askerId === person.id ? null : (
              <span className="ink2">, asked by {request.askerName}</span>
            )}
          </Link>
          {risky ? (
            <Badge tone="warn" icon="flag">
              High risk
            </Badge>
          ) : null}
          {request.inPlaceOf ? (
            <Badge tone="info" icon="users">
              <span title={inPlaceWords(request.inPlaceOf, zone, current)}>
                In place of {request.inPlaceOf.name}
              </span>
            </Badge>
          ) : null}
        </p>
        <p className="trunc ink2">
          {gone ? <GoneText gone={gone} now={current} /> : request.reason || 'No reason given'}
        </p>
      </div>
      <span className={clsx('q-when', soon && !gone ? 'c-warn' : 'ink2')} hidden={gone !== null}>
        <b>{formatRelative(decideBy, current)}</b>
        <br />
        <time dateTime={decideBy.toISOString()}>{formatClock(decideBy, zone, current)}</time>
      </span>
    </li>
  )
}

/** "Mira Lindqvist approved it 2 min ago". */
export function GoneText({ gone, now }: { gone: { words: string; at: Date | null }; now: Date }) {
  const { words, at } = gone
  const just = at && now.getTime() - at.getTime() < 60_000
  return (
    <span>
      {words}
      {at ? ` ${just ? 'a moment ago' : formatRelative(at, now)}` : ''}.
    </span>
  )
}
