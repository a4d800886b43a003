import type { Metadata } from 'next'
import { cache } from 'react'
import { ArchiveRule } from '@/components/separation/archive-rule'
import { RuleForm } from '@/components/separation/rule-form'
import { RuleOverview } from '@/components/separation/rule-overview'
import { accessCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { Callout } from '@/components/ui/labels'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { separationPage } from '@/lib/queries/separations'
import { requireViewer } from '@/lib/session'
import { archive, change } from '../actions'

const SEPARATION = '/settings/access-management/separation'

const load = cache(async (id: string) => {
  const viewer = await requireViewer()
  return { viewer, page: isUuid(id) ? await separationPage(viewer.ctx, id) : null }
})

export async function generateMetadata({
  params,
}: PageProps<'/settings/access-management/separation/[rule]'>): Promise<Metadata> {
  const { page } = await load((await params).rule)
  return { title: page?.name ?? 'Separation of duties' }
}

export default async function SeparationRulePage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/separation/[rule]'>) {
  const { viewer, page } = await load((await params).rule)
  if (!page) return notHere()
  const { saved } = await searchParams
  return (
    <PageFrame
      className="screen-policy screen-separation"
      crumbs={[...accessCrumbs, { label: 'Separation of duties', href: SEPARATION }, { label: page.name }]}
    >
      {saved && !page.archivedAt ? (
        <div className="mb-4 max-w-3xl">
          <Callout tone="ok" role="status">
            Saved. It holds from now on, also for what is asked for already.
          </Callout>
        </div>
      ) : null}
      <RuleOverview
        page={page}
        now={viewer.now}
        zone={viewer.zone}
        acts={
          page.form ? (
            <ArchiveRule id={page.id} name={page.name} version={page.version} archive={archive} />
          ) : null
        }
        form={
          page.form ? (
            <RuleForm
              key={page.version}
              choices={page.form.choices}
              action={change}
              rule={{
                id: page.id,
                version: page.version,
                name: page.name,
                reason: page.reason,
                effect: page.effect,
                entitlements: page.form.entitlements,
                approvers: page.form.approvers,
              }}
            />
          ) : null
        }
      />
    </PageFrame>
  )
}
