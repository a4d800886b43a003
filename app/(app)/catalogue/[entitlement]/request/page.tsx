import type { Metadata } from 'next'
import { FreezeNote } from '@/components/brakes/freeze-note'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AskForm } from '@/components/request/ask-form'
import { CannotAsk } from '@/components/request/cannot-ask'
import { EmergencyCard } from '@/components/request/emergency-card'
import { EntitlementName } from '@/components/request/entitlement-name'
import { CannotHold } from '@/components/separation/cannot-hold'
import { ConflictNotice, isRefused } from '@/components/separation/conflict-notice'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { freezeOn } from '@/lib/queries/brakes'
import { askableFor, askForm } from '@/lib/queries/catalogue'
import { emergencyOffer } from '@/lib/queries/emergencies'
import { separationNotice } from '@/lib/queries/separations'
import { requireViewer } from '@/lib/session'
import { ask, takeEmergency } from './actions'

export const metadata: Metadata = { title: 'Request access' }

export default async function RequestAccessPage({
  params,
  searchParams,
}: PageProps<'/catalogue/[entitlement]/request'>) {
  const viewer = await requireViewer()
  const { entitlement } = await params
  const { for: wanted } = await searchParams
  const { ctx, now, zone } = viewer
  const forId = typeof wanted === 'string' && isUuid(wanted) ? wanted : null
  const form = isUuid(entitlement) ? await askForm(ctx, entitlement, now, forId) : null
  if (!form) return notHere()
  const [people, freeze] = await Promise.all([askableFor(ctx), freezeOn(ctx, entitlement)])
  const notices = await separationNotice(ctx, entitlement, forId ?? viewer.person.id)
  const free = form.standing.kind === 'free'
  const emergency = form.beneficiary ? null : await emergencyOffer(ctx, entitlement, now)
  return (
    <PageFrame
      className="screen-request"
      title="Request access"
      crumbs={[
        { label: 'Catalogue', href: '/catalogue' },
        {
          label: form.application.name,
          href: `/catalogue?q=${encodeURIComponent(form.application.name)}`,
        },
        {
          label: (
            <>
              Request <EntitlementName name={form.entitlement.name} />
            </>
          ),
        },
      ]}
    >
      <LeaseClock now={now} every={10_000}>
        {freeze?.scope === 'application' ? (
          <div className="rq-note">
            <FreezeNote freeze={freeze} application={form.application.name} now={now} zone={zone} />
          </div>
        ) : null}
        {free && notices.length > 0 && !isRefused(notices) ? (
          <div className="rq-note">
            <ConflictNotice notices={notices} beneficiary={form.beneficiary} name={form.entitlement.name} />
          </div>
        ) : null}
        {free && isRefused(notices) ? (
          <CannotHold form={form} people={people} notices={notices} />
        ) : form.standing.kind === 'free' ? (
          <AskForm
            entitlement={form.entitlement}
            application={form.application}
            permanent={form.mode === 'permanent'}
            presets={form.presets}
            reasonRequired={form.reasonRequired}
            extensions={form.extensions}
            automatic={form.automatic}
            beneficiary={form.beneficiary}
            people={people}
            steps={form.steps}
            approverNames={form.approverNames}
            usualSeconds={form.usualSeconds}
            reminders={form.reminders}
            decideWithinSeconds={form.decideWithinSeconds}
            past={form.past}
            now={now}
            zone={zone}
            ask={ask}
          />
        ) : (
          <CannotAsk form={form} standing={form.standing} people={people} now={now} zone={zone} />
        )}
        {emergency ? (
          <EmergencyCard
            offer={emergency}
            entitlement={form.entitlement}
            application={form.application}
            take={takeEmergency}
          />
        ) : null}
      </LeaseClock>
    </PageFrame>
  )
}
