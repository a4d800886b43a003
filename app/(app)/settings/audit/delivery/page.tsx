import type { Metadata } from 'next'
import { ReceiverCard } from '@/components/audit/receiver-card'
import { AddReceiver } from '@/components/audit/receiver-forms'
import { auditCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { EmptyState } from '@/components/ui/labels'
import { notHere } from '@/lib/not-here'
import { receiversPage } from '@/lib/queries/receivers'
import { MOST_RECEIVERS } from '@/lib/receiver-views'
import { requireViewer } from '@/lib/session'
import * as acts from './actions'

export const metadata: Metadata = { title: 'Delivery · Audit log' }

export default async function DeliveryPage() {
  const { ctx, now, zone } = await requireViewer()
  const page = await receiversPage(ctx)
  if (!page) return notHere()
  const { receivers, last, wall, canEdit } = page
  return (
    <PageFrame crumbs={[...auditCrumbs, { label: 'Delivery' }]}>
      <div className="page-narrow">
        <div className="page-head">
          <h1 className="page-title sr-phone">Delivery</h1>
          <span className="grow" />
          {canEdit && receivers.length < MOST_RECEIVERS ? <AddReceiver add={acts.add} /> : null}
        </div>
        <p className="page-sub">
          Every entry of the audit log is sent to these systems, signed, in the order of its chain, which ends
          at position {last.toLocaleString('en')} now. What a system does not take is sent again until it
          does.
        </p>
        <div className="stack mt-4 gap-4!">
          {receivers.map((receiver) => (
            <ReceiverCard
              key={receiver.id}
              receiver={receiver}
              last={last}
              look={{ now, wall, zone }}
              acts={canEdit ? { ...acts } : null}
            />
          ))}
        </div>
        {receivers.length === 0 ? (
          <div className="card">
            <EmptyState icon="send" title="The audit log is not delivered anywhere">
              {canEdit
                ? 'Add a system of yours that collects security events, such as a SIEM.'
                : 'An admin can add a system that collects security events.'}
            </EmptyState>
          </div>
        ) : null}
      </div>
    </PageFrame>
  )
}
