import type { Metadata } from 'next'
import { ExtendSection } from '@/components/extend/extend-section'
import { LeaseClock } from '@/components/lease/lease-clock'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { extensionForm } from '@/lib/queries/extensions'
import { requireViewer } from '@/lib/session'
import { extend } from './actions'

export const metadata: Metadata = { title: 'Request extension' }

export default async function ExtendGrantPage({ params }: PageProps<'/grants/[id]/extend'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const form = isUuid(id) ? await extensionForm(viewer.ctx, id, viewer.now) : null
  if (!form) return notHere()
  return (
    <PageFrame
      className="screen-extend inapp"
      crumbs={[{ label: 'Home', href: '/' }, { label: 'Request extension' }]}
    >
      <LeaseClock now={viewer.now}>
        <div className="solo-main">
          <ExtendSection
            view={form}
            closed={form.closed}
            over={form.over}
            now={viewer.now}
            zone={viewer.zone}
            extend={extend}
          />
        </div>
      </LeaseClock>
    </PageFrame>
  )
}
