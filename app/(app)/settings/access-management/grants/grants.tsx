import type { ReactNode } from 'react'
import { GrantsScreen } from '@/components/grants/grants-screen'
import { can } from '@/lib/domain/authorize'
import type { RawSearch } from '@/lib/filter-url'
import { parseGrantView } from '@/lib/grant-url'
import type { GrantDetails } from '@/lib/grant-views'
import { isUuid } from '@/lib/ids'
import { notHere } from '@/lib/not-here'
import { grantDetails } from '@/lib/queries/grant-details'
import { chosenNames, savedViews } from '@/lib/queries/grant-options'
import { grantCounts, grantsPage } from '@/lib/queries/grants'
import { requireViewer } from '@/lib/session'
import * as acts from './actions'

interface GrantsProps {
  readonly search: RawSearch
  readonly grantId?: string
  /** Shows the details of that grant. */
  readonly open?: (details: GrantDetails) => ReactNode
}

/** The table in the address's view and, with an id, that grant's details over it. */
export async function Grants({ search, grantId, open }: GrantsProps) {
  const { ctx, now, zone, person } = await requireViewer()
  if (grantId !== undefined && !isUuid(grantId)) return notHere()
  const { view, notes } = parseGrantView(search)
  const look = { now, zone }
  const [page, counts, names, saved, details] = await Promise.all([
    grantsPage(ctx, view, look),
    grantCounts(ctx, look),
    chosenNames(ctx, view),
    savedViews(ctx),
    grantId ? grantDetails(ctx, grantId, now) : null,
  ])
  if (!page || !counts || (grantId && !details)) return notHere()
  // Whoever sees the table without being an auditor owns everything in it, or is an admin.
  const mayRevoke = can(ctx.actor, 'grant.revoke', { ownerIds: person.auditor ? [] : [person.id] })
  return (
    <GrantsScreen
      view={view}
      notes={notes}
      page={page}
      counts={counts}
      names={names}
      saved={saved}
      details={details}
      mayRevoke={mayRevoke}
      now={now}
      zone={zone}
      acts={{ ...acts }}
    >
      {details ? open?.(details) : null}
    </GrantsScreen>
  )
}
