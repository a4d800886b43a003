import type { Metadata } from 'next'
import { RefusalsTable } from '@/components/audit/refusals-table'
import { auditCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Pager } from '@/components/ui/list-foot'
import { Segmented } from '@/components/ui/tabs'
import { REFUSALS_PATH } from '@/lib/audit-url'
import { notHere } from '@/lib/not-here'
import { pageNumber } from '@/lib/page-number'
import { refusalsPage } from '@/lib/queries/refusals'
import { type RefusalCode, refusalCodes, refusalLabels } from '@/lib/refusal-views'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Refusals · Audit log' }

interface View {
  readonly code: RefusalCode | null
  readonly person: string | null
  readonly page?: number
}

function hrefOf({ code, person, page = 1 }: View): string {
  const params = new URLSearchParams()
  if (code) params.set('told', code)
  if (person) params.set('person', person)
  if (page > 1) params.set('page', String(page))
  return `${REFUSALS_PATH}${params.size ? `?${params}` : ''}`
}

export default async function RefusalsLogPage({ searchParams }: PageProps<'/settings/audit/refusals'>) {
  const { ctx, zone } = await requireViewer()
  const search = await searchParams
  const code = refusalCodes.find((one) => one === search.told) ?? null
  const asked = typeof search.person === 'string' ? search.person : null
  const found = await refusalsPage(ctx, { code, person: asked, page: pageNumber(search.page) })
  if (!found) return notHere()
  const { rows, page, pages, total, wall } = found
  const person = found.person?.id ?? null
  return (
    <PageFrame crumbs={[...auditCrumbs, { label: 'Refusals' }]}>
      <h1 className="page-title sr-phone">Refusals</h1>
      <p className="page-sub">
        Who was turned away, by page or form and by the hour. What was asked for is not recorded, a{' '}
        <code>*</code> stands in its place. Kept for 90 days.
      </p>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Segmented
          label="What they were told"
          items={[null, ...refusalCodes].map((one) => ({
            href: hrefOf({ code: one, person }),
            label: one ? refusalLabels[one] : 'All',
            current: one === code,
          }))}
        />
        {found.person ? (
          <LinkButton icon="x" href={hrefOf({ code, person: null })}>
            Only {found.person.name}
          </LinkButton>
        ) : null}
      </div>
      <RefusalsTable
        rows={rows.map((row) => ({
          ...row,
          href: row.person && hrefOf({ code, person: row.person.id }),
        }))}
        filtered={code !== null || person !== null}
        wall={wall}
        zone={zone}
      />
      {pages > 1 ? (
        <Pager
          summary={`${total.toLocaleString('en')} in all, page ${page} of ${pages}`}
          previousHref={page > 1 ? hrefOf({ code, person, page: page - 1 }) : undefined}
          nextHref={page < pages ? hrefOf({ code, person, page: page + 1 }) : undefined}
        />
      ) : null}
    </PageFrame>
  )
}
