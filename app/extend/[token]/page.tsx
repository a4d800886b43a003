import type { Metadata } from 'next'
import { HideToken } from '@/components/decide/hide-token'
import { LinkClosed } from '@/components/decide/link-closed'
import { ExtendSection } from '@/components/extend/extend-section'
import { LeaseClock } from '@/components/lease/lease-clock'
import { SoloShell } from '@/components/shell/solo-shell'
import { zoneLabel } from '@/lib/format'
import { extendLink } from '@/lib/queries/links'
import { requireViewer } from '@/lib/session'
import { extend } from '../../(app)/grants/[id]/extend/actions'
import { signInAgain } from '../../sign-in/actions'

export const metadata: Metadata = { title: 'Request extension', referrer: 'strict-origin' }

/** Behind the link of an expiry notice. It shows; the form on it asks, for the person it was mailed to. */
export default async function ExtendPage({ params }: PageProps<'/extend/[token]'>) {
  const viewer = await requireViewer()
  const { token } = await params
  const { now, zone } = viewer
  const link = await extendLink(viewer.ctx, token, now)
  return (
    <LeaseClock now={now}>
      <HideToken path="/extend" at={now.getTime()} />
      <div className="screen-extend">
        <SoloShell
          organisation={viewer.organisation.name}
          user={{ name: viewer.person.name, href: '/' }}
          zone={zoneLabel(zone, now)}
          className={link.kind === 'extend' ? undefined : 'solo-one'}
        >
          {link.kind === 'extend' ? (
            <ExtendSection
              view={link.form}
              closed={link.form.closed}
              over={link.form.over}
              now={now}
              zone={zone}
              extend={extend}
            />
          ) : (
            <LinkClosed
              kind={link.kind}
              name={viewer.person.name}
              home={{ href: '/', label: 'My access' }}
              here={`/extend/${token}`}
              signInAgain={signInAgain}
            />
          )}
        </SoloShell>
      </div>
    </LeaseClock>
  )
}
