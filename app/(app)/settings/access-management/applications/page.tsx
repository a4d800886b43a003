import type { Metadata } from 'next'
import { ApplicationTable } from '@/components/application/application-table'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { notHere } from '@/lib/not-here'
import { listApplications } from '@/lib/queries/applications'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Applications' }

export default async function ApplicationsPage() {
  const { ctx, now } = await requireViewer()
  const list = await listApplications(ctx)
  if (!list) return notHere()
  return (
    <PageFrame crumbs={[...accessCrumbs, { label: 'Applications' }]}>
      <div className="page-head flex-wrap">
        <h1 className="page-title">Applications</h1>
        {list.canCreate ? (
          <div className="page-actions">
            <LinkButton variant="primary" icon="plus" href="/settings/access-management/applications/new">
              Add application
            </LinkButton>
          </div>
        ) : null}
      </div>
      <p className="page-sub">The systems people work in, and how access in them is given and taken.</p>
      <ApplicationTable list={list} now={now} />
    </PageFrame>
  )
}
