import type { Metadata } from 'next'
import { cache } from 'react'
import { GroupOverview } from '@/components/people-list/group-overview'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { groupPage } from '@/lib/queries/groups'
import { requireViewer } from '@/lib/session'
import { add, edit, handOver, nest, preview, putInUse, putOutOfUse, takeOut, unnest } from '../../actions'

const load = cache(async (id: string) => {
  const viewer = await requireViewer()
  return { viewer, page: isUuid(id) ? await groupPage(viewer.ctx, id) : null }
})

export async function generateMetadata({
  params,
}: PageProps<'/settings/people/groups/[group]'>): Promise<Metadata> {
  const { page } = await load((await params).group)
  return { title: page?.name ?? 'Group' }
}

export default async function OneGroupPage({ params }: PageProps<'/settings/people/groups/[group]'>) {
  const { viewer, page } = await load((await params).group)
  if (!page) return notHere()
  return (
    <PageFrame
      crumbs={[...peopleCrumbs, { label: 'Groups', href: '/settings/people/groups' }, { label: page.name }]}
    >
      <GroupOverview
        page={page}
        now={viewer.now}
        zone={viewer.zone}
        actions={{ add, edit, handOver, nest, preview, putInUse, putOutOfUse, takeOut, unnest }}
      />
    </PageFrame>
  )
}
