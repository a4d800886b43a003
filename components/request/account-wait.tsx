'use client'

import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Callout } from '@/components/ui/labels'
import type { AccountWaitView } from '@/lib/account-views'
import { nameList } from '@/lib/asking-words'
import type { SendForm } from '@/lib/forms/state'
import { useSendForm } from './use-form'

type Props = { wait: AccountWaitView; nameAccount: SendForm<{ account: string }> }

const reasons: Record<AccountWaitView['kind'], (application: string) => string> = {
  ambiguous: (application) => `More than one account in ${application} fits your address.`,
  missing: (application) => `No account in ${application} goes by your address.`,
  address_changed: (application) =>
    `Your account in ${application} goes by another address than when it was linked.`,
  recycled: (application) => `Your address belongs to another account in ${application} by now.`,
  taken: (application) => `The account in ${application} that fits your address is linked to somebody else.`,
}

/** Why it is not given yet though it is agreed: nobody has said which account is theirs. They may name it. */
export function AccountWait({ wait, nameAccount }: Props) {
  const form = useSendForm(nameAccount, { text: 'account-name' })
  const who = wait.askedOf.length > 0 ? nameList(wait.askedOf) : 'An admin'
  const named = form.state.status === 'done' ? form.state.result?.account : wait.named
  return (
    <section className="panel stack mb-4" aria-labelledby="account-wait">
      <h2 className="panel-title" id="account-wait">
        It waits for your account
      </h2>
      <Callout tone="warn">
        <p>
          {reasons[wait.kind](wait.application)} {who} {wait.askedOf.length > 1 ? 'were' : 'was'} asked which
          one is yours, and nothing is given before that is said.
        </p>
      </Callout>
      {named ? (
        <p className="quiet" role="status">
          You named <b className="bb">{named}</b>. It is theirs to confirm.
        </p>
      ) : null}
      {wait.typing ? (
        <form className="stack" aria-label="Name your account" {...form.props}>
          <input type="hidden" name="applicationId" value={wait.applicationId} />
          <ErrorSummary problems={form.problems} title="Nothing was sent" />
          <Field
            id="account-name"
            label={named ? 'Name another one' : `Your account in ${wait.application}`}
            hint="Its name, login or address there, as it is written. It is looked up before anybody is asked."
            error={form.error('text')}
          >
            <Input name="text" autoComplete="off" maxLength={300} defaultValue={form.was('text')} />
          </Field>
          <div>
            <Button type="submit" icon="send" pending={form.pending}>
              Name this account
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  )
}
