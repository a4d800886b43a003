import type { Metadata } from 'next'
import { ImportPreview } from '@/components/people-list/import-preview'
import { peopleCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { formatClock } from '@/lib/format'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { importPage } from '@/lib/queries/directory-imports'
import { requireViewer } from '@/lib/session'
import { confirmImport } from '../../actions'

export const metadata: Metadata = { title: 'Look at an import' }

export default async function ImportFilePage({ params }: PageProps<'/settings/people/import/[file]'>) {
  const { ctx, now, zone } = await requireViewer()
  const { file } = await params
  const page = isUuid(file) ? await importPage(ctx, file) : null
  if (!page) return notHere()
  return (
    <PageFrame
      crumbs={[
        ...peopleCrumbs,
        { label: 'Import', href: '/settings/people/import' },
        { label: page.fileName },
      ]}
    >
      <h1 className="page-title">{page.kind === 'people' ? 'Import people' : 'Import groups'}</h1>
      <p className="page-sub">
        {page.fileName}, uploaded {formatClock(page.createdAt, zone, now)}. It is kept for a week.
      </p>
      <ImportPreview page={page} confirm={confirmImport} />
    </PageFrame>
  )
}
