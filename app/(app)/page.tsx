import type { Metadata } from 'next'
import { Fragment } from 'react'
import { WaitingReviews } from '@/components/access-review/waiting-reviews'
import { AwayNotes } from '@/components/away/away-notes'
import { EmptyHome } from '@/components/home/empty-home'
import { LeaseCard } from '@/components/home/lease-card'
import { OpenQuestions } from '@/components/home/open-questions'
import { Summary } from '@/components/home/summary'
import { Waiting } from '@/components/home/waiting'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AutoRefresh } from '@/components/request/auto-refresh'
import { EntitlementName } from '@/components/request/entitlement-name'
import { RequestRows } from '@/components/request/request-rows'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { firstName } from '@/lib/asking-words'
import { wallClock } from '@/lib/forms/people'
import { myAway } from '@/lib/queries/away'
import { type Home, homeOf } from '@/lib/queries/home'
import { requireViewer, type Viewer } from '@/lib/session'
import type { LeaseView } from '@/lib/views'
import { giveBack } from './requests/actions'

export const metadata: Metadata = { title: 'Home' }

/** How often the page looks again: soon while something is given or taken, seldom otherwise. */
const BUSY_MS = 3_000
const CALM_MS = 20_000
const onTheWay = ({ times }: LeaseView) => times.state === 'provisioning' || times.state === 'revoking'

export default async function HomePage() {
  const viewer = await requireViewer()
  const { now, zone } = viewer
  const [home, away] = await Promise.all([homeOf(viewer.ctx, now), myAway(viewer.ctx, now)])
  const waits = home.waiting.total + home.tasks.length + home.reviews.length > 0
  const greeting = `${partOfDay(now, zone)}, ${firstName(viewer.person.name)}`
  const quiet = !away.away && away.standsIn.length === 0
  if (home.suggestions && quiet && !waits && home.requests.length === 0)
    return (
      <PageFrame crumbs={[{ label: 'Home' }]} className="screen-home-empty">
        <EmptyHome greeting={greeting} suggestions={home.suggestions} quiet endedLately={home.endedLately} />
      </PageFrame>
    )
  return (
    <PageFrame crumbs={[{ label: 'Home' }]} className="screen-home">
      <LeaseClock now={now}>
        <AutoRefresh every={home.leases.some(onTheWay) ? BUSY_MS : CALM_MS} />
        <div className="wrap">
          <header className="hello">
            <div className="grow">
              <h1>{greeting}</h1>
              <Summary leases={home.leases} permanent={home.permanent.length} now={now} zone={zone} />
              <AwayNotes {...away} now={now} zone={zone} />
            </div>
            <LinkButton size="lg" variant="primary" icon="plus" href="/catalogue">
              Request access
            </LinkButton>
          </header>
          <MyAccess home={home} viewer={viewer} />
          <section className="sect" aria-labelledby="waiting">
            <h2 id="waiting">Waiting for me</h2>
            <OpenQuestions requests={home.requests} now={now} zone={zone} />
            <WaitingReviews reviews={home.reviews} now={now} zone={zone} />
            {home.waiting.total + home.tasks.length > 0 ? (
              <Waiting
                items={home.waiting.items}
                total={home.waiting.total}
                tasks={home.tasks}
                now={now}
                zone={zone}
              />
            ) : waits ? null : (
              <p className="hint">
                <Icon name="check" size={14} className="c-ok" /> Nothing waits for your decision.
              </p>
            )}
          </section>
          <MyRequests home={home} viewer={viewer} />
        </div>
      </LeaseClock>
    </PageFrame>
  )
}

function MyAccess({ home, viewer }: { home: Home; viewer: Viewer }) {
  const { leases, permanent, endedLately } = home
  const { now, zone } = viewer
  return (
    <section className="sect" aria-labelledby="access">
      <h2 id="access">My access</h2>
      {leases.length > 0 ? (
        <div className="cards">
          {leases.map((lease) => (
            <LeaseCard key={lease.id} lease={lease} now={now} zone={zone} giveBack={giveBack} />
          ))}
        </div>
      ) : (
        <div className="card card-note">
          <p>
            You hold nothing with an end right now. Good: what nobody holds, nobody can lose.{' '}
            <Link className="u" href="/catalogue">
              See what you can ask for
            </Link>
          </p>
        </div>
      )}
      {permanent.length + endedLately > 0 ? (
        <p className="perm">
          {permanent.length > 0 ? (
            <>
              <Icon name="infinity" size={14} />
              <span>
                Permanent:{' '}
                {permanent.map((l, i) => (
                  <Fragment key={l.id}>
                    {i === 0 ? null : i === permanent.length - 1 ? ' and ' : ', '}
                    <EntitlementName name={l.entitlement.name} /> on {l.application.name}
                  </Fragment>
                ))}
              </span>
            </>
          ) : null}
          {endedLately > 0 ? (
            <Link className="u ml-auto text-(--ink-2)" href="/requests?show=ended">
              Ended lately ({endedLately})
            </Link>
          ) : null}
        </p>
      ) : null}
    </section>
  )
}

function MyRequests({ home, viewer }: { home: Home; viewer: Viewer }) {
  return (
    <section className="sect wide" aria-labelledby="requests">
      <h2 id="requests">
        My requests <small className="not-phone">the running clock is the bold one</small>
        <Link className="u nowrap ml-auto text-(--ink-2) t-sm font-normal" href="/requests">
          All my requests
        </Link>
      </h2>
      {home.requests.length > 0 ? (
        <RequestRows requests={home.requests} now={viewer.now} zone={viewer.zone} />
      ) : (
        <p className="hint">Nothing you asked for is under way.</p>
      )}
    </section>
  )
}

function partOfDay(now: Date, zone: string): string {
  const hour = Number(wallClock(now, zone).slice(11, 13))
  if (hour >= 5 && hour < 12) return 'Good morning'
  return hour >= 12 && hour < 18 ? 'Good afternoon' : 'Good evening'
}
