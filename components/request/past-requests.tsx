'use client'

import { formatDuration, formatShortDay } from '@/lib/format'
import { pastOutcome } from '@/lib/past-words'
import type { History, PastRequest } from '@/lib/views'

type PastProps = { past: History; now: Date; zone: string; onUse: (again: PastRequest) => void }

/** What I asked for before, to be used again: the reason, and how it went. */
export function PastRequests({ past, now, zone, onUse }: PastProps) {
  const items = past.items.filter((item) => item.reason).slice(0, 4)
  if (items.length === 0) return null
  return (
    <section className="rq-past" aria-labelledby="past">
      <h2 className="rq-l" id="past">
        You asked for this before
      </h2>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <span>{formatShortDay(item.askedAt, zone, now)}</span>
            <span className="grow min-w-0 trunc">“{item.reason}”</span>
            <span className="ink2 nowrap">
              {[
                item.emergency ? 'emergency' : '',
                item.seconds === null ? 'permanent' : formatDuration(item.seconds),
                pastOutcome(item),
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
            <button
              type="button"
              className="link-btn nowrap"
              aria-label={`Use again: ${item.reason}`}
              onClick={() => onUse(item)}
            >
              Use again
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
