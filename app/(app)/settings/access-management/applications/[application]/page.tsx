import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { ApplicationOverview } from '@/components/application/application-overview'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { applicationChoices, applicationPage } from '@/lib/queries/applications'
import { requireViewer } from '@/lib/session'
import * as actions from '../actions'

const load = cache(async (id: string) => {
  const viewer = await requireViewer()
  return { viewer, page: isUuid(id) ? await applicationPage(viewer.ctx, id) : null }
})

export async function generateMetadata({
  params,
}: PageProps<'/settings/access-management/applications/[application]'>): Promise<Metadata> {
  const { page } = await load((await params).application)
  return { title: page?.name ?? 'Application' }
}

export default async function ApplicationPage({
  params,
}: PageProps<'/settings/access-management/applications/[application]'>) {
  const { viewer, page } = await load((await params).application)
  if (!page) notFound()
  return (
    <PageFrame
      className="screen-application"
      crumbs={[
        ...accessCrumbs,
        { label: 'Applications', href: '/settings/access-management/applications' },
        { label: page.name },
      ]}
    >
      <ApplicationOverview
        page={page}
        choices={page.can.edit ? await applicationChoices(viewer.ctx, page.id) : null}
        now={viewer.now}
        zone={viewer.zone}
        actions={{ ...actions }}
      />
    </PageFrame>
  )
}
