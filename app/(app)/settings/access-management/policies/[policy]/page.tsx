import type { Metadata } from 'next'
import { cache } from 'react'
import { PolicyActs } from '@/components/policy/policy-acts'
import { PolicyOverview } from '@/components/policy/policy-overview'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { policyPage } from '@/lib/queries/policies'
import { requireViewer } from '@/lib/session'
import { archive, discard } from '../actions'

const POLICIES = '/settings/access-management/policies'

const load = cache(async (id: string) => {
  const viewer = await requireViewer()
  return { viewer, page: isUuid(id) ? await policyPage(viewer.ctx, id) : null }
})

export async function generateMetadata({
  params,
}: PageProps<'/settings/access-management/policies/[policy]'>): Promise<Metadata> {
  const { page } = await load((await params).policy)
  return { title: page?.name ?? 'Access policy' }
}

export default async function PolicyPage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/policies/[policy]'>) {
  const { viewer, page } = await load((await params).policy)
  if (!page) return notHere()
  const { compare } = await searchParams
  return (
    <PageFrame
      className="screen-policy"
      crumbs={[...accessCrumbs, { label: 'Policies', href: POLICIES }, { label: page.name }]}
    >
      <PolicyOverview
        page={page}
        compare={Number(compare) || null}
        now={viewer.now}
        zone={viewer.zone}
        acts={
          page.canEdit && !page.archivedAt ? (
            <PolicyActs page={page} archive={archive} discard={discard} now={viewer.now} zone={viewer.zone} />
          ) : null
        }
      />
    </PageFrame>
  )
}
