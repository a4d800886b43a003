import type { Metadata } from 'next'
import { AuditScreen } from '@/components/audit/audit-screen'
import { parseAuditView } from '@/lib/audit-url'
import { notHere } from '@/lib/not-here'
import { auditNames, auditPage } from '@/lib/queries/audit'
import { failingReceivers } from '@/lib/queries/receivers'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditLogPage({ searchParams }: PageProps<'/settings/audit'>) {
  const { ctx, now, zone } = await requireViewer()
  const { view, notes } = parseAuditView(await searchParams)
  const [page, names, failing] = await Promise.all([
    auditPage(ctx, view, { now, zone }),
    auditNames(ctx, view),
    failingReceivers(ctx),
  ])
  if (!page) return notHere()
  return <AuditScreen {...{ view, notes, page, names, now, zone, failing }} />
}
