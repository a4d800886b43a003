'use client'

import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { FormState } from '@/lib/form'
import { editorSteps, fieldId, focusField, problemLabel, type StepKey, stepHref, stepOfPath } from './steps'

type Props = {
  policyId: string
  step: StepKey
  /** Problems of the step at hand; of all of them on Review. */
  here: readonly [path: string, message: string][]
  definition: PolicyDefinition
  dirty: boolean
  saved: boolean
  busy: boolean
  answer: FormState<unknown>
  /** The version that publishing would make. */
  number: number
  /** The draft says what is in force already. */
  unchanged: boolean
  back: () => void
  next: () => void
  save: () => void
  publish: () => void
}

/** Back, what is wrong or saved, Save draft, and on: always in the same place. */
export function EditorFoot(props: Props) {
  const { step, busy, dirty } = props
  const at = editorSteps.findIndex((s) => s.key === step)
  const following = editorSteps[at + 1]
  const last = step === 'review'
  return (
    <div className="p-foot">
      {at > 0 ? (
        <Button className="btn-back" icon="arrow-left" onClick={props.back}>
          Back
        </Button>
      ) : null}
      <State {...props} />
      <span className="right">
        <Button
          pending={busy && !last}
          onClick={props.save}
          reason={dirty ? undefined : 'Nothing changed since it was saved'}
        >
          Save draft
        </Button>
        {last ? (
          <Button variant="primary" pending={busy} reason={publishReason(props)} onClick={props.publish}>
            Publish version {props.number}
          </Button>
        ) : (
          <Button variant="primary" iconEnd="arrow-right" onClick={props.next}>
            Next: {following?.label}
          </Button>
        )}
      </span>
    </div>
  )
}

function publishReason({ here, unchanged, number }: Props): string | undefined {
  if (here.length > 0) return 'Fix what is listed above first'
  return unchanged ? `Nothing differs from version ${number - 1}` : undefined
}

function State({ policyId, step, here, definition, dirty, saved, busy, answer }: Props) {
  const [problem] = here
  const trouble = answer.status === 'refused' || answer.status === 'failed' ? answer.message : null
  if (trouble && (!problem || answer.code === 'stale' || answer.status === 'failed'))
    return (
      <span className="field-error min-w-0" role="alert">
        <Icon name="circle-alert" />
        <span>
          {trouble}
          {answer.code === 'stale' ? (
            <>
              {' '}
              <button type="button" className="link-btn" onClick={() => window.location.reload()}>
                Reload
              </button>
            </>
          ) : null}
        </span>
      </span>
    )
  if (problem) {
    const [path] = problem
    const elsewhere = stepOfPath(path) !== step
    return (
      <span className="field-error" role="status">
        <Icon name="circle-alert" />
        <span>
          {here.length === 1 ? '1 problem: ' : `${here.length} problems, first `}
          <a
            className="a-in text-inherit!"
            href={elsewhere ? stepHref(policyId, stepOfPath(path)) : `#${fieldId(path)}`}
            onClick={(event) => {
              if (elsewhere) return
              event.preventDefault()
              focusField(path)
            }}
          >
            {problemLabel(path, definition)}
          </a>
        </span>
      </span>
    )
  }
  return (
    <span className="hint" role="status">
      {busy ? 'Saving…' : dirty ? 'Not saved yet' : saved ? 'Draft saved' : 'Nothing changed yet'}
    </span>
  )
}
