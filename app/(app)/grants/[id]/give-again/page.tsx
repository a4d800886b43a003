import type { Metadata } from 'next'
import { GiveAgainForm } from '@/components/home/give-again-form'
import { LeaseClock, LeaseText, LiveLeaseBar } from '@/components/lease/lease-clock'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { leaseToGiveAgain } from '@/lib/queries/home'
import { requireViewer } from '@/lib/session'
import { giveAgainAndGoHome } from './actions'

export const metadata: Metadata = { title: 'Give again' }

export default async function GiveAgainPage({ params }: PageProps<'/grants/[id]/give-again'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const { now, zone } = viewer
  const found = isUuid(id) ? await leaseToGiveAgain(viewer.ctx, id, now) : null
  if (!found) return notHere()
  const { lease } = found
  const { times } = lease
  return (
    <PageFrame
      className="screen-extend inapp"
      crumbs={[{ label: 'Home', href: '/' }, { label: 'Give again' }]}
    >
      <LeaseClock now={now}>
        <div className="solo-main solo-one">
          <div>
            <div className="card leasebox mb-4">
              <LeaseText facts={times} now={now} zone={zone} className="lease-text t-md" style="sentence" />
              <LiveLeaseBar facts={times} now={now} zone={zone} size="large" labels />
            </div>
            {lease.missing && times.state === 'active' && !lease.preexisting ? (
              <GiveAgainForm lease={lease} holder={found.holder} giveAgain={giveAgainAndGoHome} />
            ) : (
              <div className="panel stack">
                <h1 className="panel-title">{`Give ${lease.entitlement.name} again`}</h1>
                <Callout>
                  <p>
                    {lease.missing && lease.preexisting
                      ? 'It was held before the lease and not given by us. It is asked for anew.'
                      : times.state === 'provisioning'
                        ? 'It is being given already.'
                        : 'Nobody has found it missing, so there is nothing to give again.'}
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
