import type { Metadata } from 'next'
import { TakeEverything } from '@/components/brakes/take-everything'
import { LeaseClock } from '@/components/lease/lease-clock'
import { settingsCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { takeBackPreview } from '@/lib/queries/brakes'
import { requireViewer } from '@/lib/session'
import { takeEverything } from './actions'

export const metadata: Metadata = { title: 'Take everything back' }

/** From a person (`?person=`) or on an application (`?application=`). */
export default async function TakeBackPage({ searchParams }: PageProps<'/settings/take-back'>) {
  const { ctx, now, zone } = await requireViewer()
  const { person, application } = await searchParams
  const scope = typeof person === 'string' ? 'person' : 'application'
  const id = scope === 'person' ? person : application
  if (typeof id !== 'string' || !isUuid(id)) return notHere()
  const preview = await takeBackPreview(ctx, scope, id, now)
  if (!preview) return notHere()
  const where = scope === 'person' ? `from ${preview.name}` : `on ${preview.name}`
  const list =
    scope === 'person'
      ? { label: 'People', href: '/settings/people' }
      : { label: 'Applications', href: '/settings/access-management/applications' }
  const backHref = `${list.href}/${id}`
  return (
    <PageFrame
      crumbs={[
        ...settingsCrumbs,
        list,
        { label: preview.name, href: backHref },
        { label: 'Take everything back' },
      ]}
    >
      <LeaseClock now={now}>
        <h1 className="page-title mb-4">Take everything back {where}</h1>
        <TakeEverything
          scope={scope}
          id={id}
          where={where}
          rows={preview.rows}
          more={preview.more}
          backHref={backHref}
          now={now}
          zone={zone}
          take={takeEverything}
        />
      </LeaseClock>
    </PageFrame>
  )
}
