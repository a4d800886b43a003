import type { Metadata } from 'next'
import { PersonForm } from '@/components/people-list/person-form'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { notHere } from '@/lib/not-here'
import { personForm } from '@/lib/queries/person-form'
import { requireViewer } from '@/lib/session'
import { createOne } from '../actions'

export const metadata: Metadata = { title: 'New person' }

export default async function NewPersonPage() {
  const { ctx, now } = await requireViewer()
  const page = await personForm(ctx, null)
  if (!page) return notHere()
  return (
    <PageFrame crumbs={[...peopleCrumbs, { label: 'New person' }]}>
      <h1 className="page-title">New person</h1>
      <p className="page-sub">They come in as a member. Nothing is mailed to them.</p>
      <div className="mt-5 max-w-xl">
        <PersonForm page={page} now={now} backHref="/settings/people" save={createOne} />
      </div>
    </PageFrame>
  )
}
