'use client'

import { useState } from 'react'
import { SegmentedButtons } from '@/components/ui/tabs'
import type { ConnectionView } from '@/lib/application-views'
import { formatClock } from '@/lib/format'
import { healthWords } from '@/lib/health-bars'

type Props = { health: ConnectionView['health']; now: Date; zone: string }

/** How the connection answered over time. A look is made every 15 minutes; each bar is what a span of them said. */
export function HealthCard({ health, now, zone }: Props) {
  const [span, setSpan] = useState<'day' | 'week'>('day')
  const bars = health[span]
  const words = healthWords(health, zone, now)
  const first = bars[0]
  const middle = bars[bars.length / 2]
  return (
    <section className="card health" aria-labelledby="health">
      <div className="health-top flex-wrap">
        <h2 className="card-title" id="health">
          Health
        </h2>
        <span className="hint">
          {words}.{health.medianMs === null ? '' : ` Answers in ${health.medianMs} ms as a rule.`}
        </span>
        <span className="grow" />
        <SegmentedButtons
          label="Span"
          value={span}
          onValueChange={setSpan}
          options={[
            { value: 'day', label: '24 hours' },
            { value: 'week', label: '7 days' },
          ]}
        />
      </div>
      <div
        className="strip"
        role="img"
        aria-label={words}
        style={{ gridTemplateColumns: `repeat(${bars.length}, minmax(0, 1fr))` }}
      >
        {bars.map((bar) => (
          <i key={bar.from.getTime()} className={bar.state} />
        ))}
      </div>
      <div className="strip-axis">
        <span>{first ? formatClock(first.from, zone, now) : ''}</span>
        <span>{middle ? formatClock(middle.from, zone, now) : ''}</span>
        <span>now</span>
      </div>
      <div className="strip-legend">
        <span>
          <i className="up" /> answers
        </span>
        <span>
          <i className="partly" /> not always
        </span>
        <span>
          <i className="down" /> fails
        </span>
        <span>
          <i className="none" /> not looked at
        </span>
      </div>
      {health.lastFailure?.detail ? (
        <p className="hint mt-2">
          Last failure {formatClock(health.lastFailure.at, zone, now)}: {health.lastFailure.detail}
        </p>
      ) : null}
    </section>
  )
}
