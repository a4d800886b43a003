import type { Metadata } from 'next'
import { NewPolicy } from '@/components/policy/new-policy'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { can } from '@/lib/domain/authorize'
import { notHere } from '@/lib/not-here'
import { requireViewer } from '@/lib/session'
import { create } from '../actions'

export const metadata: Metadata = { title: 'New access policy' }

export default async function NewPolicyPage() {
  const { ctx } = await requireViewer()
  if (!can(ctx.actor, 'policy.edit', {})) return notHere()
  return (
    <PageFrame
      bare
      className="screen-policy"
      crumbs={[
        ...accessCrumbs,
        { label: 'Policies', href: '/settings/access-management/policies' },
        { label: 'New policy' },
      ]}
    >
      <NewPolicy action={create} />
    </PageFrame>
  )
}
