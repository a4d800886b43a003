import type { Metadata } from 'next'
import { EvidenceSheet } from '@/components/evidence/evidence-sheet'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { evidencePack } from '@/lib/queries/evidence'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Evidence · Access grants' }

export default async function EvidencePage({
  params,
}: PageProps<'/settings/access-management/grants/[id]/evidence'>) {
  const { ctx, now, zone } = await requireViewer()
  const { id } = await params
  const pack = isUuid(id) ? await evidencePack(ctx, id, now) : null
  if (!pack) return notHere()
  const grants = '/settings/access-management/grants'
  return (
    <PageFrame
      crumbs={[
        ...accessCrumbs,
        { label: 'Access grants', href: grants },
        { label: 'Grant', href: `${grants}/${id}` },
        { label: 'Evidence' },
      ]}
    >
      <h1 className="page-title mb-2">
        Evidence: {pack.grant.entitlement.name} for {pack.grant.person.name}
      </h1>
      <EvidenceSheet pack={pack} now={now} zone={zone} />
    </PageFrame>
  )
}
