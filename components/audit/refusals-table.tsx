import type { Route } from 'next'
import { Badge, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatDay, formatPrecise } from '@/lib/format'
import { type RefusalRow, refusalLabels } from '@/lib/refusal-views'

/** `href`: where all refusals of this person stand. */
type LinkedRow = RefusalRow & { readonly href: string | null }

export interface RefusalsTableProps {
  readonly rows: readonly LinkedRow[]
  /** Whether others are left out. */
  readonly filtered: boolean
  readonly wall: Date
  readonly zone: string
}

/** Who was turned away where, how often in an hour, and what they were told. Cards on a phone. */
export function RefusalsTable({ rows, filtered, wall, zone }: RefusalsTableProps) {
  if (rows.length === 0)
    return (
      <div className="card mt-4">
        <EmptyState
          icon="shield-check"
          heading="h2"
          title={filtered ? 'No refusal matches' : 'Nobody was turned away'}
        >
          {filtered
            ? 'Nothing that was refused fits these filters.'
            : 'Whoever asks for what is not theirs stands here from that moment on.'}
        </EmptyState>
      </div>
    )
  return (
    <div className="card mt-4 overflow-hidden">
      <table className="table settings-table">
        <colgroup>
          <col style={{ width: '24%' }} />
          <col />
          <col style={{ width: '18%' }} />
          <col style={{ width: '178px' }} />
          <col style={{ width: '92px' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Where</th>
            <th scope="col">Told</th>
            <th scope="col">Last time</th>
            <th scope="col" className="r">
              Times
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={keyOf(row)} row={row} wall={wall} zone={zone} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({
  row: { at, person, href, door, code, count },
  wall,
  zone,
}: Omit<RefusalsTableProps, 'rows' | 'filtered'> & { row: LinkedRow }) {
  return (
    <tr>
      <th scope="row">
        {person && href ? (
          <Link className="b" href={href as Route}>
            {person.name}
          </Link>
        ) : (
          <span className="ink2">nobody who is signed in</span>
        )}
      </th>
      <td data-label="Where">
        <code className="mono min-w-0 whitespace-normal!">{door}</code>
      </td>
      <td data-label="Told">
        <Badge tone={code === 'forbidden' ? 'warn' : 'off'}>{refusalLabels[code]}</Badge>
      </td>
      <td data-label="Last time">
        <time className="cell2 num" dateTime={at.toISOString()} title={at.toISOString()}>
          <span>{formatPrecise(at, zone)}</span>
          <small>{formatDay(at, zone, wall)}</small>
        </time>
      </td>
      <td data-label="Times" className="r num">
        {count.toLocaleString('en')}
      </td>
    </tr>
  )
}

const keyOf = ({ at, person, door, code }: RefusalRow) =>
  [at.toISOString(), person?.id ?? '', door, code].join(' ')
