import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AskForm } from '@/components/request/ask-form'
import { CannotAsk } from '@/components/request/cannot-ask'
import { EmergencyCard } from '@/components/request/emergency-card'
import { EntitlementName } from '@/components/request/entitlement-name'
import { PageFrame } from '@/components/shell/page-frame'
import { plus } from '@/lib/domain/duration'
import { isUuid } from '@/lib/ids'
import { askForm } from '@/lib/queries/catalogue'
import { emergencyOffer } from '@/lib/queries/emergencies'
import { requireViewer } from '@/lib/session'
import { ask, takeEmergency } from './actions'

export const metadata: Metadata = { title: 'Request access' }

export default async function RequestAccessPage({ params }: PageProps<'/catalogue/[entitlement]/request'>) {
  const viewer = await requireViewer()
  const { entitlement } = await params
  const form = isUuid(entitlement) ? await askForm(viewer.ctx, entitlement, viewer.now) : null
  if (!form) notFound()
  const { now, zone } = viewer
  const emergency = await emergencyOffer(viewer.ctx, entitlement, now)
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
        {form.standing.kind === 'free' ? (
          <AskForm
            entitlement={form.entitlement}
            application={form.application}
            permanent={form.mode === 'permanent'}
            presets={form.presets}
            reasonRequired={form.reasonRequired}
            extensions={form.extensions}
            steps={form.steps}
            approverNames={form.approverNames}
            usualSeconds={form.usualSeconds}
            lapsesAt={plus(now, form.decideWithinSeconds)}
            past={form.past}
            now={now}
            zone={zone}
            ask={ask}
          />
        ) : (
          <CannotAsk form={form} standing={form.standing} now={now} zone={zone} />
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
