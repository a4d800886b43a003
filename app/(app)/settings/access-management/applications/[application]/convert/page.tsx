import type { Metadata } from 'next'
import { ConvertForm } from '@/components/convert/convert-form'
import { PickEntitlement } from '@/components/convert/pick-entitlement'
import { PlannedCard } from '@/components/convert/planned-card'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { Callout } from '@/components/ui/labels'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { convertPage } from '@/lib/queries/conversions'
import { requireViewer } from '@/lib/session'
import { callOff, convert, preview } from './actions'

export const metadata: Metadata = { title: 'Turn standing access into leases' }

export default async function ConvertPage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/applications/[application]/convert'>) {
  const { ctx, now, zone } = await requireViewer()
  const { application: id } = await params
  const { entitlement } = await searchParams
  const wanted = typeof entitlement === 'string' && isUuid(entitlement) ? entitlement : null
  const page = isUuid(id) ? await convertPage(ctx, id, wanted) : null
  if (!page) return notHere()
  const { application, chosen } = page
  const list = '/settings/access-management/applications'
  return (
    <PageFrame
      className="screen-convert"
      crumbs={[
        ...accessCrumbs,
        { label: 'Applications', href: list },
        { label: application.name, href: `${list}/${application.id}` },
        { label: 'Turn standing access into leases' },
      ]}
    >
      <h1 className="page-title">Turn standing access into leases</h1>
      <p className="page-sub">
        Whoever holds something on {application.name} for good keeps it until a date, and asks for it like
        everybody else afterwards. Everybody concerned is told first, and until it begins it can be called
        off.
      </p>
      <div className="stack mt-5 gap-4!">
        <PickEntitlement
          applicationId={application.id}
          choices={page.entitlements}
          chosen={chosen?.id ?? null}
        />
        {chosen?.problem ? <Callout tone="warn">{chosen.problem.replace(/\.?$/, '.')}</Callout> : null}
        {chosen && !chosen.problem ? (
          <ConvertForm
            key={chosen.id}
            application={application}
            entitlement={chosen}
            holders={chosen.holders}
            now={now}
            zone={zone}
            actions={{ preview, convert }}
          />
        ) : null}
        <PlannedCard planned={page.planned} now={now} zone={zone} callOff={callOff} />
      </div>
    </PageFrame>
  )
}
