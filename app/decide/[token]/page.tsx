import type { Metadata } from 'next'
import { AskFacts } from '@/components/decide/ask-facts'
import { DecideForm } from '@/components/decide/decide-form'
import { Decided } from '@/components/decide/decided'
import { HideToken } from '@/components/decide/hide-token'
import { LinkChanged } from '@/components/decide/link-changed'
import { LinkClosed } from '@/components/decide/link-closed'
import { NotAskedPanel } from '@/components/decide/not-asked'
import { AskInstead } from '@/components/decide/questions'
import { RestOfAsk } from '@/components/decide/rest-of-ask'
import { LeaseClock } from '@/components/lease/lease-clock'
import { SoloShell } from '@/components/shell/solo-shell'
import { zoneLabel } from '@/lib/format'
import { type DecideLink, decideLink } from '@/lib/queries/links'
import { requireViewer, type Viewer } from '@/lib/session'
import { decide, question } from '../../(app)/approvals/actions'
import { revoke } from '../../(app)/requests/actions'
import { signInAgain } from '../../sign-in/actions'

export const metadata: Metadata = { title: 'Your decision', referrer: 'strict-origin' }

/** Behind the link of a decision mail. It shows; the form on it decides, for the person it was mailed to. */
export default async function DecidePage({ params }: PageProps<'/decide/[token]'>) {
  const viewer = await requireViewer()
  const { token } = await params
  const { now, zone } = viewer
  const link = await decideLink(viewer.ctx, token, now)
  return (
    <LeaseClock now={now}>
      <HideToken path="/decide" at={now.getTime()} />
      <div className={link.kind === 'decided' ? 'screen-decided' : 'screen-decide'}>
        <SoloShell
          organisation={viewer.organisation.name}
          user={{ name: viewer.person.name, href: '/' }}
          zone={zoneLabel(zone, now)}
          className={link.kind === 'decide' || link.kind === 'decided' ? undefined : 'solo-one'}
        >
          <Body link={link} viewer={viewer} here={`/decide/${token}`} />
        </SoloShell>
      </div>
    </LeaseClock>
  )
}

function Body({ link, viewer, here }: { link: DecideLink; viewer: Viewer; here: string }) {
  const { now, zone, person: me } = viewer
  switch (link.kind) {
    case 'decide':
      return (
        <>
          <AskFacts request={link.request} me={me.id} now={now} zone={zone} />
          <div className="decide-side">
            <DecideForm
              request={link.request}
              now={now}
              zone={zone}
              decide={decide}
              mayRevoke={link.mayRevoke}
            />
            <AskInstead requestId={link.request.id} askerName={link.request.askerName} question={question} />
            <RestOfAsk rest={link.rest} askerName={link.request.askerName} />
          </div>
        </>
      )
    case 'decided':
      return <Answered link={link} viewer={viewer} />
    case 'changed':
      return <LinkChanged request={link.request} change={link.change} now={now} zone={zone} />
    case 'not_asked':
      return (
        <NotAskedPanel answer={link.answer} change={link.change} maySee={link.maySee} now={now} zone={zone} />
      )
    default:
      return (
        <LinkClosed
          kind={link.kind}
          name={me.name}
          requestId={link.kind === 'expired' ? link.requestId : undefined}
          home={{ href: '/approvals', label: 'See what waits for you' }}
          here={here}
          signInAgain={signInAgain}
        />
      )
  }
}

function Answered({ link, viewer }: { link: Extract<DecideLink, { kind: 'decided' }>; viewer: Viewer }) {
  const { details, story, waiting, rest } = link
  if (!details.person) return null
  return (
    <Decided
      request={details.request}
      person={details.person}
      askerName={details.asker?.name ?? details.person.name}
      decisions={details.decisions}
      steps={details.steps.length}
      story={story}
      me={viewer.person.id}
      waiting={waiting}
      rest={rest}
      may={details.may}
      revoke={revoke}
      now={viewer.now}
      zone={viewer.zone}
    />
  )
}
