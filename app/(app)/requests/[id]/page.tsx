import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { FreezeNote } from '@/components/brakes/freeze-note'
import { AskFacts } from '@/components/decide/ask-facts'
import { DecideForm } from '@/components/decide/decide-form'
import { AskInstead, QuestionList } from '@/components/decide/questions'
import { RestOfAsk } from '@/components/decide/rest-of-ask'
import { GiveBack } from '@/components/home/give-back'
import { LeaseClock } from '@/components/lease/lease-clock'
import { AccountWait } from '@/components/request/account-wait'
import { AutoRefresh } from '@/components/request/auto-refresh'
import { RequestHead } from '@/components/request/details'
import { EmergencySide } from '@/components/request/emergency-side'
import { RevokeNow, WithdrawRequest } from '@/components/request/own-buttons'
import { Reassign } from '@/components/request/reassign'
import { RequestTitle } from '@/components/request/request-rows'
import { Steps } from '@/components/request/steps'
import { Story } from '@/components/request/story'
import { PageFrame } from '@/components/shell/page-frame'
import { LinkButton } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { firstName } from '@/lib/asking-words'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { myAccountWait } from '@/lib/queries/accounts'
import { requestToDecide, restOfAsk } from '@/lib/queries/approvals'
import { freezeOn } from '@/lib/queries/brakes'
import { emergencyReview } from '@/lib/queries/emergencies'
import { peopleToName } from '@/lib/queries/request-edit'
import { type RequestDetails, requestDetails, requestLostMails, requestStory } from '@/lib/queries/requests'
import { requireViewer, type Viewer } from '@/lib/session'
import type { EmergencyReview } from '@/lib/views'
import { decide, question } from '../../approvals/actions'
import { answer, giveBack, nameAccount, reassign, revoke, withdraw } from '../actions'

export const metadata: Metadata = { title: 'Request' }

/** How often the page looks again: soon while something is on its way, seldom otherwise. */
const BUSY_MS = 2_000
const CALM_MS = 20_000

export default async function RequestPage({ params, searchParams }: PageProps<'/requests/[id]'>) {
  const viewer = await requireViewer()
  const { id } = await params
  const { asked, changed } = await searchParams
  const { ctx, now, zone } = viewer
  const details = isUuid(id) ? await requestDetails(ctx, id, now) : null
  if (!details?.person) return notHere()
  const { request, person, mine } = details
  const [story, lostMails] = await Promise.all([requestStory(ctx, details), requestLostMails(ctx, details)])
  const review =
    request.approval === 'emergency' && request.grant ? await emergencyReview(ctx, request.grant.id) : null
  const toDecide = details.may.decide ? await requestToDecide(ctx, id, now) : null
  const waits = request.state === 'pending' || request.grant?.times.state === 'scheduled'
  const account =
    mine && request.grant?.times.state === 'provisioning'
      ? await myAccountWait(ctx, request.application.id)
      : null
  const freeze = waits ? await freezeOn(ctx, request.entitlement.id) : null
  const [rest, people] = await Promise.all([
    mine ? [] : restOfAsk(ctx, request, now),
    details.may.reassign ? peopleToName(ctx, details) : [],
  ])
  const reassigning = details.may.reassign ? (
    <Reassign
      requestId={request.id}
      people={people}
      now={details.steps.find((s) => s.open)?.approvers.map((a) => a.name) ?? []}
      reassign={reassign}
    />
  ) : null
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
              me={viewer.person.id}
              steps={details.steps}
              now={now}
              zone={zone}
            />
          )}
          <div>
            {freeze?.scope === 'application' ? (
              <div className="mb-4">
                <FreezeNote freeze={freeze} application={request.application.name} now={now} zone={zone} />
              </div>
            ) : null}
            {account ? <AccountWait wait={account} nameAccount={nameAccount} /> : null}
            {toDecide ? (
              <>
                <DecideForm
                  request={toDecide}
                  now={now}
                  zone={zone}
                  decide={decide}
                  mayRevoke={details.owner}
                />
                <AskInstead requestId={request.id} askerName={toDecide.askerName} question={question} />
                {reassigning ? <p className="mt-4">{reassigning}</p> : null}
              </>
            ) : (
              <>
                {request.questions.length > 0 ? <Questions details={details} viewer={viewer} /> : null}
                <Side
                  details={details}
                  review={review}
                  viewer={viewer}
                  justAsked={asked !== undefined}
                  news={
                    asked !== undefined
                      ? 'Asked. Whoever can decide has a mail now; you get one as soon as somebody does.'
                      : changed !== undefined
                        ? 'Changed. It is asked anew, and whoever can decide has a new mail.'
                        : null
                  }
                  reassigning={reassigning}
                />
              </>
            )}
            <RestOfAsk rest={rest} askerName={details.asker?.name ?? person.name} />
            <section className="panel mt-4" aria-labelledby="happened">
              <h2 className="panel-title mb-2" id="happened">
                What happened
              </h2>
              <Story
                request={request}
                personName={firstName(person.name)}
                steps={details.steps.length}
                entries={story}
                lostMails={lostMails}
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

/** What approvers wanted to know; whoever asked answers here. */
function Questions({ details, viewer }: { details: RequestDetails; viewer: Viewer }) {
  const { request, may } = details
  const open = request.questions.some((q) => q.answer === null)
  return (
    <section className="panel stack mb-4" aria-labelledby="questions">
      <h2 className="panel-title" id="questions">
        {may.answer && open ? 'A question for you' : 'Questions and answers'}
      </h2>
      <QuestionList
        questions={request.questions}
        me={viewer.person.id}
        now={viewer.now}
        zone={viewer.zone}
        answering={may.answer ? { requestId: request.id, answer } : undefined}
      />
    </section>
  )
}

function Side({
  details,
  review,
  viewer,
  justAsked,
  news,
  reassigning,
}: {
  details: RequestDetails
  review: EmergencyReview | null
  viewer: Viewer
  justAsked: boolean
  /** What the reader has just done. */
  news: string | null
  reassigning: ReactNode
}) {
  const { request, person, may } = details
  const { grant } = request
  const { now, zone } = viewer
  const live = grant && ['scheduled', 'provisioning', 'active'].includes(grant.times.state)
  const over = grant && request.state === 'approved' ? !live : request.state !== 'pending'
  const name = request.entitlement.name
  return (
    <section className="panel stack" aria-label="Who decides">
      {news && request.state === 'pending' ? (
        <Callout tone="ok" role="status">
          <p>{news}</p>
        </Callout>
      ) : null}
      {request.approval === 'emergency' ? (
        <EmergencySide details={details} review={review} justTaken={justAsked} now={now} zone={zone} />
      ) : (
        <div>
          <h2 className="panel-title">
            {request.state === 'pending' ? 'Who has to agree' : 'Who was asked'}
          </h2>
          <Steps steps={details.steps} approval={request.approval} now={now} zone={zone} />
          <p className="quiet">Policy: {details.policyName}</p>
        </div>
      )}
      <div className="row flex-wrap">
        {may.edit ? (
          <LinkButton icon="pencil" href={`/requests/${request.id}/edit`}>
            Edit
          </LinkButton>
        ) : null}
        {reassigning}
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
