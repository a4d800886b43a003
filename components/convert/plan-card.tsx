'use client'

import { useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import type { ConversionPlan } from '@/lib/conversion'

type Props = { plan: ConversionPlan; pending: boolean; onConfirm: () => void; onBack: () => void }

/** Exactly what will happen, and the button that does it. */
export function PlanCard({ plan, pending, onConfirm, onBack }: Props) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const count = plan.people.length
  return (
    <section className="card" aria-labelledby="cv-plan">
      <div className="card-head">
        <h2 className="card-title" id="cv-plan" ref={title} tabIndex={-1}>
          What will happen
        </h2>
      </div>
      <div className="card-pad stack gap-4!">
        {plan.warnings.map((warning) => (
          <Callout tone="warn" key={warning}>
            {warning}
          </Callout>
        ))}
        <ol className="cv-steps">
          {plan.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
        <div>
          <h3 className="label">Ends</h3>
          <ul className="cv-ends">
            {plan.people.map((one) => (
              <li key={one.account}>
                <b>{one.name}</b> <span className="ink2">as {one.account}</span>: {one.endsAt}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3 className="label">Mails</h3>
          <ul className="cv-ends">
            {plan.mails.map((mail) => (
              <li key={mail}>{mail}</li>
            ))}
          </ul>
        </div>
        <div className="row flex-wrap">
          <Button variant="primary" icon="hourglass" pending={pending} onClick={onConfirm}>
            {count === 1 ? 'Plan this lease' : `Plan these ${count} leases`}
          </Button>
          <Button disabled={pending} onClick={onBack}>
            Change something
          </Button>
        </div>
      </div>
    </section>
  )
}
