import type { Metadata } from 'next'
import { NewApplication } from '@/components/application/new-application'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { notHere } from '@/lib/not-here'
import { applicationChoices } from '@/lib/queries/applications'
import { connectorChoices } from '@/lib/queries/connection-view'
import { requireViewer } from '@/lib/session'
import { create } from '../actions'

export const metadata: Metadata = { title: 'Add an application' }

export default async function NewApplicationPage() {
  const { ctx } = await requireViewer()
  const choices = await applicationChoices(ctx, null)
  if (!choices) return notHere()
  return (
    <PageFrame
      crumbs={[
        ...accessCrumbs,
        { label: 'Applications', href: '/settings/access-management/applications' },
        { label: 'Add application' },
      ]}
    >
      <h1 className="page-title">Add an application</h1>
      <p className="page-sub">
        Nothing is given by adding it. Afterwards test the connection, sync its catalogue, and offer what it
        has in a policy.
      </p>
      <NewApplication connectors={connectorChoices()} choices={choices} action={create} />
    </PageFrame>
  )
}
