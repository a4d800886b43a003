import type { Metadata } from 'next'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AskSeveral } from '@/components/request/ask-several'
import { ConflictNotice, isRefused } from '@/components/separation/conflict-notice'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'
import { askHref, picksOf } from '@/lib/catalogue-picks'
import { isUuid } from '@/lib/ids'
import { askableFor, askForms } from '@/lib/queries/catalogue'
import { separationNotice } from '@/lib/queries/separations'
import type { SeparationNotice } from '@/lib/separation-views'
import { requireViewer } from '@/lib/session'
import type { CatalogueStanding } from '@/lib/views'
import { askSeveral } from './actions'

export const metadata: Metadata = { title: 'Ask for several' }

export default async function AskSeveralPage({ searchParams }: PageProps<'/catalogue/ask'>) {
  const { ctx, now, zone, person } = await requireViewer()
  const { pick, for: wanted } = await searchParams
  const picks = picksOf(pick)
  const forId = typeof wanted === 'string' && isUuid(wanted) ? wanted : null
  const [forms, people] = await Promise.all([askForms(ctx, picks, now, forId), askableFor(ctx)])
  const judged = await Promise.all(
    forms.map(async (form) => ({
      form,
      notices: await separationNotice(ctx, form.entitlement.id, forId ?? person.id),
    })),
  )
  const open = judged.filter((j) => j.form.standing.kind === 'free' && !isRefused(j.notices))
  const free = open.map(({ form }) => form)
  const left = judged.flatMap(({ form, notices }) =>
    free.includes(form)
      ? []
      : [
          {
            name: form.entitlement.name,
            application: form.application.name,
            why: whyNot(form.standing, form.beneficiary?.name ?? null, notices),
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
          <>
            {open.map(({ form, notices }) =>
              notices.length > 0 ? (
                <div key={form.entitlement.id} className="rq-note">
                  <ConflictNotice
                    notices={notices}
                    beneficiary={form.beneficiary}
                    name={form.entitlement.name}
                  />
                </div>
              ) : null,
            )}
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
          </>
        )}
      </LeaseClock>
    </PageFrame>
  )
}

function whyNot(
  standing: CatalogueStanding,
  name: string | null,
  [first]: readonly SeparationNotice[],
): string {
  if (standing.kind === 'held') return name ? `${name} holds it already` : 'you hold it already'
  if (standing.kind === 'pending') return 'asked for already, and not decided yet'
  if (standing.kind === 'closed') return standing.why
  return first ? `not together with ${first.other.name} on ${first.other.application}: ${first.reason}` : ''
}
