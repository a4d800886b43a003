import { EntitlementName } from '@/components/request/entitlement-name'
import { LinkButton } from '@/components/ui/button'
import { formatClock, formatDuration } from '@/lib/format'
import type { TermsChange } from '@/lib/request-terms'
import type { ToDecide } from '@/lib/views'

type ChangedProps = { request: ToDecide; change: TermsChange; now: Date; zone: string }

/** The request is another one than the mail said: what is different, and where it is decided as it stands. */
export function LinkChanged({ request, change, now, zone }: ChangedProps) {
  const { askerName, person, askerId, application, entitlement } = request
  return (
    <section className="panel stack">
      <div>
        <h1 className="panel-title">This request was changed after we mailed you</h1>
        <p className="read mt-1">
          {askerName} asks{askerId === person.id ? '' : ` on behalf of ${person.name},`} for{' '}
          <EntitlementName name={entitlement.name} /> on {application.name}.{' '}
          {change.by[0]
            ? `${byWords(change)} ${formatClock(change.by[0].at, zone, now)}, so your link decides nothing any more.`
            : 'Your link was about the older one and decides nothing any more.'}
        </p>
      </div>
      <Difference change={change} now={now} zone={zone} />
      <div className="row flex-wrap">
        <LinkButton variant="primary" href={`/requests/${request.id}`}>
          Decide on what stands now
        </LinkButton>
        <LinkButton href="/approvals">See what waits for you</LinkButton>
      </div>
    </section>
  )
}

function byWords({ by }: TermsChange): string {
  const [last] = by
  const who = last?.byName ?? 'Somebody'
  if (last?.verb === 'agreed') return `${who} agreed to less`
  const edits = by.filter((b) => b.verb === 'edited').length
  return `${who} changed it ${edits > 1 ? `${edits} times, the last time` : ''}`.trim()
}

/** Old and new, part by part. */
export function Difference({
  change: { seconds, startAt, reason },
  now,
  zone,
}: {
  change: TermsChange
  now: Date
  zone: string
}) {
  const length = (value: number | null) => (value === null ? 'without an end' : formatDuration(value))
  const start = (at: Date | null) => (at ? formatClock(at, zone, now) : 'once it is agreed')
  const rows = [
    seconds ? { label: 'For how long', was: length(seconds.was), now: length(seconds.now) } : null,
    startAt ? { label: 'Start', was: start(startAt.was), now: start(startAt.now) } : null,
    reason ? { label: 'Why', was: reason.was || 'no reason', now: reason.now || 'no reason' } : null,
  ].filter((row) => row !== null)
  if (rows.length === 0)
    return <p className="ink2">It was changed and changed back: it asks for the same as your mail said.</p>
  return (
    <dl className="diff">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>
            <span className="sr">was </span>
            <del>{row.was}</del>
            <span className="diff-to" aria-hidden="true">
              →
            </span>
            <span className="sr">, is now </span>
            <ins>{row.now}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
