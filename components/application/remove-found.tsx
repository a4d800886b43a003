'use client'

import { EntitlementName } from '@/components/request/entitlement-name'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input, Textarea } from '@/components/ui/input'
import { Callout } from '@/components/ui/labels'
import type { FindingsView, FindingView } from '@/lib/finding-views'
import { fieldError, type SendForm } from '@/lib/forms/state'
import { FormDialog } from './form-dialog'

type Props = {
  view: FindingsView
  /** Who was chosen. */
  items: readonly FindingView[]
  act: SendForm<{ ordered: number }>
  onDone: () => void
}

/** Names whom a removal would take what from, before it is ordered. So many in one go. */
export function RemoveFound({ view, items, act, onDone }: Props) {
  const count = items.length === 1 ? '1 access' : `${items.length} accesses`
  const tooMany = items.length > view.mostRemoved
  if (items.length === 0 || tooMany)
    return (
      <Button
        size="sm"
        icon="undo"
        disabled
        title={tooMany ? `At most ${view.mostRemoved} in one go` : 'Choose whose access is removed'}
      >
        {tooMany ? `Remove (at most ${view.mostRemoved})` : 'Remove chosen'}
      </Button>
    )
  return (
    <FormDialog<{ ordered: number }>
      wide
      title={`Remove ${count} from ${view.application}?`}
      description="Nothing was removed yet. This is what would be:"
      trigger={
        <Button size="sm" variant="danger" icon="undo">
          Remove {count}…
        </Button>
      }
      action={async (state, form) => {
        const answer = await act(state, form)
        if (answer.status === 'done') onDone()
        return answer
      }}
      hidden={{ applicationId: view.applicationId }}
      submitLabel={`Remove ${count}`}
      done={`${count} being removed`}
    >
      {(state) => (
        <>
          <ul className="stack gap-1!">
            {items.map((item) => (
              <li key={item.id}>
                <input type="hidden" name="findingIds" value={item.id} />
                <b>{item.who}</b> loses <EntitlementName name={item.entitlement} />
                {item.account ? <span className="hint"> (account {item.account})</span> : null}
              </li>
            ))}
          </ul>
          <Callout icon="eye">
            Each is looked at afterwards, and its finding closes only once it is seen gone. Whoever gets a
            lease before that keeps it.
          </Callout>
          <Field label="Reason" required error={fieldError(state, 'reason')}>
            <Textarea name="reason" rows={2} maxLength={2_000} />
          </Field>
          <Field label={`Type ${view.application} to confirm`} required error={fieldError(state, 'confirm')}>
            <Input name="confirm" autoComplete="off" spellCheck={false} />
          </Field>
        </>
      )}
    </FormDialog>
  )
}
