'use client'

import type { Route } from 'next'
import { Avatar } from '@/components/ui/avatar'
import { Checkbox } from '@/components/ui/choice'
import { FieldError } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import type { HolderView } from '@/lib/conversion'
import { zoneOf } from '@/lib/reader-zone'

type Props = {
  id: string
  application: { id: string; name: string }
  entitlement: string
  holders: readonly HolderView[]
  ticked: ReadonlySet<string>
  onTick: (ticked: ReadonlySet<string>) => void
  /** Ends of their own, on the reader's wall clock. */
  ends: Readonly<Record<string, string>>
  onEnds: (ends: Readonly<Record<string, string>>) => void
  error: string | null
  zone: string
}

/** Who holds it now; those who can become a lease can be ticked, the others say why not. */
export function HolderTable(props: Props) {
  const { id, application, entitlement, holders, ticked, onTick, error } = props
  const free = holders.filter((one) => one.problem === null)
  const all = free.length > 0 && free.every((one) => ticked.has(one.externalId))
  return (
    <section className="card overflow-hidden" aria-labelledby={`${id}-title`}>
      <div className="card-head flex-wrap">
        <h2 className="card-title" id={`${id}-title`}>
          Who holds {entitlement} now
        </h2>
        <span className="grow" />
        <span className="hint num">
          {ticked.size} of {free.length} chosen
        </span>
      </div>
      {error ? (
        <div className="card-pad pb-0!">
          <FieldError>{error}</FieldError>
        </div>
      ) : null}
      {holders.length === 0 ? (
        <EmptyState icon="circle-check" title="Nobody holds it">
          There is nothing to turn into a lease.
        </EmptyState>
      ) : (
        <table className="table settings-table" id={id} tabIndex={-1}>
          <colgroup>
            <col style={{ width: '44px' }} />
            <col style={{ width: '34%' }} />
            <col />
            <col style={{ width: '232px' }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">
                <Checkbox
                  aria-label="Choose everybody who can be chosen"
                  checked={all}
                  indeterminate={!all && ticked.size > 0}
                  disabled={free.length === 0}
                  onChange={() => onTick(new Set(all ? [] : free.map((one) => one.externalId)))}
                />
              </th>
              <th scope="col">Person</th>
              <th scope="col">Account</th>
              <th scope="col">Ends, if another</th>
            </tr>
          </thead>
          <tbody>
            {holders.map((holder) => (
              <Row key={holder.externalId} holder={holder} applicationId={application.id} {...props} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

type RowProps = Pick<Props, 'ticked' | 'onTick' | 'ends' | 'onEnds' | 'zone'> & {
  holder: HolderView
  applicationId: string
}

function Row({ holder, applicationId, ticked, onTick, ends, onEnds, zone }: RowProps) {
  const { externalId, person, account, problem } = holder
  const chosen = ticked.has(externalId)
  const who = person?.name ?? account
  function tick() {
    const next = new Set(ticked)
    if (!next.delete(externalId)) next.add(externalId)
    onTick(next)
  }
  return (
    <tr>
      <td data-label="Choose">
        <Checkbox aria-label={`Choose ${who}`} checked={chosen} disabled={problem !== null} onChange={tick} />
      </td>
      <th scope="row">
        {person ? (
          <span className="row min-w-0">
            <Avatar name={person.name} />
            <span className="cell2">
              <span>{person.name}</span>
              <small className="wrap-anywhere">{person.email}</small>
            </span>
          </span>
        ) : (
          <span className="ink2">no person known</span>
        )}
      </th>
      <td data-label="Account">
        <span className="cell2">
          <span className="wrap-anywhere">{account}</span>
          {problem ? (
            <small className="whitespace-normal!">
              {problem}.{' '}
              {holder.unlinked ? (
                <Link
                  className="u"
                  href={`/settings/access-management/applications/${applicationId}?section=accounts` as Route}
                >
                  To the accounts
                </Link>
              ) : null}
            </small>
          ) : (
            <small>{holder.how === 'linked' ? 'linked' : 'found by the address'}</small>
          )}
        </span>
      </td>
      <td data-label="Ends, if another">
        {chosen ? (
          <Input
            type="datetime-local"
            aria-label={`End for ${who}, in ${zoneOf(zone)}`}
            value={ends[externalId] ?? ''}
            onChange={(event) => onEnds({ ...ends, [externalId]: event.target.value })}
          />
        ) : (
          <span className="ink2">{problem ? 'stays as it is' : 'as for all'}</span>
        )}
      </td>
    </tr>
  )
}
