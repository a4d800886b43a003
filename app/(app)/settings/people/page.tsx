import type { Metadata } from 'next'
import { PeopleTable } from '@/components/people-list/people-table'
import { settingsCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { Button, LinkButton } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Pager } from '@/components/ui/list-foot'
import { Segmented } from '@/components/ui/tabs'
import { notHere } from '@/lib/not-here'
import { pageNumber } from '@/lib/page-number'
import { listPeople } from '@/lib/queries/people'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'People' }

const shows = [
  { key: 'active', label: 'Active' },
  { key: 'deactivated', label: 'Deactivated' },
  { key: 'all', label: 'All' },
] as const
type Show = (typeof shows)[number]['key']

function hrefOf(q: string, show: Show, page = 1): string {
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  if (show !== 'active') params.set('show', show)
  if (page > 1) params.set('page', String(page))
  return `/settings/people${params.size ? `?${params}` : ''}`
}

export default async function PeoplePage({ searchParams }: PageProps<'/settings/people'>) {
  const { ctx, now, zone } = await requireViewer()
  const search = await searchParams
  const q = typeof search.q === 'string' ? search.q.trim() : ''
  const show = shows.find((s) => s.key === search.show)?.key ?? 'active'
  const list = await listPeople(ctx, { q, show, page: pageNumber(search.page) })
  if (!list) return notHere()
  const { page, pages, total } = list
  return (
    <PageFrame crumbs={[...settingsCrumbs, { label: 'People' }]}>
      <div className="page-head flex-wrap">
        <h1 className="page-title">People</h1>
        {list.canAdd ? (
          <div className="page-actions">
            <LinkButton icon="upload" href="/settings/people/import">
              Import…
            </LinkButton>
            <LinkButton variant="primary" icon="plus" href="/settings/people/new">
              New person
            </LinkButton>
          </div>
        ) : null}
      </div>
      <p className="page-sub">Who is here, whom they answer to, and what they play a part in.</p>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <search className="max-w-full">
          <form action="/settings/people" className="row max-w-full">
            {show === 'active' ? null : <input type="hidden" name="show" value={show} />}
            <Input
              key={q}
              icon="search"
              type="search"
              name="q"
              defaultValue={q}
              maxLength={200}
              aria-label="Search people"
              placeholder="Name, e-mail, team or title"
              frameClassName="min-w-0 sm:w-72!"
            />
            <Button type="submit">Search people</Button>
          </form>
        </search>
        <Segmented
          label="Which people"
          items={shows.map((s) => ({
            href: hrefOf(q, s.key),
            label: s.label,
            current: s.key === show,
          }))}
        />
      </div>
      <PeopleTable rows={list.rows} q={q} now={now} zone={zone} />
      {pages > 1 ? (
        <Pager
          summary={`${total.toLocaleString('en')} people, page ${page} of ${pages}`}
          previousHref={page > 1 ? hrefOf(q, show, page - 1) : undefined}
          nextHref={page < pages ? hrefOf(q, show, page + 1) : undefined}
        />
      ) : null}
    </PageFrame>
  )
}
