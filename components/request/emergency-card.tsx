'use client'

import { SubmitButton } from '@/components/ui/button'
import { CheckboxField } from '@/components/ui/choice'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, FieldError } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Textarea } from '@/components/ui/input'
import { Callout } from '@/components/ui/labels'
import { nameList, numberWord } from '@/lib/asking-words'
import { formatDuration } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { ApplicationView, EmergencyOffer, EntitlementView } from '@/lib/views'
import { EntitlementName } from './entitlement-name'
import { useSendForm } from './use-form'

type EmergencyCardProps = {
  offer: EmergencyOffer
  entitlement: EntitlementView
  application: ApplicationView
  take: SendForm<{ requestId: string }>
}

const controls = { reason: 'emergency-what', known: 'emergency-known' }

/** Emergency access, apart from the usual form: what happens, then one form of its own; or why there is none now. */
export function EmergencyCard({ offer, entitlement, application, take }: EmergencyCardProps) {
  return (
    <section className="em-card" aria-labelledby="emergency">
      <h2 className="em-title" id="emergency">
        <Icon name="triangle-alert" /> Emergency access
      </h2>
      {offer.why ? (
        <p>
          Not now. <span className="ink2">{offer.why}.</span>
        </p>
      ) : (
        <>
          <p>
            If this cannot wait for an answer, you get <EntitlementName name={entitlement.name} /> at once,
            for <b className="b">{formatDuration(offer.seconds)}</b>.
          </p>
          <ul className="em-says">
            {application.byHand ? (
              <li>
                People give it by hand on {application.name}: they are asked now, and the time counts once it
                is done.
              </li>
            ) : null}
            <li>It ends by itself and cannot be extended.</li>
            <li>{toldWords(offer.told)}</li>
            <li>Afterwards it is reviewed. Until that is done you can take no other.</li>
            {offer.pending ? <li>Your request for it that is not decided yet is withdrawn.</li> : null}
            {offer.takenBack ? (
              <li>You held it until just now: it is given once it is seen gone on {application.name}.</li>
            ) : null}
          </ul>
          {offer.heldBack ? (
            <Callout tone="warn" icon="pause">
              <p>
                <b>{offer.heldBack}.</b> That holds back emergency access too: it is given when giving goes
                on.
              </p>
            </Callout>
          ) : null}
          <EmergencyForm entitlementId={entitlement.id} name={entitlement.name} take={take} />
        </>
      )}
    </section>
  )
}

function EmergencyForm({
  entitlementId,
  name,
  take,
}: {
  entitlementId: string
  name: string
  take: EmergencyCardProps['take']
}) {
  const form = useSendForm(take, controls)
  const known = form.error('known')
  return (
    <form className="stack" aria-label={`Emergency access to ${name}`} {...form.props}>
      <input type="hidden" name="entitlementId" value={entitlementId} />
      <ErrorSummary problems={form.problems} title="Nothing was taken" />
      <Field
        id={controls.reason}
        label="What is the emergency"
        hint="Owners and admins read this now, and whoever reviews it later."
        error={form.error('reason')}
        required
      >
        <Textarea
          name="reason"
          rows={2}
          maxLength={2000}
          defaultValue={form.was('reason')}
          placeholder="What is broken, and what are you going to do there?"
        />
      </Field>
      <div>
        <CheckboxField
          id={controls.known}
          name="known"
          label="I know that this is announced and reviewed"
          defaultChecked={form.was('known') === 'on'}
          required
          aria-invalid={known ? true : undefined}
          aria-describedby={known ? 'emergency-known-error' : undefined}
        />
        {known ? <FieldError id="emergency-known-error">{known}</FieldError> : null}
      </div>
      <div>
        <SubmitButton variant="danger-solid" icon="triangle-alert" pending={form.pending}>
          Take emergency access
        </SubmitButton>
      </div>
    </form>
  )
}

function toldWords(names: readonly string[]): string {
  if (names.length === 0)
    return 'Nobody else is an owner or an admin, so nobody is told now, and nobody can review it.'
  const who = names.length > 3 ? `The ${numberWord(names.length)} owners and admins` : nameList(names)
  return `${who} ${names.length === 1 ? 'is' : 'are'} told now.`
}
