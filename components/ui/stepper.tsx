import clsx from 'clsx'
import type { Route } from 'next'
import { Link } from '@/components/ui/link'
import { Icon } from './icon'

export type Step = {
  key: string
  label: string
  href: string
  done?: boolean
  current?: boolean
  error?: boolean
}

/** The steps of a long form. Every step can be gone to; a wrong one says so. */
export function Stepper({ steps, label = 'Steps' }: { steps: readonly Step[]; label?: string }) {
  const at = steps.findIndex((step) => step.current)
  const next = steps[at + 1]
  return (
    <nav className="stepper" aria-label={label}>
      <p className="step-phone" aria-hidden="true">
        <b>{steps[at]?.label}</b>
        <span>
          Step {at + 1} of {steps.length}
          {next ? `, next: ${next.label}` : ''}
        </span>
      </p>
      <ol>
        {steps.map((step, index) => (
          <li
            key={step.key}
            className={clsx(step.done && 'done', step.current && 'cur', step.error && 'err')}
          >
            <Link href={step.href as Route} aria-current={step.current ? 'step' : undefined}>
              <span className="dot" aria-hidden="true">
                {step.error ? '!' : step.done && !step.current ? <Icon name="check" size={14} /> : index + 1}
              </span>
              {step.label}
              {step.error ? <span className="sr">, has a problem</span> : null}
              {step.done && !step.error ? <span className="sr">, done</span> : null}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}
