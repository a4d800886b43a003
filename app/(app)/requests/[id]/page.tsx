import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AskFacts } from '@/components/decide/ask-facts'
import { DecideForm } from '@/components/decide/decide-form'
import { GiveBack } from '@/components/home/give-back'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AutoRefresh } from '@/components/request/auto-refresh'
import { RequestHead, Steps } from '@/components/request/details'
import { EmergencySide } from '@/components/request/emergency-side'
import { RevokeNow, WithdrawRequest } from '@/components/request/own-buttons'
import { RequestTitle } from '@/components/request/request-rows'
import { Story } from '@/components/request/story'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { firstName } from '@/lib/asking-words'
import { isUuid } from '@/lib/ids'
import { requestToDecide } from '@/lib/queries/approvals'
import { emergencyReview } from '@/lib/queries/emergencies'
import { type RequestDetails, requestDetails, requestStory } from '@/lib/queries/requests'
import { requireViewer, type Viewer } from '@/lib/session'
import type { EmergencyReview } from '@/lib/views'
import { decide } from '../../approvals/actions'
import { giveBack, revoke, withdraw } from '../actions'

export const metadata: Metadata = { title: 'Request' }

/** How often the page looks again: soon while something is on its way, seldom otherwise. */
const BUSY_MS = 2_000
const CALM_MS = 20_000

export default async function RequestPage({ params, searchParams }: PageProps<'/requests/[id]'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const { asked } = await searchParams
  const { ctx, now, zone } = viewer
  const details = isUuid(id) ? await requestDetails(ctx, id, now) : null
  if (!details?.person) notFound()
  const { request, person, mine } = details
  const story = await requestStory(ctx, details)
  const review =
    request.approval === 'emergency' && request.grant ? await emergencyReview(ctx, request.grant.id) : null
  const toDecide = details.may.decide ? await requestToDecide(ctx, id, now) : null
  const parent = mine
    ? { label: 'My requests', href: '/requests' }
    : { label: 'Approvals', href: '/approvals' }
  return (
    <PageFrame
      className="screen-decide screen-extend inapp"
      title="Request"
      crumbs={[parent, { label: <RequestTitle request={request} /> }]}
    >
      <LeaseClock now={now}>
        <AutoRefresh every={busy(details) ? BUSY_MS : CALM_MS} />
        <div className="solo-main">
          {toDecide ? (
            <AskFacts request={toDecide} me={viewer.person.id} now={now} zone={zone} />
          ) : (
            <RequestHead
              request={request}
              person={person}
              askerName={details.asker?.name ?? person.name}
              mine={mine}
              now={now}
              zone={zone}
            />
          )}
          <div>
            {toDecide ? (
              <DecideForm
                request={toDecide}
                now={now}
                zone={zone}
                decide={decide}
                mayRevoke={details.owner}
              />
            ) : (
              <Side details={details} review={review} viewer={viewer} justAsked={asked !== undefined} />
            )}
            <section className="panel mt-4" aria-labelledby="happened">
              <h2 className="panel-title mb-2" id="happened">
                What happened
              </h2>
              <Story
                request={request}
                personName={firstName(person.name)}
                steps={details.steps.length}
                entries={story}
                now={now}
                zone={zone}
              />
            </section>
          </div>
        </div>
      </LeaseClock>
    </PageFrame>
  )
}

function Side({
  details,
  review,
  viewer,
  justAsked,
}: {
  details: RequestDetails
  review: EmergencyReview | null
  viewer: Viewer
  justAsked: boolean
}) {
  const { request, person, may } = details
  const { grant } = request
  const { now, zone } = viewer
  const live = grant && ['scheduled', 'provisioning', 'active'].includes(grant.times.state)
  const over = grant && request.state === 'approved' ? !live : request.state !== 'pending'
  const name = request.entitlement.name
  return (
    <section className="panel stack" aria-label="Who decides">
      {justAsked && request.state === 'pending' ? (
        <Callout tone="ok" role="status">
          <p>Asked. Whoever can decide has a mail now; you get one as soon as somebody does.</p>
        </Callout>
      ) : null}
      {request.approval === 'emergency' ? (
        <EmergencySide details={details} review={review} justTaken={justAsked} now={now} zone={zone} />
      ) : (
        <div>
          <h2 className="panel-title">
            {request.state === 'pending' ? 'Who has to agree' : 'Who was asked'}
          </h2>
          <Steps steps={details.steps} now={now} zone={zone} />
          <p className="quiet">Policy: {details.policyName}</p>
        </div>
      )}
      <div className="row flex-wrap">
        {may.withdraw ? (
          <WithdrawRequest
            requestId={request.id}
            name={name}
            extension={request.kind === 'extension'}
            withdraw={withdraw}
          />
        ) : null}
        {live && may.returnGrant && grant.extend?.allowed && !grant.pending ? (
          <LinkButton icon="timer-reset" href={`/grants/${grant.id}/extend`}>
            Extend
          </LinkButton>
        ) : null}
        {live && may.returnGrant ? (
          <GiveBack lease={grant} now={now} action={giveBack} withdraw={grant.times.state !== 'active'} />
        ) : null}
        {grant && may.openGrant ? (
          <LinkButton href={`/settings/access-management/grants/${grant.id}`}>Open the grant</LinkButton>
        ) : null}
        {live && may.revoke && !may.returnGrant ? (
          <RevokeNow lease={grant} holder={firstName(person?.name ?? '')} revoke={revoke} />
        ) : null}
        {details.mine && over && request.kind === 'grant' ? (
          <LinkButton icon="refresh" href={`/catalogue/${request.entitlement.id}/request`}>
            Ask again
          </LinkButton>
        ) : null}
        <LinkButton variant="ghost" href={details.mine ? '/requests' : '/approvals'}>
          {details.mine ? 'All my requests' : 'What waits for me'}
        </LinkButton>
      </div>
    </section>
  )
}

/** Something is about to change by itself: being given, being taken back, or due this moment. */
function busy({ request }: RequestDetails): boolean {
  const { grant, state } = request
  if (state !== 'approved' || !grant) return false
  return ['scheduled', 'provisioning', 'revoking'].includes(grant.times.state)
}
