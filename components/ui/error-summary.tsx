'use client'

import { useEffect, useRef } from 'react'
import { Icon } from './icon'

export type FormProblem = {
  message: string
  /** Id of the control it belongs to; without one it belongs to the whole form. */
  fieldId?: string
}

/** Everything wrong with a form, each line a link to its field. Takes the focus when it appears or changes. */
export function ErrorSummary({ problems, title }: { problems: readonly FormProblem[]; title?: string }) {
  const box = useRef<HTMLDivElement>(null)
  const key = problems.map((problem) => `${problem.fieldId}:${problem.message}`).join('|')
  useEffect(() => {
    if (key) box.current?.focus()
  }, [key])
  if (problems.length === 0) return null
  return (
    <div className="summary" role="alert" tabIndex={-1} ref={box}>
      <Icon name="circle-alert" />
      <div className="grow">
        <p className="b">
          {title ?? (problems.length === 1 ? '1 thing to fix' : `${problems.length} things to fix`)}
        </p>
        <ul>
          {problems.map((problem) => (
            <li key={`${problem.fieldId}:${problem.message}`}>
              {problem.fieldId ? (
                <a href={`#${problem.fieldId}`} onClick={(event) => goTo(event, problem.fieldId ?? '')}>
                  {problem.message}
                </a>
              ) : (
                problem.message
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** A hash link scrolls but does not focus every kind of control. */
function goTo(event: { preventDefault: () => void }, id: string) {
  const control = document.getElementById(id)
  if (!control) return
  event.preventDefault()
  const inside = control.matches('fieldset')
    ? control.querySelector<HTMLElement>('input, button, textarea')
    : null
  const target = inside ?? control
  target.focus()
  target.scrollIntoView({ block: 'center' })
}
