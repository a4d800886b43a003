import type { Metadata } from 'next'
import { RuleTable } from '@/components/separation/rule-table'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { notHere } from '@/lib/not-here'
import { listSeparations } from '@/lib/queries/separations'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Separation of duties' }

export default async function SeparationsPage() {
  const { ctx } = await requireViewer()
  const list = await listSeparations(ctx)
  if (!list) return notHere()
  return (
    <PageFrame crumbs={[...accessCrumbs, { label: 'Separation of duties' }]}>
      <div className="page-head flex-wrap">
        <h1 className="page-title">Separation of duties</h1>
        {list.canEdit ? (
          <div className="page-actions">
            <LinkButton variant="primary" icon="plus" href="/settings/access-management/separation/new">
              New rule
            </LinkButton>
          </div>
        ) : null}
      </div>
      <p className="page-sub">Which entitlements nobody may hold together, why, and what happens.</p>
      <RuleTable list={list} />
    </PageFrame>
  )
}
