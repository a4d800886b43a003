import type { Metadata } from 'next'
import { PersonForm } from '@/components/people-list/person-form'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { personForm } from '@/lib/queries/person-form'
import { requireViewer } from '@/lib/session'
import { editOne } from '../../actions'

export const metadata: Metadata = { title: 'Edit person' }

export default async function EditPersonPage({ params }: PageProps<'/settings/people/[person]/edit'>) {
  const { ctx, now } = await requireViewer()
  const { person: id } = await params
  const page = isUuid(id) ? await personForm(ctx, id) : null
  if (!page?.person) return notHere()
  const { person } = page
  const backHref = `/settings/people/${person.id}`
  return (
    <PageFrame crumbs={[...peopleCrumbs, { label: person.name, href: backHref }, { label: 'Edit' }]}>
      <h1 className="page-title">Edit {person.name}</h1>
      <div className="mt-5 max-w-xl">
        <PersonForm key={person.version} page={page} now={now} backHref={backHref} save={editOne} />
      </div>
    </PageFrame>
  )
}
