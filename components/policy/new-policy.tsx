'use client'

import { useActionState } from 'react'
import { LinkButton, SubmitButton } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Input, Textarea } from '@/components/ui/input'
import { Stepper } from '@/components/ui/stepper'
import { idle } from '@/lib/form'
import { fieldError, type SendForm, typed } from '@/lib/forms/state'
import { Question } from './step-parts'
import { editorSteps } from './steps'
import type { Saved } from './use-draft'

const HERE = '/settings/access-management/policies/new'

/** The first step of a policy that does not exist yet: its name makes it. */
export function NewPolicy({ action }: { action: SendForm<Saved> }) {
  const [state, send] = useActionState(action, idle)
  const wrong = state.status === 'refused' || state.status === 'failed'
  return (
    <form className="p-wrap" action={send} noValidate>
      <Stepper
        steps={editorSteps.map((step) => ({
          ...step,
          href: HERE,
          current: step.key === 'details',
          error: step.key === 'details' && wrong,
        }))}
      />
      <div className="p-body">
        <div className="min-w-0">
          <Question sub="People see the name beside what they ask for. The rules come on the next steps; nothing holds before you publish.">
            What is this policy called?
          </Question>
          <div className="stack max-w-xl gap-5!" key={state.at}>
            <Field label="Name" required error={fieldError(state, 'name')}>
              <Input
                name="name"
                defaultValue={typed(state, 'name')}
                maxLength={120}
                autoComplete="off"
                autoFocus
                placeholder="Production read"
              />
            </Field>
            <Field
              label="Description"
              note="optional"
              hint="What this access is for, in one or two sentences."
              error={fieldError(state, 'description')}
            >
              <Textarea name="description" rows={4} defaultValue={typed(state, 'description')} />
            </Field>
          </div>
        </div>
      </div>
      <div className="p-foot">
        <LinkButton href="/settings/access-management/policies" className="btn-back">
          Back to policies
        </LinkButton>
        {wrong && state.message ? (
          <span className="field-error" role="alert">
            <Icon name="circle-alert" />
            {state.message}
          </span>
        ) : null}
        <span className="right">
          <SubmitButton variant="primary" iconEnd="arrow-right">
            Next: Entitlements
          </SubmitButton>
        </span>
      </div>
    </form>
  )
}
