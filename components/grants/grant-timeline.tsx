'use client'

import { lostMailItems } from '@/components/timeline/lost-mails'
import { Timeline, type TimelineItem } from '@/components/timeline/timeline'
import { Avatar } from '@/components/ui/avatar'
import { Icon } from '@/components/ui/icon'
import { voterName } from '@/lib/deciding-words'
import { formatClock, formatDurationShort, formatPrecise } from '@/lib/format'
import { GRANTS_PATH } from '@/lib/grant-url'
import type { ConnectorCall, GrantDecision, GrantDetails } from '@/lib/grant-views'
import { timelineWords } from '@/lib/timeline-words'
import { firstName } from './revoke-dialog'

interface Props {
  readonly details: GrantDetails
  readonly now: Date
  readonly zone: string
}

/** Who agreed to what, step by step, and who is still asked. */
export function Decisions({ details, now, zone }: Props) {
  if (details.decisions.length === 0) return null
  return (
    <section className="d-decisions" aria-labelledby="d-decisions">
      <h3 className="d-h" id="d-decisions">
        Decisions
      </h3>
      <ol className="decisions">
        {details.decisions.map((decision) => (
          <li key={decision.id}>
            <span className="step">{stepWords(decision)}</span>
            {decision.person ? (
              <>
                <Avatar name={decision.person} size={20} />
                <span>{voterName({ personName: decision.person, forName: decision.forName })}</span>
                <Verdict decision={decision} />
                <time dateTime={decision.at.toISOString()}>{formatClock(decision.at, zone, now)}</time>
              </>
            ) : (
              <>
                <span className="c-wait b row row-4">
                  <Icon name="hourglass" size={14} />
                  not decided yet
                </span>
                <time dateTime={decision.at.toISOString()}>by {formatClock(decision.at, zone, now)}</time>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function stepWords({ kind, seconds, step, steps, asked }: GrantDecision): string {
  if (kind === 'extension')
    return `Extension, ${seconds === null ? 'more' : `+${formatDurationShort(seconds)}`}`
  const who = asked || 'approvers'
  return steps > 1 ? `Step ${step + 1} · ${who}` : `${who.charAt(0).toUpperCase()}${who.slice(1)}`
}

function Verdict({ decision }: { decision: GrantDecision }) {
  const yes = decision.verdict === 'approve'
  return (
    <span className={yes ? 'c-ok b row row-4' : 'c-bad b row row-4'} title={decision.note ?? undefined}>
      <Icon name={yes ? 'check' : 'x'} size={14} />
      {yes ? 'agreed' : 'denied'}
    </span>
  )
}

/** Everything from asked to settled, with what is still to come on top. */
export function GrantTimeline({ details, now, zone }: Props) {
  const { row, entries } = details
  const evidence = evidenceOf(details)
  const items = entries.map((entry): TimelineItem => {
    const place = {
      zone,
      now,
      application: row.application.name,
      entitlement: row.entitlement.name,
      holder: row.person.name,
      extension: entry.extension,
      steps: entry.steps,
    }
    const lines = evidence.get(entry.id)
    return { id: entry.id, at: entry.at, ...timelineWords(entry, place), evidence: lines?.map(callLine) }
  })
  return (
    <section className="d-timeline" aria-labelledby="d-timeline">
      <h3 className="d-h" id="d-timeline">
        Timeline <span className="hint">newest first</span>
        <a className="link-btn t-xs" href={`${GRANTS_PATH}/${row.id}/timeline`} download>
          Export
        </a>
      </h3>
      <Timeline
        entries={[...items, ...lostMailItems(details.lostMails)]}
        upcoming={upcomingItems(details)}
        now={now}
        zone={zone}
      />
      <Calls details={details} zone={zone} />
    </section>
  )
}

function upcomingItems(details: GrantDetails): TimelineItem[] {
  const { row, upcoming, startBy } = details
  const { byHand } = row
  const app = row.application.name
  const first = firstName(row)
  const words: Record<string, Pick<TimelineItem, 'icon' | 'text'>> = {
    give: { icon: 'key-round', text: byHand ? `A task is opened to give it in ${app}` : `Given in ${app}` },
    notice: { icon: 'bell', text: `Notice to ${first}, with “Request extension”` },
    take: {
      icon: 'power',
      text: row.preexisting
        ? 'Ends; the access stays, for it was held before'
        : row.state === 'revoking'
          ? `Tried again in ${app}`
          : byHand
            ? `Ends, and a task is opened to take it out of ${app}`
            : `Ends, and is taken back from ${app}`,
    },
    look: { icon: 'eye', text: `Looked at once more in ${app}` },
    decide: { icon: 'hourglass', text: 'The extension request lapses, if nobody decides' },
  }
  const items = upcoming.flatMap(({ kind, at }): TimelineItem[] => {
    // Taking by hand is the task's, and the task stands below.
    const said = byHand && row.state === 'revoking' ? undefined : words[kind]
    return said ? [{ id: `next-${kind}`, at, ...said }] : []
  })
  const waiting = row.state === 'scheduled' || row.state === 'provisioning'
  return waiting
    ? [
        ...items,
        {
          id: 'next-start-by',
          at: startBy,
          icon: 'timer-off',
          text: 'Given up, if it could not be given by then',
        },
      ]
    : items
}

const callLine = (call: ConnectorCall) => ({
  left: call.operation,
  right: `${call.outcome}, ${call.tookMs.toLocaleString('en')} ms`,
})

const MOST_LINES = 4

/**
 * Puts the calls beside the entries they prove: before the first change the baseline, then the give until it was
 * seen, then the take until it was seen gone. Only for a grant that was given and taken once; the full log is
 * below in any case.
 */
function evidenceOf({ entries, calls }: GrantDetails): Map<string, ConnectorCall[]> {
  const found = new Map<string, ConnectorCall[]>()
  if (entries.some((entry) => entry.verb === 'reopened')) return found
  const firstGive = calls.findIndex((call) => call.operation === 'grant')
  const firstTake = calls.findIndex((call) => call.operation === 'revoke')
  const end = firstTake < 0 ? calls.length : firstTake
  const put = (verb: string, some: readonly ConnectorCall[]) => {
    const entry = entries.find((one) => one.verb === verb)
    if (entry && some.length > 0) found.set(entry.id, some.slice(-MOST_LINES))
  }
  put('giving', calls.slice(0, firstGive < 0 ? end : firstGive))
  if (firstGive >= 0) put('given', calls.slice(firstGive, end))
  if (firstTake < 0) return found
  const after = calls.slice(firstTake)
  const gone = after.findIndex((call) => call.operation === 'check' && call.outcome === 'absent')
  const until = gone < 0 ? after.length : gone + 1
  put('seen_absent', after.slice(0, until))
  put('answered_absent', after.slice(0, until))
  put('settled', after.slice(until))
  return found
}

function Calls({ details, zone }: Pick<Props, 'details' | 'zone'>) {
  const { calls, row } = details
  if (calls.length === 0) return null
  return (
    <details className="d-calls">
      <summary>
        Connector evidence{' '}
        <span className="hint">
          every call to {row.application.name}: {calls.length}
        </span>
      </summary>
      <code className="evidence">
        {calls.map((call) => (
          <span className="ev-line" key={call.id}>
            <span>
              <b>{formatPrecise(call.startedAt, zone)}</b> {call.operation}
              {call.message ? <span className="ev-said"> {call.message}</span> : null}
            </span>
            <span>
              {call.outcome}, {call.tookMs.toLocaleString('en')} ms
            </span>
          </span>
        ))}
      </code>
    </details>
  )
}
