import type { Metadata } from 'next'
import { EraseForm } from '@/components/evidence/erase-form'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { erasurePage } from '@/lib/queries/erasure'
import { requireViewer } from '@/lib/session'
import { erase } from './actions'

export const metadata: Metadata = { title: 'Erase personal data' }

export default async function ErasePage({ params }: PageProps<'/settings/people/[person]/erase'>) {
  const { ctx } = await requireViewer()
  const { person } = await params
  const page = isUuid(person) ? await erasurePage(ctx, person) : null
  if (!page) return notHere()
  const crumb = { label: page.name, href: `/settings/people/${page.id}` }
  return (
    <PageFrame crumbs={[...peopleCrumbs, crumb, { label: 'Erase personal data' }]}>
      <h1 className="page-title mb-4">Erase personal data of {page.name}</h1>
      <EraseForm {...page} erase={erase} />
    </PageFrame>
  )
}
