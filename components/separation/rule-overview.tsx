import type { Route } from 'next'
import type { ReactNode } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Avatar } from '@/components/ui/avatar'
import { Callout, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import type { HoldsTwo, SeparationPage } from '@/lib/separation-views'
import { ApartNames, EffectBadge } from './rule-parts'

type OverviewProps = {
  page: SeparationPage
  now: Date
  zone: string
  acts: ReactNode
  /** The form of whoever may change it. */
  form: ReactNode
}

/** One rule as it stands, its form, and who holds two of what it keeps apart. */
export function RuleOverview({ page, now, zone, acts, form }: OverviewProps) {
  return (
    <>
      <div className="page-head flex-wrap">
        <h1 className="page-title">{page.name}</h1>
        <EffectBadge row={page} />
        {acts}
      </div>
      <p className="page-sub">
        Nobody may hold any two of <ApartNames entitlements={page.entitlements} />.
      </p>
      {page.archivedAt ? (
        <div className="mt-4 max-w-3xl">
          <Callout>
            Archived {formatClock(page.archivedAt, zone, now)}. It keeps nothing apart any more; requests keep
            the step that it brought.
          </Callout>
        </div>
      ) : null}
      <div className="p-cols">
        <section className="card" aria-labelledby="rule-says">
          <div className="card-head">
            <h2 className="card-title" id="rule-says">
              {form ? 'The rule' : 'What it says'}
            </h2>
          </div>
          <div className="card-pad">{form ?? <Says page={page} />}</div>
        </section>
        <div className="stack gap-4!">
          <Holders page={page} now={now} zone={zone} />
          {page.later?.length ? <Later page={page} people={page.later} now={now} zone={zone} /> : null}
        </div>
      </div>
    </>
  )
}

function Says({ page }: { page: SeparationPage }) {
  return (
    <dl className="facts">
      <dt>Reason</dt>
      <dd>{page.reason}</dd>
      <dt>Whoever asks for the other half</dt>
      <dd>{page.effect === 'refuse' ? 'is refused' : `needs one more approval, by ${page.approvers}`}</dd>
    </dl>
  )
}

type ListProps = { page: SeparationPage; now: Date; zone: string }

function Holders({ page, now, zone }: ListProps) {
  const { people } = page
  return (
    <section className="card" aria-labelledby="rule-holders">
      <div className="card-head">
        <h2 className="card-title" id="rule-holders">
          {people?.length ? holdersTitle(people.length, page.entitlements.length) : 'Who holds two today'}
        </h2>
      </div>
      {people === null ? (
        <p className="ink2 card-pad">
          It also names what is not on an application of yours, so who holds two is for admins and auditors.
        </p>
      ) : people.length === 0 ? (
        <EmptyState title="Nobody does">Nobody holds two of them today.</EmptyState>
      ) : (
        <>
          <People people={people} now={now} zone={zone} />
          {page.archivedAt ? null : (
            <p className="hint card-pad">
              The rule takes nothing from them. It holds when one of them asks for more time.
            </p>
          )}
        </>
      )}
    </section>
  )
}

/** "3 people hold both today" of two, "… hold two or more today" of more. */
function holdersTitle(people: number, entitlements: number): string {
  const who = people === 1 ? '1 person holds' : `${people} people hold`
  return `${who} ${entitlements === 2 ? 'both' : 'two or more'} today`
}

function Later({ page, people, now, zone }: ListProps & { people: readonly HoldsTwo[] }) {
  return (
    <section className="card" aria-labelledby="rule-later">
      <div className="card-head">
        <h2 className="card-title" id="rule-later">
          Agreed for later
        </h2>
      </div>
      <People people={people} now={now} zone={zone} />
      {page.effect === 'refuse' && !page.archivedAt ? (
        <p className="hint card-pad">
          What starts later is not given as long as the other one is held by then; the holder is told why.
        </p>
      ) : null}
    </section>
  )
}

function People({ people, now, zone }: { people: readonly HoldsTwo[]; now: Date; zone: string }) {
  return (
    <ul className="sep-people">
      {people.map((person) => (
        <li key={person.personId}>
          <Avatar name={person.name} size={24} />
          <div className="min-w-0">
            <Link className="b" href={`/settings/people/${person.personId}` as Route}>
              {person.name}
            </Link>
            {person.team ? <span className="ink2"> · {person.team}</span> : null}
            <ul className="ink2">
              {person.holds.map((held) => (
                <li key={held.grantId}>
                  <Link href={`/settings/access-management/grants/${held.grantId}` as Route}>
                    <EntitlementName name={held.name} />
                  </Link>{' '}
                  on {held.application}
                  {held.later
                    ? ', agreed for later'
                    : held.endsAt
                      ? `, until ${formatClock(held.endsAt, zone, now)}`
                      : ''}
                </li>
              ))}
            </ul>
          </div>
        </li>
      ))}
    </ul>
  )
}
