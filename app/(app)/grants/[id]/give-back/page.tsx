import type { Metadata } from 'next'
import { GiveBackForm } from '@/components/home/give-back-form'
import { LeaseClock, LeaseText, LiveLeaseBar } from '@/components/lease/lease-clock'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { myLease } from '@/lib/queries/home'
import { requireViewer } from '@/lib/session'
import { giveBackAndGoHome } from './actions'

export const metadata: Metadata = { title: 'Give back' }

export default async function GiveBackPage({ params }: PageProps<'/grants/[id]/give-back'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const { now, zone } = viewer
  const lease = isUuid(id) ? await myLease(viewer.ctx, id, now) : null
  if (!lease) return notHere()
  const { times } = lease
  const open = ['scheduled', 'provisioning', 'active'].includes(times.state)
  return (
    <PageFrame
      className="screen-extend inapp"
      crumbs={[{ label: 'Home', href: '/' }, { label: 'Give back' }]}
    >
      <LeaseClock now={now}>
        <div className="solo-main solo-one">
          <div>
            <div className="card leasebox mb-4">
              <LeaseText facts={times} now={now} zone={zone} className="lease-text t-md" style="sentence" />
              <LiveLeaseBar facts={times} now={now} zone={zone} size="large" labels />
            </div>
            {open ? (
              <GiveBackForm lease={lease} now={now} giveBack={giveBackAndGoHome} />
            ) : (
              <div className="panel stack">
                <h1 className="panel-title">{`Give ${lease.entitlement.name} back`}</h1>
                <Callout>
                  <p>
                    {times.state === 'revoking'
                      ? 'It is being taken back already.'
                      : `You do not hold ${lease.entitlement.name} any more. There is nothing to give back.`}
                  </p>
                </Callout>
                <LinkButton href="/">My access</LinkButton>
              </div>
            )}
          </div>
        </div>
      </LeaseClock>
    </PageFrame>
  )
}
