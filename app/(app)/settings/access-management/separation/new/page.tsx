import type { Metadata } from 'next'
import { RuleForm } from '@/components/separation/rule-form'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { notHere } from '@/lib/not-here'
import { newSeparation } from '@/lib/queries/separations'
import { requireViewer } from '@/lib/session'
import { create } from '../actions'

export const metadata: Metadata = { title: 'New rule' }

export default async function NewSeparationPage() {
  const { ctx } = await requireViewer()
  const choices = await newSeparation(ctx)
  if (!choices) return notHere()
  return (
    <PageFrame
      className="screen-separation"
      crumbs={[
        ...accessCrumbs,
        { label: 'Separation of duties', href: '/settings/access-management/separation' },
        { label: 'New rule' },
      ]}
    >
      <h1 className="page-title">New rule</h1>
      <p className="page-sub">
        What nobody may hold together, and what happens to whoever asks for the other half.
      </p>
      <div className="card card-pad mt-5 max-w-2xl">
        <RuleForm choices={choices} action={create} />
      </div>
    </PageFrame>
  )
}
