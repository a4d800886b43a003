'use client'

import type { Route } from 'next'
import { AppMark } from '@/components/ui/avatar'
import { SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, FieldError } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { Badge } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { agreeSentence, askedSteps, firstName } from '@/lib/asking-words'
import type { ApprovalStep } from '@/lib/domain/policy'
import { formatDuration, formatDurationShort } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { ApplicationView, EntitlementView } from '@/lib/views'
import { EntitlementName } from './entitlement-name'
import { ForWhom } from './for-whom'
import { useSendForm } from './use-form'
import { START_ID, WhenField } from './when-field'

/** One of several that are asked for in one go. */
export interface AskItem {
  readonly entitlement: EntitlementView
  readonly application: ApplicationView
  readonly permanent: boolean
  readonly automatic: boolean
  readonly presets: readonly {
    seconds: number
    noticeSeconds: number
    problem: string | null
    automatic: boolean
  }[]
  readonly steps: readonly ApprovalStep[]
  readonly approverNames: readonly (readonly string[])[]
  readonly usualSeconds: number | null
  /** The address of the form without it. */
  readonly withoutHref: string
}

type AskSeveralProps = {
  items: readonly AskItem[]
  /** What was picked and cannot be asked for now. */
  left: readonly { name: string; application: string; why: string }[]
  reasonRequired: boolean
  beneficiary: { id: string; name: string } | null
  people: readonly { id: string; name: string; team: string | null }[]
  picks: readonly string[]
  now: Date
  zone: string
  ask: SendForm<{ requestIds: string[] }>
}

/** Asks for several entitlements: each with its own length, and one reason, one start and one mail for all. */
export function AskSeveral(props: AskSeveralProps) {
  const { items, left, beneficiary, now, zone } = props
  const controls = Object.fromEntries([
    ['reason', 'why'],
    ['startAt', START_ID],
    ...items.flatMap((_, i) => [
      [`items[${i}]`, `item-${i}`],
      [`items[${i}].seconds`, `item-${i}`],
    ]),
  ])
  const form = useSendForm(props.ask, controls)
  const who = beneficiary ? firstName(beneficiary.name) : null
  return (
    <form className="rq rq-several" aria-label="Ask for several" {...form.props}>
      <input type="hidden" name="zone" value={zone} />
      {beneficiary ? <input type="hidden" name="personId" value={beneficiary.id} /> : null}
      <div className="rq-main">
        <ErrorSummary problems={form.problems} title="Nothing was sent" />
        <header>
          <h1 className="page-title">
            Ask for {items.length === 1 ? 'one thing' : `${items.length} things`} in one go
          </h1>
          <p className="ink2 mt-1">
            Each becomes a request of its own. Whoever decides gets one mail for all of them.
          </p>
        </header>
        <ForWhom
          people={props.people}
          beneficiary={beneficiary}
          keep={props.picks.map((pick) => ['pick', pick] as const)}
        />
        <ul className="rq-items">
          {items.map((item, i) => (
            <Item
              key={item.entitlement.id}
              item={item}
              index={i}
              was={form.was(`items[${i}].seconds`)}
              error={form.error(`items[${i}].seconds`) ?? form.error(`items[${i}]`)}
            />
          ))}
        </ul>
        {left.length > 0 ? (
          <div>
            <h2 className="rq-l">Left out</h2>
            <ul className="quiet">
              {left.map(({ name, application, why }) => (
                <li key={`${application} ${name}`}>
                  <EntitlementName name={name} /> on {application}: {why}.
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        <Field
          id="why"
          label={<span className="rq-l">{who ? `Why ${who} needs them` : 'Why you need them'}</span>}
          note={props.reasonRequired ? undefined : 'if you like'}
          hint="One reason for all. Whoever decides reads this first."
          error={form.error('reason')}
        >
          <Textarea name="reason" rows={3} maxLength={2000} defaultValue={form.was('reason')} />
        </Field>
        <WhenField was={form.was} error={form.error('startAt')} now={now} zone={zone} />
        <div className="row">
          <SubmitButton size="lg" variant="primary" pending={form.pending} disabled={items.length === 0}>
            {items.length === 1 ? 'Send 1 request' : `Send ${items.length} requests`}
          </SubmitButton>
          <Link className="u" href="/catalogue">
            Back to the catalogue
          </Link>
        </div>
      </div>
    </form>
  )
}

type ItemProps = { item: AskItem; index: number; was: string | undefined; error: string | null }

function Item({ item, index, was, error }: ItemProps) {
  const { entitlement, application, presets } = item
  const first = presets.find((p) => !p.problem)
  const extra = item.steps.some((step) => step.separationId)
  return (
    <li className="card rq-item" id={`item-${index}`} tabIndex={-1}>
      <input type="hidden" name={`items[${index}].entitlementId`} value={entitlement.id} />
      <header>
        <AppMark name={application.name} size={32} />
        <div className="grow">
          <h2>
            <EntitlementName name={entitlement.name} /> on {application.name}
          </h2>
          <p className="quiet">{whatHappens(item)}</p>
        </div>
        {entitlement.risk === 'high' ? (
          <Badge tone="warn" icon="flag">
            High risk
          </Badge>
        ) : null}
        <Link
          className="u"
          href={item.withoutHref as Route}
          aria-label={`Leave ${entitlement.name} out`}
          scroll={false}
        >
          Leave out
        </Link>
      </header>
      {item.permanent ? (
        <>
          <input type="hidden" name={`items[${index}].permanent`} value="on" />
          <p className="hint">Without an end.</p>
        </>
      ) : (
        <fieldset className="rq-lengths">
          <legend className="sr">For how long, {entitlement.name}</legend>
          {presets.map((p) => (
            <label className="tick" key={p.seconds}>
              <input
                type="radio"
                className="radio"
                name={`items[${index}].seconds`}
                value={p.seconds}
                defaultChecked={was ? was === String(p.seconds) : p === first}
                disabled={p.problem !== null}
              />
              <span>
                {formatDuration(p.seconds)}
                {p.automatic && !extra ? <small>agreed at once</small> : null}
                {p.problem ? <small>{p.problem}</small> : null}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {error ? <FieldError>{error}</FieldError> : null}
    </li>
  )
}

/** "Mira or Jonas agrees, usually within 25 min." */
function whatHappens({ usualSeconds, automatic, permanent, ...item }: AskItem): string {
  const { steps, approverNames } = askedSteps(item.steps, item.approverNames, permanent && automatic)
  if (steps.length === 0) return 'The access policy agrees at once.'
  const agreed = agreeSentence(steps, approverNames)
    .map(({ who, verb }) => `${who} ${verb}`)
    .join(', and then ')
  const usual = usualSeconds === null ? '' : `, usually within ${formatDurationShort(usualSeconds)}`
  return `${agreed.charAt(0).toUpperCase()}${agreed.slice(1)}${usual}.`
}
