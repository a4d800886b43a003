import type { ReactNode } from 'react'
import { LinkButton } from '@/components/ui/button'
import { formatClock } from '@/lib/format'
import type { EvidencePack } from '@/lib/queries/evidence'
import { type TimelineEntryView, timelineWords } from '@/lib/timeline-words'

type Props = { pack: EvidencePack; now: Date; zone: string }

/** The evidence pack of a grant for reading and for paper: what was agreed, what was done, and how it is proven. */
export function EvidenceSheet({ pack, now, zone }: Props) {
  const at = (moment: Date | string | null) => (moment ? formatClock(new Date(moment), zone, now) : 'not yet')
  const { grant, policy, requests, decisions, proofs, entries, checkpoints } = pack
  const covered = entries.filter((entry) => entry.inclusion).length
  return (
    <div className="stack gap-4! max-w-3xl">
      <p className="ink2">
        Written {at(pack.writtenAt)}. {covered} of {entries.length} entries are in a signed checkpoint
        {covered < entries.length ? '; the rest will be with the next one' : ''}. The file holds everything
        that is needed to check this without Leasehold, and says how.
      </p>
      <div className="row no-print">
        <LinkButton
          icon="download"
          href={`/settings/access-management/grants/${grant.id}/evidence/pack`}
          download
        >
          Evidence as JSON
        </LinkButton>
      </div>
      <Card id="evidence-grant" title="Access">
        <dl className="facts card-pad">
          <dt>Person</dt>
          <dd>
            {grant.person.name}, {grant.person.email}
          </dd>
          <dt>Access</dt>
          <dd>
            {grant.entitlement.name} in {grant.application.name}
          </dd>
          <dt>Account</dt>
          <dd>{grant.account ? `${grant.account.name} (${grant.account.externalId})` : 'none known'}</dd>
          <dt>Granted</dt>
          <dd>{at(grant.grantedAt)}</dd>
          <dt>Ends</dt>
          <dd>
            {grant.endsAt ? at(grant.endsAt) : grant.mode === 'permanent' ? 'never by itself' : 'not yet set'}
          </dd>
          <dt>Seen absent</dt>
          <dd>{at(grant.seenAbsentAt)}</dd>
          {policy ? (
            <>
              <dt>Access policy</dt>
              <dd>
                {policy.name}, version {policy.version}, published {at(policy.publishedAt)}
              </dd>
            </>
          ) : null}
        </dl>
      </Card>
      <Card id="evidence-asked" title="Asked and decided">
        <ul className="evidence-list">
          {requests.map((request) => (
            <li key={request.id}>
              <b className="b">{request.asker?.name}</b> asked{' '}
              {request.kind === 'extension' ? 'for more time' : 'for it'}, {at(request.askedAt)}:{' '}
              {request.state}
              {request.reason ? <small className="block ink2">“{request.reason}”</small> : null}
            </li>
          ))}
          {decisions.map((vote) => (
            <li key={vote.id}>
              <b className="b">{vote.person?.name}</b> said {vote.verdict === 'approve' ? 'yes' : 'no'}
              {vote.inPlaceOf ? ` in place of ${vote.inPlaceOf.name}` : ''}, {at(vote.decidedAt)}
              {vote.note ? <small className="block ink2">“{vote.note}”</small> : null}
            </li>
          ))}
        </ul>
      </Card>
      <Card id="evidence-calls" title="Done in the target">
        {proofs.calls.length + proofs.tasks.length === 0 ? (
          <p className="card-pad ink2">Nothing was asked of the target.</p>
        ) : (
          <ul className="evidence-list">
            {proofs.calls.map((call) => (
              <li key={call.id}>
                {call.operation}: {call.outcome}, {at(call.startedAt)}, {call.tookMs} ms
                {call.message ? <small className="block ink2">{call.message}</small> : null}
              </li>
            ))}
            {proofs.tasks.map((task) => (
              <li key={`${task.kind}:${task.openedAt.toISOString()}`}>
                By hand: {task.kind}, {task.state}
                {task.doneBy ? ` by ${task.doneBy.name}, ${at(task.doneAt)}` : ''}
                {task.evidence ? <small className="block ink2">“{task.evidence}”</small> : null}
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card id="evidence-entries" title="Timeline and its proof">
        <ol className="evidence-list">
          {entries.map((one) => (
            <li key={one.entry.id}>
              <Sentence one={one} pack={pack} now={now} zone={zone} />
              <small className="block ink2">
                {at(one.entry.at)} ·{' '}
                {one.link
                  ? `link ${one.link.seq} · ${one.inclusion ? `in checkpoint ${one.inclusion.checkpoint}` : 'in no checkpoint yet'}`
                  : 'not sealed yet'}
              </small>
              {one.link ? <small className="block evidence-hash">{one.link.hash}</small> : null}
            </li>
          ))}
        </ol>
      </Card>
      <Card id="evidence-checkpoints" title="Checkpoints">
        <ul className="evidence-list">
          {checkpoints.map(({ seq, jws }) => (
            <li key={seq}>
              Checkpoint {seq}
              <small className="block evidence-hash">{jws}</small>
            </li>
          ))}
          {pack.keys.map((key) => (
            <li key={key.kid}>
              Public key {key.kid}
              <small className="block evidence-hash">{key.x}</small>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

function Card({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 className="card-title" id={id}>
          {title}
        </h2>
      </div>
      {children}
    </section>
  )
}

function Sentence({ one, pack, now, zone }: Props & { one: EvidencePack['entries'][number] }) {
  const { grant } = pack
  const view: TimelineEntryView = {
    id: String(one.entry.id),
    subjectType: one.entry.subjectType,
    verb: one.entry.verb as TimelineEntryView['verb'],
    at: new Date(one.entry.at),
    actorName: one.entry.actorId ? one.by : null,
    data: (one.payload ?? { erased: true }) as TimelineEntryView['data'],
  }
  const place = {
    zone,
    now,
    application: grant.application.name,
    entitlement: grant.entitlement.name,
    holder: grant.person.name,
  }
  const { who, text, detail } = timelineWords(view, place)
  return (
    <>
      {who ? <b className="b">{who} </b> : null}
      {text}
      {detail ? <small className="block">{detail}</small> : null}
    </>
  )
}
