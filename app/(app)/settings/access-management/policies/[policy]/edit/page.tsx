import type { Metadata } from 'next'
import { DiscardDraft } from '@/components/policy/policy-acts'
import { PolicyEditor } from '@/components/policy/policy-editor'
import { stepOf } from '@/components/policy/steps'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { Badge } from '@/components/ui/labels'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { policyEditor } from '@/lib/queries/policies'
import { requireViewer } from '@/lib/session'
import { discard, publish, save } from '../../actions'

const POLICIES = '/settings/access-management/policies'

export const metadata: Metadata = { title: 'Edit access policy' }

export default async function EditPolicyPage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/policies/[policy]/edit'>) {
  const viewer = await requireViewer()
  const { policy: id } = await params
  const data = isUuid(id) ? await policyEditor(viewer.ctx, id) : null
  if (!data) return notHere()
  const number = (data.current?.number ?? 0) + 1
  return (
    <PageFrame
      bare
      className="screen-policy"
      crumbs={[
        ...accessCrumbs,
        { label: 'Policies', href: POLICIES },
        { label: data.name, href: `${POLICIES}/${id}` },
        { label: 'Edit' },
      ]}
      title={data.name}
      topRight={
        <>
          {data.hasDraft ? (
            <>
              <Badge tone="wait" icon="pencil">
                Draft of version {number}
              </Badge>
              <DiscardDraft
                policyId={id}
                name={data.name}
                version={data.version}
                published={data.current !== null}
                action={discard}
              />
            </>
          ) : null}
          {data.current && data.live > 0 ? (
            <span>
              {data.live === 1 ? '1 live grant keeps' : `${data.live} live grants keep`} version{' '}
              {data.current.number}
            </span>
          ) : null}
        </>
      }
    >
      <PolicyEditor
        key={id}
        data={data}
        step={stepOf((await searchParams).step)}
        floorSeconds={viewer.organisation.floorSeconds}
        save={save}
        publish={publish}
        now={viewer.now}
        zone={viewer.zone}
      />
    </PageFrame>
  )
}
