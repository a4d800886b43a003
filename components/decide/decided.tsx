import { LeaseText, LiveLeaseBar } from '@/components/lease/lease-clock'
import { Quote } from '@/components/people/person'
import { EntitlementName } from '@/components/request/entitlement-name'
import { RevokeNow } from '@/components/request/own-buttons'
import { Story } from '@/components/request/story'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Toasts } from '@/components/ui/toast'
import { firstName, missingWords, nameList } from '@/lib/asking-words'
import { narrowedWords, voterName } from '@/lib/deciding-words'
import type { GrantState } from '@/lib/domain/grant'
import { formatClock, formatDuration } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import { lapseWords, type TimelineEntryView } from '@/lib/timeline-words'
import type { DecisionView, PersonView, RequestView, SameAsk } from '@/lib/views'
import { RestOfAsk } from './rest-of-ask'

type DecidedProps = {
  request: RequestView
  person: PersonView
  /** Whoever asked, where that is not the person it is for. */
  askerName: string
  decisions: readonly DecisionView[]
  steps: number
  story: readonly TimelineEntryView[]
  me: string
  /** How many more wait for the reader. */
  waiting: number
  /** What else of the same ask waits for the reader. */
  rest: readonly SameAsk[]
  may: { openGrant: boolean; revoke: boolean }
  revoke: SendForm<{ state: GrantState }>
  now: Date
  zone: string
}

const unasked = {
  automatic: 'Agreed to by its policy',
  emergency: 'Taken in an emergency',
  conversion: 'Turned from standing access into a lease',
} as const

/** The answer is the heading; below it the live lease, what happened, and what comes. */
export function Decided(props: DecidedProps) {
  const { request, person, now, zone, may, waiting } = props
  const first = firstName(person.name)
  const asker = firstName(props.askerName)
  const { grant } = request
  const { title, text, ok } = answerWords(props)
  const live = grant && ['scheduled', 'provisioning', 'active'].includes(grant.times.state)
  return (
    <>
      <section>
        <div className={ok ? 'done' : 'done done-off'} role="status">
          <Icon name={ok ? 'circle-check' : 'info'} />
          <div>
            <h1>{title}</h1>
            <p>{text}</p>
          </div>
        </div>
        <RestOfAsk rest={props.rest} askerName={props.askerName} />
        {request.state === 'approved' && grant ? (
          <div className="card leasebox">
            <h2>
              {person.name} {holdWord(grant.times.state)}{' '}
              <EntitlementName name={request.entitlement.name} heading /> on {request.application.name}
            </h2>
            <LeaseText facts={grant.times} now={now} zone={zone} className="lease-text t-md" />
            <LiveLeaseBar facts={grant.times} now={now} zone={zone} size="large" labels />
            <div className="foot">
              <LinkButton
                href={
                  may.openGrant ? `/settings/access-management/grants/${grant.id}` : `/requests/${request.id}`
                }
              >
                {may.openGrant ? 'Open the grant' : 'Open the request'}
              </LinkButton>
              {live && may.revoke ? (
                <span className="ml-auto">
                  <Toasts>
                    <RevokeNow lease={grant} holder={first} revoke={props.revoke} />
                  </Toasts>
                </span>
              ) : null}
            </div>
          </div>
        ) : null}
        <Said decisions={props.decisions} me={props.me} now={now} zone={zone} />
        {request.reason ? (
          <>
            <h2 className="lbl">Why {asker} asked</h2>
            <Quote from={`${asker}, ${formatClock(request.askedAt, zone, now)}`}>{request.reason}</Quote>
          </>
        ) : null}
      </section>
      <aside className="aside" aria-label="What happened">
        <h2 className="lbl mt-1!">What happened</h2>
        <Story
          request={request}
          personName={first}
          steps={props.steps}
          entries={props.story}
          now={now}
          zone={zone}
        />
        <p className="mt-3.5">
          <LinkButton block href="/approvals" iconEnd="arrow-right">
            {waiting > 0
              ? `${waiting} more ${waiting === 1 ? 'waits' : 'wait'} for you`
              : 'Nothing more waits for you'}
          </LinkButton>
        </p>
      </aside>
    </>
  )
}

function holdWord(state: GrantState): string {
  if (state === 'scheduled' || state === 'provisioning') return 'gets'
  return state === 'active' ? 'holds' : 'held'
}

/** What was said with the answers. */
function Said({ decisions, me, now, zone }: Pick<DecidedProps, 'decisions' | 'me' | 'now' | 'zone'>) {
  const said = decisions.filter((d) => d.note || d.seconds !== null || d.startAt !== null)
  if (said.length === 0) return null
  return (
    <>
      <h2 className="lbl">What was said</h2>
      {said.map((d) => (
        <div className="said" key={d.personId}>
          <p>
            <b className="bb">{d.personId === me ? 'You' : voterName(d)}</b>{' '}
            {d.verdict === 'approve' ? 'agreed' : 'denied it'} {formatClock(d.decidedAt, zone, now)}
            {narrowedWords(d, zone, now) ? `, ${narrowedWords(d, zone, now)}` : ''}
          </p>
          {d.note ? <p className="asked-text">{d.note}</p> : null}
        </div>
      ))}
    </>
  )
}

function answerWords({ request, person, decisions, story, me, now, zone }: DecidedProps) {
  const first = firstName(person.name)
  const at = request.decidedAt ? ` ${formatClock(request.decidedAt, zone, now)}` : ''
  const mine = decisions.find((d) => d.personId === me)
  const last = story.findLast((e) => e.subjectType === 'request' && e.verb === request.state)
  const names = (verdict: 'approve' | 'deny') =>
    nameList(
      decisions.filter((d) => d.verdict === verdict).map((d) => (d.personId === me ? 'you' : d.personName)),
    )
  switch (request.state) {
    case 'approved': {
      const given = request.seconds === null ? 'permanent access' : formatDuration(request.seconds)
      if (request.approval !== 'people')
        return {
          ok: true,
          title: `${unasked[request.approval]}${at}`,
          text: 'Nothing is left for you to decide.',
        }
      const less = request.askedSeconds !== null && request.askedSeconds !== request.seconds
      return {
        ok: true,
        title: `${mine ? 'Approved' : 'Already approved'} by ${names('approve')}${at}`,
        text: `Nothing is left for you to decide. ${
          less
            ? `${first} asked for ${formatDuration(request.askedSeconds ?? 0)} and got ${given}.`
            : `${first} got what was asked for: ${given}.`
        }`,
      }
    }
    case 'denied':
      return {
        ok: false,
        title: `${mine ? 'Denied' : 'Already denied'} by ${names('deny')}${at}`,
        text: `${first} was told why and can ask again.`,
      }
    case 'withdrawn':
      return {
        ok: false,
        title: `${last?.actorName ? firstName(last.actorName) : first} withdrew this${at}`,
        text:
          last?.data.why === 'emergency'
            ? `${first} took emergency access instead. Nothing is left for you to decide.`
            : 'Nothing is left for you to decide.',
      }
    case 'lapsed':
      return {
        ok: false,
        title: `This lapsed${at}`,
        text: `${lapseWords(last?.data.why)} ${first} can ask again.`,
      }
    case 'pending':
      return mine
        ? {
            ok: true,
            title: `You agreed ${formatClock(mine.decidedAt, zone, now)}`,
            text: `Your yes counts: ${missingWords(request.progress?.missing ?? 1)}.`,
          }
        : { ok: false, title: 'The time to decide is over', text: 'This request lapses now.' }
  }
}
