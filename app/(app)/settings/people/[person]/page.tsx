import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { AwayCard } from '@/components/away/away-card'
import { PersonOverview } from '@/components/people-list/person-overview'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { awayPage } from '@/lib/queries/away'
import { personPage } from '@/lib/queries/people'
import { manageScope } from '@/lib/queries/scope'
import { requireViewer } from '@/lib/session'
import { endAway, setAway } from '../../../you/actions'
import { deactivate, preview, reactivate, setRole } from '../actions'

const load = cache(async (id: string) => {
  const viewer = await requireViewer()
  return { viewer, page: isUuid(id) ? await personPage(viewer.ctx, id, viewer.now) : null }
})

export async function generateMetadata({
  params,
}: PageProps<'/settings/people/[person]'>): Promise<Metadata> {
  const { page } = await load((await params).person)
  return { title: page?.name ?? 'Person' }
}

export default async function PersonPage({ params }: PageProps<'/settings/people/[person]'>) {
  const { viewer, page } = await load((await params).person)
  if (!page) notFound()
  const { ctx, now, zone } = viewer
  const away = page.active ? await awayPage(ctx, page.id, now) : null
  return (
    <PageFrame crumbs={[...peopleCrumbs, { label: page.name }]}>
      <PersonOverview
        page={page}
        now={viewer.now}
        zone={viewer.zone}
        self={viewer.person.id === page.id}
        actions={{ preview, deactivate, reactivate, setRole }}
        canOpen={(await manageScope(viewer.ctx, 'grants.list')) !== null}
        away={
          away ? (
            <AwayCard
              personId={page.id}
              name={page.id === viewer.person.id ? null : page.name}
              page={away}
              now={now}
              zone={zone}
              set={setAway}
              end={endAway}
            />
          ) : null
        }
      />
    </PageFrame>
  )
}
