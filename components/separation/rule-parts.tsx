import { EntitlementName } from '@/components/request/entitlement-name'
import { Badge } from '@/components/ui/labels'
import type { ApartEntitlement, SeparationRow } from '@/lib/separation-views'

/** Where the rules are. */
export const SEPARATION = '/settings/access-management/separation'

/** What a rule does, in a word. */
export function EffectBadge({ row }: { row: Pick<SeparationRow, 'effect' | 'archivedAt'> }) {
  if (row.archivedAt) return <Badge icon="ban">Archived</Badge>
  return row.effect === 'refuse' ? (
    <Badge tone="bad" icon="ban">
      Refused
    </Badge>
  ) : (
    <Badge tone="wait" icon="user-plus">
      One more approval
    </Badge>
  )
}

/** "pay and check on Bank, post on Ledger": names with where they are, once for each place. */
export function ApartNames({ entitlements }: { entitlements: readonly ApartEntitlement[] }) {
  const places = [...new Set(entitlements.map((e) => e.application))]
  return places.map((place, at) => {
    const those = entitlements.filter((e) => e.application === place)
    return (
      <span key={place}>
        {at > 0 ? ', ' : ''}
        {those.map((e, i) => (
          <span key={e.id}>
            {i === 0 ? '' : i === those.length - 1 ? ' and ' : ', '}
            <EntitlementName name={e.name} />
          </span>
        ))}{' '}
        on {place}
      </span>
    )
  })
}
