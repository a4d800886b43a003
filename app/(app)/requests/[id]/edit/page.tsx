import type { Metadata } from 'next'
import { EditForm } from '@/components/request/edit-form'
import { EntitlementName } from '@/components/request/entitlement-name'
import { RequestTitle } from '@/components/request/request-rows'
import { PageFrame } from '@/components/shell/page-frame'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { requestEdit } from '@/lib/queries/request-edit'
import { requireViewer } from '@/lib/session'
import { edit } from '../../actions'

export const metadata: Metadata = { title: 'Change a request' }

export default async function EditRequestPage({ params }: PageProps<'/requests/[id]/edit'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const { ctx, now, zone } = viewer
  const found = isUuid(id) ? await requestEdit(ctx, id, now) : null
  if (!found) return notHere()
  const { request, personName } = found
  const other = request.personId === viewer.person.id ? '' : ` for ${personName}`
  return (
    <PageFrame
      className="screen-decide inapp"
      title="Change the request"
      crumbs={[
        { label: 'My requests', href: '/requests' },
        { label: <RequestTitle request={request} />, href: `/requests/${request.id}` },
        { label: 'Change' },
      ]}
    >
      <div className="solo-main solo-one">
        <h1 className="solo-title mb-4">
          Change the request{other} for <EntitlementName name={request.entitlement.name} heading /> on{' '}
          {request.application.name}
        </h1>
        <EditForm
          request={request}
          presets={found.presets}
          reasonRequired={found.reasonRequired}
          votes={found.votes}
          now={now}
          zone={zone}
          edit={edit}
        />
      </div>
    </PageFrame>
  )
}
