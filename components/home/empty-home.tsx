import type { CSSProperties } from 'react'
import { EntitlementName } from '@/components/request/entitlement-name'
import { AppMark } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { formatDuration, formatDurationShort } from '@/lib/format'
import type { ApplicationView, CatalogueRow } from '@/lib/views'

/** A lease bar with nothing on it yet. */
const EMPTY_BAR = { '--p': 0, '--n': 83.3, '--e': 100 } as CSSProperties

type Suggestion = { application: ApplicationView; row: CatalogueRow }

type EmptyProps = {
  greeting: string
  suggestions: { rows: readonly Suggestion[]; team: string | null }
  /** Nothing waits for this person, and nothing was asked for. */
  quiet: boolean
  endedLately: number
}

/** Home of somebody who holds nothing: good news, and the way to ask. */
export function EmptyHome({ greeting, suggestions, quiet, endedLately }: EmptyProps) {
  const { rows, team } = suggestions
  return (
    <div className="e">
      <span className="lease is-scheduled lease-lg e-bar" style={EMPTY_BAR} aria-hidden="true">
        <i className="lease-tick" />
        <i className="lease-end" />
      </span>
      <h1>{greeting}. You hold nothing right now.</h1>
      <p className="e-sub">
        Good: what nobody holds, nobody can lose. When you need something, ask for it for as long as the job
        takes. We tell you before it ends.
      </p>
      {/* A plain form: it works before any script has arrived. */}
      <search>
        <form action="/catalogue">
          <Input
            frameClassName="e-search"
            icon="search"
            type="search"
            name="q"
            placeholder="What do you need to get into?"
            aria-label="Search the catalogue"
            autoFocus
          />
        </form>
      </search>
      {rows.length > 0 ? (
        <section className="e-sect">
          <h2>{team ? `People in ${team} often ask for` : 'You could ask for'}</h2>
          <ul className="card">
            {rows.map(({ application, row }) => (
              <li className="sug" key={row.entitlement.id}>
                <AppMark name={application.name} size={32} />
                <span className="cell2 grow min-w-0">
                  <span className="b t-md trunc">
                    <EntitlementName name={row.entitlement.name} />
                  </span>
                  <small className="trunc">{application.name}</small>
                </span>
                <span className="ink2 sug-m">
                  {row.lengths.length > 0 ? `up to ${formatDuration(Math.max(...row.lengths))}` : 'permanent'}
                  {row.usualSeconds === null
                    ? ''
                    : ` · usual answer ${formatDurationShort(row.usualSeconds)}`}
                </span>
                <LinkButton
                  size="sm"
                  href={`/catalogue/${row.entitlement.id}/request`}
                  aria-label={`Request ${row.entitlement.name} on ${application.name}`}
                >
                  Request
                </LinkButton>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <p className="e-foot">
        {quiet ? (
          <>
            <Icon name="check" size={14} />
            Nothing waits for your decision, and you have asked for nothing yet.
          </>
        ) : null}
        {endedLately > 0 ? (
          <Link className="u" href="/requests?show=ended">
            Ended lately ({endedLately})
          </Link>
        ) : null}
      </p>
    </div>
  )
}
