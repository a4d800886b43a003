import type { Metadata } from 'next'
import { PolicyTable } from '@/components/policy/policy-table'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { notHere } from '@/lib/not-here'
import { listPolicies } from '@/lib/queries/policies'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Access policies' }

export default async function PoliciesPage() {
  const { ctx } = await requireViewer()
  const list = await listPolicies(ctx)
  if (!list) return notHere()
  return (
    <PageFrame crumbs={[...accessCrumbs, { label: 'Policies' }]}>
      <div className="page-head flex-wrap">
        <h1 className="page-title">Access policies</h1>
        {list.canCreate ? (
          <div className="page-actions">
            <LinkButton variant="primary" icon="plus" href="/settings/access-management/policies/new">
              New policy
            </LinkButton>
          </div>
        ) : null}
      </div>
      <p className="page-sub">
        Who may ask for what, who has to agree, for how long, and when the holder is told.
      </p>
      <PolicyTable list={list} />
    </PageFrame>
  )
}
