import { LiveLeaseBar, TimeText } from '@/components/lease/lease-clock'
import { Quote, Who } from '@/components/people/person'
import { ClockNotes } from '@/components/request/clock-notes'
import { EntitlementName } from '@/components/request/entitlement-name'
import { moreWords } from '@/components/request/request-rows'
import { Steps } from '@/components/request/steps'
import { Badge } from '@/components/ui/labels'
import { firstName, nameList } from '@/lib/asking-words'
import { inPlaceWords } from '@/lib/away-words'
import { formatClock, formatDuration, formatShortDay } from '@/lib/format'
import { decidedByWords, historyWords, pastOutcome } from '@/lib/past-words'
import type { ToDecide } from '@/lib/views'
import { HoldsList } from './holds-list'
import { QuestionList } from './questions'

type FactsProps = { request: ToDecide; me: string; now: Date; zone: string }

/** Everything one needs to decide: state, who, what, how long, why, what is held, what was asked before. */
export function AskFacts({ request, me, now, zone }: FactsProps) {
  const { person, entitlement, past } = request
  const first = firstName(person.name)
  const history = historyWords(past)
  const work = [person.title, person.team].filter(Boolean).join(', ')
  return (
    <section className="ask">
      <p className="state">
        <Badge tone="wait" icon="hourglass">
          {stateWords(request)}
        </Badge>
        <TimeText at={request.decideBy} now={now} zone={zone} lead="lapses" />
        {request.startAt && request.startAt > now ? (
          <TimeText at={request.startAt} now={now} zone={zone} lead="to start" />
        ) : null}
      </p>
      <h1 className="solo-title">
        <AskTitle request={request} />
      </h1>
      <Who
        name={person.name}
        title={request.askerId === person.id && work ? work : person.name}
        sub={
          [
            request.askerId === person.id ? '' : work,
            person.managerName && `Reports to ${person.managerName}`,
          ]
            .filter(Boolean)
            .join(' · ') || undefined
        }
        aside={<TimeText at={request.askedAt} now={now} zone={zone} lead="asked" />}
      />
      <Roles request={request} now={now} zone={zone} />
      {request.reason ? (
        <Quote from={`${firstName(request.askerName)}, ${formatClock(request.askedAt, zone, now)}`}>
          {request.reason}
        </Quote>
      ) : (
        <p className="ink2 mb-4">No reason was given; this policy does not want one.</p>
      )}
      <ClockNotes request={request} steps={request.steps} now={now} zone={zone} />
      {request.questions.length > 0 ? (
        <div className="block" id="questions">
          <h2 className="block-title">Questions and answers</h2>
          <QuestionList questions={request.questions} me={me} now={now} zone={zone} />
        </div>
      ) : null}
      {request.apart.length > 0 ? (
        <div className="block">
          <h2 className="block-title">Separation of duties</h2>
          <ApartText request={request} />
        </div>
      ) : null}
      {request.kind === 'extension' && request.grant ? (
        <div className="block">
          <h2 className="block-title">What {first} would keep</h2>
          <LiveLeaseBar
            facts={request.grant.times}
            now={now}
            zone={zone}
            size="large"
            labels
            ghostEnd={request.grant.pending?.newEnd}
          />
        </div>
      ) : null}
      <div className="block">
        <h2 className="block-title">What it lets {first} do</h2>
        <p>{entitlement.description ?? 'Nobody has written down what it gives yet.'}</p>
        {entitlement.risk === 'high' ? (
          <p className="row mt-2">
            <Badge tone="warn" icon="flag">
              High risk
            </Badge>
          </p>
        ) : null}
      </div>
      <div className="block">
        <h2 className="block-title">What {first} already holds</h2>
        <HoldsList holds={request.holds} now={now} zone={zone} />
      </div>
      {request.steps.length > 1 || request.steps.some((s) => s.decisions.length > 0) ? (
        <div className="block">
          <h2 className="block-title">Who has to agree</h2>
          <Steps steps={request.steps} approval={request.approval} now={now} zone={zone} />
        </div>
      ) : null}
      <div className="block">
        <h2 className="block-title">
          Asked for <EntitlementName name={entitlement.name} /> before
        </h2>
        <p className="past-sum">
          <b className="b">{history.lead}</b>
          {history.rest}
        </p>
        {past.items.length > 0 ? (
          <ul className="past num">
            {past.items.slice(0, 3).map((item) => (
              <li key={item.id}>
                <span>{formatShortDay(item.askedAt, zone, now)}</span>
                <span>
                  {item.seconds === null ? 'permanent' : formatDuration(item.seconds)},{' '}
                  {decidedByWords(item, me)}
                </span>
                <span className="ink2">{item.state === 'approved' ? pastOutcome(item) : ''}</span>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </section>
  )
}

/** Who asked for whom, and in whose place the reader decides. */
export function Roles({ request, now, zone }: Omit<FactsProps, 'me'>) {
  const { person, askerName, askerId, inPlaceOf } = request
  if (askerId === person.id && !inPlaceOf) return null
  return (
    <div className="stack gap-1.5! mt-3 mb-4 ink2">
      {askerId === person.id ? null : (
        <p>
          {askerName} asked on behalf of {person.name}. Neither of the two decides.
        </p>
      )}
      {inPlaceOf ? <p>{inPlaceWords(inPlaceOf, zone, now)}.</p> : null}
    </div>
  )
}

const hows = { held: 'holds', agreed: 'gets later', asked: 'asks also for' } as const

/** What separation of duties says about holding this beside what they hold. */
export function ApartText({ request }: { request: ToDecide }) {
  const { apart, person } = request
  return apart.map((a) => (
    <p key={`${a.rule} ${a.other}`}>
      {firstName(person.name)} {hows[a.how]} <EntitlementName name={a.other} /> on {a.application}. The rule “
      {a.rule}” keeps the two apart: {a.reason}
      {consequence(request, a)}
    </p>
  ))
}

/** What follows from it for whoever decides now. */
function consequence({ kind, steps }: ToDecide, { effect, how, rule }: ToDecide['apart'][number]): string {
  const counts = how === 'held' || (how === 'agreed' && kind === 'grant')
  if (effect === 'refuse' && counts) return ' As long as that is so, this cannot be agreed to.'
  const own = steps.find((step) => step.separation === rule)
  if (own?.open) return ' This step is there because of it.'
  return own || effect === 'refuse' || !counts ? '' : ' It takes one more approval, after this.'
}

/** "Ana Oliveira asks for prod_read on Data warehouse for 1 day". */
export function AskTitle({ request }: { request: ToDecide }) {
  const { kind, seconds, startAt, askerName, askerId, person } = request
  const name = <EntitlementName name={request.entitlement.name} heading />
  const who = askerId === person.id ? `${askerName} asks` : `${askerName} asks on behalf of ${person.name},`
  if (kind === 'extension')
    return (
      <>
        {who} for {seconds === null ? 'more' : moreWords(seconds)} of {name} on {request.application.name}
      </>
    )
  return (
    <>
      {who} for {name} on {request.application.name}{' '}
      {seconds === null ? 'without an end' : `for ${formatDuration(seconds)}`}
      {startAt ? ', starting later' : ''}
    </>
  )
}

/** "Not decided yet", "1 of 2 agreed", with the step where there are several. */
export function stateWords({ progress }: ToDecide): string {
  if (!progress) return 'Not decided yet'
  const votes = progress.needed > 1 ? `${progress.agreed} of ${progress.needed} agreed` : 'Not decided yet'
  return progress.steps > 1 ? `Step ${progress.step + 1} of ${progress.steps}: ${votes}` : votes
}

/** Who else can decide, and what one's own answer does. */
export function othersWords({ others, progress }: ToDecide): string {
  const needed = progress ? progress.needed - progress.agreed : 1
  const last = !progress || progress.missing <= 1
  const who =
    others.length === 0
      ? 'Only you can decide on this.'
      : `${nameList(others.map(firstName))} can decide too.`
  if (needed > 1) return `${who} ${needed} have to agree; a no ends it at once.`
  if (!last) return `${who} After a yes the next step is asked; a no ends it at once.`
  return others.length === 0 ? who : `${who} The first decision counts.`
}
