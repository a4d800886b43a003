import type { Metadata } from 'next'
import { ApplicationCard } from '@/components/catalogue/application-card'
import { CatalogueTools } from '@/components/catalogue/catalogue-tools'
import { PickBar } from '@/components/catalogue/pick-bar'
import { LeaseClock } from '@/components/lease/lease-clock'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'
import { catalogueCounts, catalogueShow, filterCatalogue } from '@/lib/catalogue-filter'
import { catalogueHref, picksOf } from '@/lib/catalogue-picks'
import { catalogue } from '@/lib/queries/catalogue'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'Catalogue' }

export default async function CataloguePage({ searchParams }: PageProps<'/catalogue'>) {
  const viewer = await requireViewer()
  const params = await searchParams
  const q = typeof params.q === 'string' ? params.q.slice(0, 200) : ''
  const show = catalogueShow(params.show)
  const all = await catalogue(viewer.ctx, viewer.now)
  const counts = catalogueCounts(all)
  const found = filterCatalogue(all, q, show)
  const place = { q, show, picks: picksOf(params.pick) }
  return (
    <PageFrame crumbs={[{ label: 'Catalogue' }]} className="screen-catalogue">
      <LeaseClock now={viewer.now}>
        <div className="cat">
          <div className="page-head sr-phone">
            <h1 className="page-title">Catalogue</h1>
            <p className="ink2 t-md not-phone">
              {counts.all} {counts.all === 1 ? 'entitlement' : 'entitlements'} in {all.length}{' '}
              {all.length === 1 ? 'application' : 'applications'}
            </p>
          </div>
          <CatalogueTools q={q} show={show} counts={counts} picks={place.picks} />
          {found.length > 0 ? (
            <>
              <div className="cat-head" aria-hidden="true">
                <span>Entitlement</span>
                <span>For how long</span>
                <span>Who agrees</span>
                <span>Usual answer</span>
                <span />
              </div>
              <div className="cat-list">
                {found.map((entry) => (
                  <ApplicationCard
                    key={entry.application.id}
                    entry={entry}
                    place={place}
                    now={viewer.now}
                    zone={viewer.zone}
                  />
                ))}
              </div>
            </>
          ) : (
            <Nothing q={q} filtered={counts.all > 0} />
          )}
          <PickBar picks={place.picks} clearHref={catalogueHref('/catalogue', q, show)} />
        </div>
      </LeaseClock>
    </PageFrame>
  )
}

function Nothing({ q, filtered }: { q: string; filtered: boolean }) {
  if (!filtered)
    return (
      <EmptyState icon="layout-grid" heading="h2" title="Nothing can be asked for yet">
        An admin publishes access policies; what they offer stands here.
      </EmptyState>
    )
  return (
    <EmptyState
      icon="search"
      heading="h2"
      title={q ? `Nothing fits “${q}”` : 'Nothing here at present'}
      actions={<LinkButton href="/catalogue">Show everything</LinkButton>}
    >
      {q ? 'Try the name of the application, or fewer words.' : 'What you hold or wait for would stand here.'}
    </EmptyState>
  )
}
