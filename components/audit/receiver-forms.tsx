'use client'

import { FormDialog } from '@/components/application/form-dialog'
import { Button } from '@/components/ui/button'
import { RadioGroup } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { FormState } from '@/lib/form'
import { fieldError, type SendForm, typed } from '@/lib/forms/state'
import { formatLabels, type ReceiverView, receiverFormats } from '@/lib/receiver-views'

/** Address, secret and format, as both forms ask for them. */
function Fields({ state, kept }: { state: FormState<unknown>; kept?: ReceiverView }) {
  return (
    <>
      <Field
        label="Address"
        required
        hint="One https address that takes POST. Put no secret in it: auditors see it."
        error={fieldError(state, 'url')}
      >
        <Input
          name="url"
          type="url"
          defaultValue={typed(state, 'url') ?? kept?.url}
          maxLength={2000}
          placeholder="https://siem.example.com/leasehold"
          autoComplete="off"
        />
      </Field>
      <Field
        label={kept ? 'New signing secret' : 'Signing secret'}
        required={!kept}
        hint={
          kept
            ? 'Leave it blank to keep the present one. It is never shown.'
            : 'whsec_ followed by 24 to 64 random bytes in base64. It is never shown again.'
        }
        error={fieldError(state, 'secret')}
      >
        <Input name="secret" type="password" maxLength={200} autoComplete="off" />
      </Field>
      <Field label="What it gets" error={fieldError(state, 'format')}>
        <RadioGroup
          name="format"
          defaultValue={kept?.format ?? 'jsonl'}
          options={receiverFormats.map((value) => ({
            value: value as string,
            label: formatLabels[value],
            hint: value === 'ocsf' ? 'OCSF 1.5.0, category Identity & Access Management' : undefined,
          }))}
        />
      </Field>
    </>
  )
}

/** The button and the form that add a receiver. */
export function AddReceiver({ add }: { add: SendForm<{ receiverId: string }> }) {
  return (
    <FormDialog
      title="Deliver the audit log"
      description="Messages are signed as Standard Webhooks has it."
      trigger={
        <Button icon="plus" variant="primary">
          Add a receiver
        </Button>
      }
      action={add}
      hidden={{}}
      submitLabel="Start delivering"
      done="Delivery has started"
    >
      {(state) => (
        <div className="stack gap-4!">
          <Fields state={state} />
          <Field label="From where on" error={fieldError(state, 'from')}>
            <RadioGroup
              name="from"
              defaultValue="now"
              options={[
                { value: 'now', label: 'From now on' },
                { value: 'start', label: 'Everything since the beginning' },
              ]}
            />
          </Field>
        </div>
      )}
    </FormDialog>
  )
}

/** Changes a receiver; what waits is tried at once. */
export function EditReceiver({
  receiver,
  edit,
}: {
  receiver: ReceiverView
  edit: SendForm<{ version: number }>
}) {
  return (
    <FormDialog
      title={`Change ${receiver.host}`}
      trigger={<Button icon="pencil">Change…</Button>}
      action={edit}
      hidden={{ receiverId: receiver.id, version: receiver.version }}
      submitLabel="Save receiver"
      done="Receiver saved"
    >
      {(state) => (
        <div className="stack gap-4!">
          <Fields state={state} kept={receiver} />
        </div>
      )}
    </FormDialog>
  )
}

/** Sends everything from a position on once more. */
export function ReplayReceiver({
  receiver,
  last,
  replay,
}: {
  receiver: ReceiverView
  last: number
  replay: SendForm<{ from: number }>
}) {
  return (
    <FormDialog
      title={`Deliver to ${receiver.host} once more`}
      description={`It has everything up to position ${receiver.position.toLocaleString('en')}; the chain ends at ${last.toLocaleString('en')}. What it gets twice carries the same position twice.`}
      trigger={<Button icon="undo">Replay…</Button>}
      action={replay}
      hidden={{ receiverId: receiver.id }}
      submitLabel="Deliver again"
      done="It is delivered once more"
    >
      {(state) => (
        <Field
          label="From position"
          required
          hint="1 is the beginning. A later position leaves out what lies before it."
          error={fieldError(state, 'from')}
          className="max-w-72"
        >
          <Input name="from" inputMode="numeric" defaultValue={typed(state, 'from') ?? '1'} maxLength={15} />
        </Field>
      )}
    </FormDialog>
  )
}
