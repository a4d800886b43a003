'use client'

import { EntitlementName } from '@/components/request/entitlement-name'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Badge, Callout } from '@/components/ui/labels'
import type { FindingsView, WatchedEntitlement } from '@/lib/finding-views'
import { formatClock } from '@/lib/format'
import { fieldError, type SendForm } from '@/lib/forms/state'
import { FormDialog } from './form-dialog'

type Props = { view: FindingsView; act: SendForm<{ version: number }>; now: Date; zone: string }

/** Who holds each entitlement by which right, and which of them nobody may hold without one. */
export function WatchedCard({ view, act, now, zone }: Props) {
  return (
    <section className="card" aria-labelledby="watched">
      <div className="card-head">
        <h2 className="card-title" id="watched">
          Who may hold what
        </h2>
      </div>
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '150px' }} />
          <col style={{ width: '88px' }} />
          <col style={{ width: '88px' }} />
          <col style={{ width: view.can.exclusive ? '250px' : '150px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Entitlement</th>
            <th scope="col">Read</th>
            <th scope="col" className="r">
              Standing
            </th>
            <th scope="col" className="r">
              Leased
            </th>
            <th scope="col">Without a right</th>
          </tr>
        </thead>
        <tbody>
          {view.entitlements.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <span className="b">
                  <EntitlementName name={row.name} />
                </span>
              </th>
              <td data-label="Read">
                {row.readAt ? formatClock(row.readAt, zone, now) : <span className="ink2">not yet</span>}
              </td>
              <td data-label="Standing" className="r num">
                {row.readAt ? row.standing : '–'}
              </td>
              <td data-label="Leased" className="r num">
                {row.leased}
              </td>
              <td data-label="Without a right">
                <span className="inline-flex flex-wrap items-center gap-2">
                  {row.exclusive ? (
                    <Badge tone="info" icon="lock">
                      Removed, {row.cap} at most
                    </Badge>
                  ) : (
                    <span className="ink2">A finding</span>
                  )}
                  {view.can.exclusive ? <Exclusive row={row} act={act} /> : null}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`)

function Exclusive({ row, act }: { row: WatchedEntitlement; act: Props['act'] }) {
  const turnOn = !row.exclusive
  if (turnOn && !row.readAt) return null
  return (
    <FormDialog
      title={turnOn ? `Make ${row.name} just-in-time only?` : `End just-in-time only for ${row.name}?`}
      description={
        turnOn
          ? 'From then on every complete reading removes whoever holds it with neither a lease nor a standing right.'
          : 'From then on whoever holds it without a right is a finding, and nobody is removed by itself.'
      }
      trigger={
        <Button
          size="sm"
          aria-label={`${turnOn ? 'Just-in-time only' : 'End just-in-time only'}: ${row.name}`}
        >
          {turnOn ? 'Just-in-time only…' : 'End…'}
        </Button>
      }
      action={act}
      hidden={{ entitlementId: row.id, version: row.version, exclusive: String(turnOn) }}
      submitLabel={turnOn ? 'Make it just-in-time only' : 'End just-in-time only'}
      done={turnOn ? `${row.name} is just-in-time only` : `${row.name} is not just-in-time only any more`}
    >
      {(state) =>
        turnOn ? (
          <>
            {row.strangers.map(({ findingId }) => (
              <input key={findingId} type="hidden" name="seen" value={findingId} />
            ))}
            <Callout tone={row.strangers.length > 0 ? 'warn' : 'ok'} icon="eye">
              <b>
                {row.strangers.length > 0
                  ? `The next reading would remove ${people(row.strangers.length)}: `
                  : 'The next reading would remove nobody. '}
              </b>
              {row.strangers.map(({ name }) => name).join(', ')}
              {row.strangers.length > 0 ? '. ' : ''}
              {row.standing > 0 ? `${people(row.standing)} standing and ` : ''}
              {row.leased === 1 ? '1 lease stays.' : `${row.leased} leases stay.`}
            </Callout>
            <Field
              label="At most in one reading"
              hint="With more than that to remove, nobody is removed and the admins are told."
              required
              error={fieldError(state, 'cap')}
            >
              <Input name="cap" type="number" min={1} max={50} defaultValue={row.cap} />
            </Field>
          </>
        ) : (
          <input type="hidden" name="cap" value={row.cap} />
        )
      }
    </FormDialog>
  )
}
