import type { Metadata } from 'next'
import { cache } from 'react'
import { AwayCard } from '@/components/away/away-card'
import { PersonOverview } from '@/components/people-list/person-overview'
import { SessionsCard } from '@/components/sessions/sessions-card'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { awayPage } from '@/lib/queries/away'
import { personPage } from '@/lib/queries/people'
import { manageScope } from '@/lib/queries/scope'
import { sessionsOf } from '@/lib/queries/sessions'
import { requireViewer } from '@/lib/session'
import { endAway, setAway } from '../../../you/actions'
import {
  deactivate,
  endEverySession,
  endOneSession,
  forgetAccounts,
  preview,
  reactivate,
  setRole,
} from '../actions'

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
  if (!page) return notHere()
  const { ctx, now, zone } = viewer
  const [away, sessions] = page.active
    ? await Promise.all([awayPage(ctx, page.id, now), sessionsOf(ctx, page.id, viewer.sessionId)])
    : [null, null]
  const name = page.id === viewer.person.id ? null : page.name
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
              name={name}
              page={away}
              now={now}
              zone={zone}
              set={setAway}
              end={endAway}
            />
          ) : null
        }
        sessions={
          sessions ? (
            <SessionsCard
              view={sessions}
              name={name}
              now={now}
              zone={zone}
              end={endOneSession}
              endAll={endEverySession}
              forget={forgetAccounts}
            />
          ) : null
        }
      />
    </PageFrame>
  )
}
