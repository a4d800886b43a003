import { cookies } from 'next/headers'
import { AppShell } from '@/components/shell/app-shell'
import { Banner } from '@/components/shell/banner'
import { ClockBanner } from '@/components/shell/clock-banner'
import { QuarantineBanner } from '@/components/shell/quarantine-banner'
import { readTheme, THEME_COOKIE } from '@/components/shell/theme'
import { StepUp } from '@/components/step-up/step-up'
import { env } from '@/lib/env'
import { formatClock, zoneLabel } from '@/lib/format'
import { shellOf } from '@/lib/queries/shell'
import { requireViewer } from '@/lib/session'
import { moveClock, searchPalette, whoIsHere } from '../shell/actions'
import { signOut } from '../sign-in/actions'

/** The frame around every page of somebody signed in. It shows; what one may do is asked where it is done. */
export default async function AppLayout({ children }: LayoutProps<'/'>) {
  const viewer = await requireViewer()
  const { ctx, person, organisation, now, zone, clockOffsetMs } = viewer
  const [{ nav, palette, freeze, quarantined }, jar] = await Promise.all([shellOf(ctx, viewer), cookies()])
  const role = person.admin ? 'admin' : person.auditor ? 'auditor' : person.team
  const demo = env().LEASEHOLD_MODE !== 'production'
  return (
    <AppShell
      nav={nav}
      user={{ name: person.name, sub: [organisation.name, role].filter(Boolean).join(' · ') }}
      theme={readTheme(jar.get(THEME_COOKIE)?.value)}
      zone={zoneLabel(zone, now)}
      palette={palette}
      searchPalette={searchPalette}
      signOut={signOut}
      youHref="/you"
      banner={
        <>
          {quarantined ? <QuarantineBanner href={person.admin ? '/settings/quarantine' : null} /> : null}
          {freeze ? (
            <Banner icon="octagon-alert" tone="bad">
              <b>All giving is frozen</b> since {formatClock(freeze.at, zone, now)}
              {freeze.by ? ` by ${freeze.by}` : ''}: “{freeze.reason}”. Taking back goes on.
            </Banner>
          ) : null}
          {demo ? <ClockBanner now={now} zone={zone} offsetMs={clockOffsetMs} act={moveClock} /> : null}
        </>
      }
    >
      {children}
      <StepUp personId={person.id} name={person.name} whoIsHere={whoIsHere} />
    </AppShell>
  )
}
