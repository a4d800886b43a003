import type { Metadata } from 'next'
import { cache } from 'react'
import { ApplicationFrame } from '@/components/application/application-frame'
import { type SectionId, sectionNamed } from '@/components/application/section-list'
import { AccountsSection } from '@/components/application/sections/accounts'
import { ConnectionSection } from '@/components/application/sections/connection'
import { EntitlementsSection } from '@/components/application/sections/entitlements'
import { FindingsSection } from '@/components/application/sections/findings'
import { OverviewSection } from '@/components/application/sections/overview'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import type { ApplicationPage as Page } from '@/lib/application-views'
import type { Ctx } from '@/lib/context'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { reviewsOfApplication } from '@/lib/queries/access-reviews'
import { accountsOfApplication } from '@/lib/queries/accounts'
import { applicationChoices, applicationPage } from '@/lib/queries/applications'
import { drillOfApplication } from '@/lib/queries/drills'
import { findingsOf } from '@/lib/queries/findings'
import { requireViewer } from '@/lib/session'
import * as actions from '../actions'

type SectionProps = { page: Page; now: Date; zone: string; actions: typeof actions }

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

// overview: health, the last test, the removal drill, access reviews, the brakes · entitlements: what can be asked for and why not ·
// accounts: who is who there · findings: where the target and our record disagree, standing access · connection: how it
// is reached. Each has its file in components/application/sections; what only one of them shows is read in its case.
async function sectionBody(id: SectionId, props: SectionProps, ctx: Ctx) {
  const { page } = props
  switch (id) {
    case 'overview': {
      const [drill, reviews] = await Promise.all([
        page.connection ? drillOfApplication(ctx, page.id) : null,
        reviewsOfApplication(ctx, page),
      ])
      return <OverviewSection {...props} drill={drill} reviews={reviews} />
    }
    case 'accounts': {
      const accounts = await accountsOfApplication(ctx, page.id)
      return accounts ? <AccountsSection {...props} accounts={accounts} /> : null
    }
    case 'entitlements':
      return <EntitlementsSection {...props} />
    case 'findings': {
      const view = await findingsOf(ctx, page.id)
      return view ? <FindingsSection {...props} view={view} /> : null
    }
    case 'connection':
      return <ConnectionSection {...props} />
  }
}

export default async function ApplicationPage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/applications/[application]'>) {
  const { viewer, page } = await load((await params).application)
  if (!page) return notHere()
  const section = sectionNamed(page, (await searchParams).section)
  const props = { page, now: viewer.now, zone: viewer.zone, actions: { ...actions } }
  return (
    <PageFrame
      className="screen-application"
      crumbs={[
        ...accessCrumbs,
        { label: 'Applications', href: '/settings/access-management/applications' },
        { label: page.name },
      ]}
    >
      <ApplicationFrame
        {...props}
        choices={page.can.edit ? await applicationChoices(viewer.ctx, page.id) : null}
        section={section}
      >
        {await sectionBody(section, props, viewer.ctx)}
      </ApplicationFrame>
    </PageFrame>
  )
}
