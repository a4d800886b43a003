import clsx from 'clsx'
import type { Route } from 'next'
import type { DataColumn } from '@/components/data-table'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { auditHref, plainAuditView } from '@/lib/audit-url'
import type { AuditObjectView, AuditRow } from '@/lib/audit-views'
import { kindIcon, kindLabel } from '@/lib/audit-words'
import { formatDay, formatPrecise } from '@/lib/format'

interface Reader {
  readonly now: Date
  readonly zone: string
}

/** When, what, and about what. */
export function auditColumns(reader: Reader): DataColumn<AuditRow>[] {
  return [
    { id: 'at', header: 'Time', width: 178, cell: (row) => <When at={row.at} {...reader} /> },
    { id: 'what', header: 'What happened', cell: (row) => <What row={row} />, className: 'a-cell' },
    { id: 'object', header: 'Object', width: 300, cell: (row) => <ObjectCell object={row.object} /> },
    {
      id: 'only',
      header: 'All of this object',
      hideHeader: true,
      width: 48,
      cell: (row) => <OnlyLink object={row.object} />,
      className: 'c-more',
    },
  ]
}

function When({ at, now, zone }: Reader & { at: Date }) {
  return (
    <time className="cell2 num" dateTime={at.toISOString()} title={at.toISOString()}>
      <span>{formatPrecise(at, zone)}</span>
      <small className="trunc">{formatDay(at, zone, now)}</small>
    </time>
  )
}

function What({ row: { words } }: { row: AuditRow }) {
  return (
    <span className="a-what">
      <span className={clsx('tl-dot', words.tone)}>
        <Icon name={words.icon} size={12} />
      </span>
      <span className="cell2">
        <span>
          {words.who ? <b>{words.who} </b> : null}
          {words.text}
        </span>
        {words.detail || words.lateness ? (
          <small>{[words.detail, words.lateness && `${words.lateness}.`].filter(Boolean).join(' ')}</small>
        ) : null}
      </span>
    </span>
  )
}

function ObjectCell({ object }: { object: AuditObjectView }) {
  const name = object.name ?? 'no longer here'
  return (
    <span className="row min-w-0">
      <Icon name={kindIcon(object.type)} size={14} />
      <span className="cell2">
        {object.href ? (
          <Link className="trunc" href={object.href as Route} title={name}>
            {name}
          </Link>
        ) : (
          <span className="trunc" title={name}>
            {name}
          </span>
        )}
        <small className="trunc" title={object.sub ?? undefined}>
          {[kindLabel(object.type), object.sub].filter(Boolean).join(' · ')}
        </small>
      </span>
    </span>
  )
}

function OnlyLink({ object }: { object: AuditObjectView }) {
  const { type, id } = object
  const label = `Everything of this ${kindLabel(type).toLowerCase()}`
  return (
    <Link
      className="icon-btn"
      href={auditHref({ ...plainAuditView, object: { type, id } }) as Route}
      aria-label={label}
      title={label}
    >
      <Icon name="list-filter" size={14} />
    </Link>
  )
}

/** An entry on a phone: what happened, about what, when. */
export function AuditCard({ row, now, zone }: Reader & { row: AuditRow }) {
  return (
    <div className="a-card">
      <What row={row} />
      <div className="a-card-foot">
        <ObjectCell object={row.object} />
        <When at={row.at} now={now} zone={zone} />
      </div>
    </div>
  )
}

/** A row for whoever hears it. */
export const auditRowLabel = ({ words, object }: AuditRow): string =>
  [words.who, words.text, object.name].filter(Boolean).join(' ')
