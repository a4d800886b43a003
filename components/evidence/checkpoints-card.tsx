import { Callout } from '@/components/ui/labels'
import { formatClock } from '@/lib/format'
import type { CheckpointStanding } from '@/lib/queries/checkpoints'

const names = { file: 'File', webhook: 'Webhook', mail: 'Mail' } as const

/** How far the signed checkpoints of the audit log are, and whether they get off the machine. */
export function CheckpointsCard({
  standing,
  now,
  zone,
}: {
  standing: CheckpointStanding
  now: Date
  zone: string
}) {
  const { links, last, ways } = standing
  const failing = ways.filter((way) => way.failingSince)
  return (
    <section className="card card-pad stack mt-4" aria-labelledby="checkpoints">
      <h2 className="card-title" id="checkpoints">
        Audit checkpoints
      </h2>
      <p className="ink2">
        {links} {links === 1 ? 'entry is' : 'entries are'} sealed.{' '}
        {last
          ? `The last checkpoint covers ${last.link === 1 ? 'the first' : `the first ${last.link}`} and was signed ${formatClock(last.at, zone, now)}.`
          : 'No checkpoint was signed yet.'}
      </p>
      {failing.map((way) => (
        <Callout key={way.channel} tone="bad" role="status">
          <p>
            {names[way.channel]}: nothing got out since {formatClock(way.failingSince as Date, zone, now)}.{' '}
            {way.error}
          </p>
        </Callout>
      ))}
      {ways.length === 0 ? (
        <Callout tone="warn">
          <p>
            Checkpoints stay in the database. Whoever runs Leasehold can have them written to a file, a
            webhook or mail, where nobody who can change the database can change them.
          </p>
        </Callout>
      ) : (
        <dl className="facts">
          {ways.map((way) => (
            <div key={way.channel} className="contents">
              <dt>{names[way.channel]}</dt>
              <dd>{way.deliveredAt ? `last ${formatClock(way.deliveredAt, zone, now)}` : 'none yet'}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
