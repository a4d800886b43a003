'use client'

import type { Route } from 'next'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Badge } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { useToast } from '@/components/ui/toast'
import type { ConversionView } from '@/lib/conversion'
import { formatClock } from '@/lib/format'
import { type SendForm, sent } from '@/lib/forms/state'

type CallOff = SendForm<{ count: number }>
type Props = { planned: readonly ConversionView[]; now: Date; zone: string; callOff: CallOff }

/** What is planned and what runs already; what has not begun can be called off. */
export function PlannedCard({ planned, now, zone, callOff }: Props) {
  if (planned.length === 0) return null
  const open = planned.filter((one) => one.state === 'planned')
  return (
    <section className="card overflow-hidden" aria-labelledby="cv-planned">
      <div className="card-head flex-wrap">
        <h2 className="card-title" id="cv-planned">
          Planned and running
        </h2>
        <span className="grow" />
        {open.length > 1 ? <CallOffButton of={open} callOff={callOff} label="Call all off" /> : null}
      </div>
      <table className="table settings-table">
        <colgroup>
          <col />
          <col style={{ width: '22%' }} />
          <col style={{ width: '22%' }} />
          <col style={{ width: '22%' }} />
          <col style={{ width: '110px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Entitlement</th>
            <th scope="col">Begins</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {planned.map((one) => (
            <tr key={one.grantId}>
              <th scope="row">
                <span className="cell2">
                  <Link className="b" href={`/settings/access-management/grants/${one.grantId}` as Route}>
                    {one.person}
                  </Link>
                  <small>planned by {one.plannedBy ?? 'somebody'}</small>
                </span>
              </th>
              <td data-label="Entitlement" className="wrap-anywhere">
                {one.entitlement}
              </td>
              <td data-label="Begins">
                {one.state === 'runs' ? (
                  <Badge tone="ok">a lease now</Badge>
                ) : (
                  formatClock(one.startAt, zone, now)
                )}
              </td>
              <td data-label="Ends">{one.endsAt ? formatClock(one.endsAt, zone, now) : ''}</td>
              <td className="r">
                {one.state === 'planned' ? (
                  <CallOffButton of={[one]} callOff={callOff} label="Call off" />
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function CallOffButton({
  of,
  callOff,
  label,
}: {
  of: readonly ConversionView[]
  callOff: CallOff
  label: string
}) {
  const toast = useToast()
  const [first] = of
  const who = of.length === 1 ? `${first?.person}’s lease` : `${of.length} leases`
  return (
    <ConfirmDialog
      title={`Call off ${who}?`}
      trigger={<Button size="sm">{label}</Button>}
      consequences={[
        {
          icon: 'infinity',
          text:
            of.length === 1
              ? `${first?.person} keeps ${first?.entitlement} for good, as before.`
              : 'They keep what they hold for good, as before.',
        },
        { icon: 'mail', text: of.length === 1 ? 'They are told now.' : 'Each of them is told now.' },
      ]}
      confirmLabel="Call off"
      keepLabel="Leave it planned"
      tone="primary"
      reason={{ label: 'Reason', hint: 'Stands in the mail.' }}
      onConfirm={async (reason) => {
        const form = new FormData()
        for (const { grantId } of of) form.append('grantIds', grantId)
        form.set('reason', reason)
        const state = await sent(callOff, form)
        if (state.status !== 'done') return state.message ?? 'That did not work. Try again'
        toast({
          title: state.result?.count === 1 ? 'Called off' : `${state.result?.count} leases called off`,
        })
        return null
      }}
    />
  )
}
