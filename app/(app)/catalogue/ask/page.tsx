import type { Metadata } from 'next'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AskSeveral } from '@/components/request/ask-several'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'
import { askHref, picksOf } from '@/lib/catalogue-picks'
import { isUuid } from '@/lib/ids'
import { askableFor, askForms } from '@/lib/queries/catalogue'
import { requireViewer } from '@/lib/session'
import type { CatalogueStanding } from '@/lib/views'
import { askSeveral } from './actions'

export const metadata: Metadata = { title: 'Ask for several' }

export default async function AskSeveralPage({ searchParams }: PageProps<'/catalogue/ask'>) {
  const { ctx, now, zone } = await requireViewer()
  const { pick, for: wanted } = await searchParams
  const picks = picksOf(pick)
  const forId = typeof wanted === 'string' && isUuid(wanted) ? wanted : null
  const [forms, people] = await Promise.all([askForms(ctx, picks, now, forId), askableFor(ctx)])
  const free = forms.filter((form) => form.standing.kind === 'free')
  const left = forms.flatMap((form) =>
    form.standing.kind === 'free'
      ? []
      : [
          {
            name: form.entitlement.name,
            application: form.application.name,
            why: whyNot(form.standing, form.beneficiary?.name ?? null),
          },
        ],
  )
  return (
    <PageFrame
      className="screen-request"
      title="Ask for several"
      crumbs={[{ label: 'Catalogue', href: '/catalogue' }, { label: 'Ask for several' }]}
    >
      <LeaseClock now={now}>
        {free.length === 0 && left.length === 0 ? (
          <EmptyState
            icon="layout-grid"
            heading="h2"
            title="Nothing is chosen"
            actions={
              <LinkButton variant="primary" href="/catalogue">
                Choose in the catalogue
              </LinkButton>
            }
          >
            Add what you need there, then ask for all of it in one go.
          </EmptyState>
        ) : (
          <AskSeveral
            items={free.map((form) => ({
              ...form,
              permanent: form.mode === 'permanent',
              withoutHref: askHref(
                picks.filter((id) => id !== form.entitlement.id),
                forId,
              ),
            }))}
            left={left}
            reasonRequired={free.some((form) => form.reasonRequired)}
            beneficiary={forms[0]?.beneficiary ?? null}
            people={people}
            picks={picks}
            now={now}
            zone={zone}
            ask={askSeveral}
          />
        )}
      </LeaseClock>
    </PageFrame>
  )
}

function whyNot(standing: CatalogueStanding, name: string | null): string {
  if (standing.kind === 'held') return name ? `${name} holds it already` : 'you hold it already'
  if (standing.kind === 'pending') return 'asked for already, and not decided yet'
  return standing.kind === 'closed' ? standing.why : ''
}
