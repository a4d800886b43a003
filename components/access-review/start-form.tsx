'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type FormEvent, useRef, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { RadioCards } from '@/components/ui/choice'
import { Combobox, MultiCombobox } from '@/components/ui/combobox'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, FieldError } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import type { AccessReviewForm, AccessReviewPlan } from '@/lib/access-review-views'
import { consequenceWords } from '@/lib/access-review-words'
import { missedConsequences, type ReviewerRule } from '@/lib/domain/access-review'
import { type FormState, idle } from '@/lib/form'
import { fieldError, problemsOf, type SendForm, sent } from '@/lib/forms/state'
import { PlanCard } from './plan-card'
import { ACCESS_REVIEWS } from './review-parts'

type Props = {
  form: AccessReviewForm
  /** The date that is offered, on the reader's wall clock. */
  dueAt: string
  zone: string
  actions: { preview: SendForm<AccessReviewPlan>; start: SendForm<{ reviewId: string; lines: number }> }
}

const controls = {
  applicationId: 'ar-application',
  name: 'ar-name',
  entitlementIds: 'ar-entitlements',
  reviewers: 'ar-reviewers',
  reviewerIds: 'ar-people',
  dueAt: 'ar-due',
  consequence: 'ar-consequence',
  instructions: 'ar-instructions',
}

/** Of what, by whom, until when, and what becomes of what is missed; shown as it would be before it starts. */
export function StartForm({ form, dueAt, zone, actions }: Props) {
  const router = useRouter()
  const element = useRef<HTMLFormElement>(null)
  const [state, setState] = useState<FormState<unknown>>(idle)
  const [plan, setPlan] = useState<AccessReviewPlan | null>(null)
  const [rule, setRule] = useState<ReviewerRule>('manager')
  const [pending, start] = useTransition()
  const { chosen } = form
  const error = (name: keyof typeof controls) => fieldError(state, name)

  function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    start(async () => {
      const answer = await sent(actions.preview, data)
      setState(answer)
      setPlan(answer.status === 'done' ? (answer.result ?? null) : null)
    })
  }

  function begin() {
    if (!element.current) return
    const data = new FormData(element.current)
    start(async () => {
      const answer = await sent(actions.start, data)
      setState(answer)
      if (answer.status !== 'done') return setPlan(null)
      router.push(`${ACCESS_REVIEWS}/${answer.result?.reviewId}?started=1` as Route)
    })
  }

  return (
    <div className="stack gap-4!">
      <Field
        className="max-w-96"
        label="Application"
        id={controls.applicationId}
        hint="Who holds what there is read when you ask what would be reviewed."
      >
        <Combobox
          items={form.applications.map(({ id, name }) => ({ value: id, label: name }))}
          placeholder="Find an application"
          empty="Nothing of that name"
          value={chosen ? { value: chosen.id, label: chosen.name } : null}
          onValueChange={(item) =>
            router.push(`${ACCESS_REVIEWS}/new${item ? `?application=${item.value}` : ''}` as Route)
          }
        />
      </Field>
      {chosen ? (
        // What was shown is about what stood here then: any change takes it away.
        <form
          ref={element}
          className="stack gap-4!"
          aria-label="New access review"
          noValidate
          onSubmit={ask}
          onChange={() => setPlan(null)}
        >
          <input type="hidden" name="applicationId" value={chosen.id} />
          <input type="hidden" name="zone" value={zone} />
          <ErrorSummary problems={problemsOf(state, controls)} title="Nothing was started" />
          <section className="card card-pad stack gap-5!" aria-label="What is reviewed">
            <Field label="Name" id={controls.name} required error={error('name')}>
              <Input name="name" maxLength={80} autoComplete="off" placeholder={`${chosen.name}, autumn`} />
            </Field>
            <Field
              label="Only these entitlements"
              id={controls.entitlementIds}
              hint="Everything of the application where none is chosen."
              error={error('entitlementIds')}
            >
              <MultiCombobox
                name="entitlementIds"
                items={form.entitlements.map(({ id, name }) => ({
                  value: id,
                  label: name,
                  kind: 'entitlement',
                }))}
                placeholder="Find an entitlement"
                onValueChange={() => setPlan(null)}
              />
            </Field>
            <fieldset id={controls.reviewers} tabIndex={-1}>
              <legend className="label mb-1.5">Who reviews</legend>
              <RadioCards
                name="reviewers"
                value={rule}
                onValueChange={(value) => setRule(value as ReviewerRule)}
                options={[
                  { value: 'manager', label: 'The holder’s manager' },
                  { value: 'owners', label: 'The application’s owners' },
                  { value: 'people', label: 'People you name' },
                ]}
              />
              <p className="hint mt-1.5">
                Nobody reviews their own access. Where nobody is left: the owners, then the admins.
              </p>
              {error('reviewers') ? <FieldError>{error('reviewers')}</FieldError> : null}
            </fieldset>
            {rule === 'people' ? (
              <Field
                label="Reviewers"
                id={controls.reviewerIds}
                required
                hint="Any one of them decides on a line."
                error={error('reviewerIds')}
              >
                <MultiCombobox
                  name="reviewerIds"
                  items={form.people.map(({ id, name, team }) => ({
                    value: id,
                    label: name,
                    ...(team ? { sub: team } : {}),
                    kind: 'person',
                  }))}
                  placeholder="Find a person"
                  onValueChange={() => setPlan(null)}
                />
              </Field>
            ) : null}
            <Field
              className="max-w-80"
              label="Due"
              id={controls.dueAt}
              note={`in ${zone}`}
              required
              hint="At least a day ahead."
              error={error('dueAt')}
            >
              <Input type="datetime-local" name="dueAt" defaultValue={dueAt} />
            </Field>
            <fieldset id={controls.consequence} tabIndex={-1}>
              <legend className="label mb-1.5">What nobody decided on by then</legend>
              <RadioCards
                name="consequence"
                defaultValue="visible"
                options={missedConsequences.map((value) => ({ value, ...consequenceWords[value] }))}
              />
              {error('consequence') ? <FieldError>{error('consequence')}</FieldError> : null}
            </fieldset>
            <Field
              label="For the reviewers"
              id={controls.instructions}
              hint="If you like: what they should look for. Stands in their mail."
              error={error('instructions')}
            >
              <Textarea name="instructions" rows={2} maxLength={2_000} />
            </Field>
            {plan ? null : (
              <div className="row">
                <Button type="submit" variant="primary" pending={pending}>
                  Show what would be reviewed
                </Button>
              </div>
            )}
          </section>
          {plan ? (
            <PlanCard
              plan={plan}
              rule={rule}
              pending={pending}
              onConfirm={begin}
              onBack={() => setPlan(null)}
            />
          ) : null}
        </form>
      ) : null}
    </div>
  )
}
