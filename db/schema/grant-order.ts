import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'

type Columns = Record<
  'state' | 'endsAt' | 'grantedAt' | 'createdAt' | 'seenAbsentAt' | 'rightOverAt',
  AnyPgColumn
>

/**
 * What the table of grants is ordered by, as expressions that never are null. The indexes and the queries take
 * them from here, since an index is only used for exactly its own expression. `timestamp` at UTC, because
 * arithmetic with a zone is not immutable.
 */
export function grantOrder(t: Columns) {
  const live = sql`${t.state} in ('scheduled', 'provisioning', 'active', 'revoking')`
  const endless = sql`case ${t.state} when 'provisioning' then timestamp '2998-01-01' when 'scheduled' then timestamp '2999-01-01' else timestamp '3000-01-01' end`
  const over = sql`coalesce(${t.seenAbsentAt}, ${t.rightOverAt}, ${t.createdAt}) at time zone 'UTC'`
  return {
    /** What ends next first, then without an end, then what is over, the latest first. */
    queue: sql`(case when ${live} then coalesce(${t.endsAt} at time zone 'UTC', ${endless}) else timestamp '${sql.raw(OVER_FROM)}' + (timestamp '${sql.raw(OVER_FROM)}' - (${over})) end)`,
    /** By expiry date; without one: after all dates while it lives, by when it was over afterwards. */
    expiry: sql`coalesce(${t.endsAt} at time zone 'UTC', case when ${live} then ${endless} else ${over} end)`,
    /** By when it was given, or agreed to where it was not given. */
    granted: sql`(coalesce(${t.grantedAt}, ${t.createdAt}) at time zone 'UTC')`,
    /** What wants attention first. */
    status: sql`(case ${t.state} when 'revoking' then 0 when 'active' then 1 when 'provisioning' then 2 when 'scheduled' then 3 when 'ended' then 4 else 5 end)`,
  } satisfies Record<string, SQL>
}

/** In `queue`, everything from here on is over. */
const OVER_FROM = '5000-01-01'
/** The first `queue` of what is over is later than this, the last of what lives is earlier. */
export const QUEUE_DIVIDE = '4000-01-01'
