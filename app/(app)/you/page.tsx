import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { AwayCard } from '@/components/away/away-card'
import { OwnReading } from '@/components/people-list/own-reading'
import { SessionsCard } from '@/components/sessions/sessions-card'
import { PageFrame } from '@/components/shell/page-frame'
import { readTheme, THEME_COOKIE } from '@/components/shell/theme'
import { ThemeSwitch } from '@/components/shell/theme-switch'
import { Avatar } from '@/components/ui/avatar'
import { SubmitButton } from '@/components/ui/button'
import { formatClock, zoneLabel } from '@/lib/format'
import { awayPage } from '@/lib/queries/away'
import { zoneChoices } from '@/lib/queries/person-form'
import { sessionsOf } from '@/lib/queries/sessions'
import { requireViewer } from '@/lib/session'
import { signOut } from '../../sign-in/actions'
import { endAway, endOne, setAway, setReading, signOutEverywhere } from './actions'

export const metadata: Metadata = { title: 'You' }

export default async function YouPage() {
  const { ctx, sessionId, person, organisation, zone, now } = await requireViewer()
  const [away, sessions] = await Promise.all([
    awayPage(ctx, person.id, now),
    sessionsOf(ctx, person.id, sessionId),
  ])
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value)
  const roles = [...(person.admin ? ['Admin'] : []), ...(person.auditor ? ['Auditor'] : [])]
  // Far enough from today to be written with its date.
  const sample = new Date(now.getTime() + 9 * 86_400_000)
  const facts: [string, string][] = [
    ['Organisation', organisation.name],
    ['Work', [person.title, person.team].filter(Boolean).join(', ') || 'not known'],
    ['E-mail', person.email],
    ['Role', roles.join(', ') || 'Member'],
    ['Times', `${zoneLabel(zone, now)}, written like ${formatClock(sample, zone, now)}`],
  ]
  return (
    <PageFrame crumbs={[{ label: 'You' }]}>
      <div className="page-narrow you">
        <div className="row">
          <Avatar name={person.name} size={40} />
          <h1 className="page-title">{person.name}</h1>
        </div>
        <section className="card card-pad">
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-4">
            <OwnReading
              personId={person.id}
              timeZone={person.timeZone}
              locale={person.locale}
              usual={organisation.timeZone}
              zones={zoneChoices(organisation.timeZone, person.timeZone)}
              now={now}
              save={setReading}
            />
          </div>
        </section>
        {away ? (
          <AwayCard
            personId={person.id}
            name={null}
            page={away}
            now={now}
            zone={zone}
            set={setAway}
            end={endAway}
          />
        ) : null}
        {sessions ? (
          <SessionsCard
            view={sessions}
            name={null}
            now={now}
            zone={zone}
            end={endOne}
            endAll={signOutEverywhere}
          />
        ) : null}
        <section className="card card-pad you-acts">
          <div>
            <h2 className="section-title">Theme</h2>
            <p className="section-note">For this browser.</p>
          </div>
          <ThemeSwitch theme={theme} />
        </section>
        <form action={signOut}>
          <SubmitButton icon="log-out">Sign out</SubmitButton>
        </form>
      </div>
    </PageFrame>
  )
}
