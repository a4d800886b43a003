import type { Metadata } from 'next'
import { NewGroup } from '@/components/people-list/group-fields'
import { GroupTable } from '@/components/people-list/group-table'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { notHere } from '@/lib/not-here'
import { listGroups } from '@/lib/queries/groups'
import { requireViewer } from '@/lib/session'
import { create } from '../actions'

export const metadata: Metadata = { title: 'Groups' }

export default async function GroupsPage() {
  const { ctx } = await requireViewer()
  const list = await listGroups(ctx)
  if (!list) return notHere()
  return (
    <PageFrame crumbs={[...peopleCrumbs, { label: 'Groups' }]}>
      <div className="page-head flex-wrap">
        <h1 className="page-title">Groups</h1>
        {list.canCreate ? (
          <div className="page-actions">
            <NewGroup create={create} />
          </div>
        ) : null}
      </div>
      <p className="page-sub">Sets of people that policies and applications name, and where each is used.</p>
      <GroupTable rows={list.rows} />
    </PageFrame>
  )
}
