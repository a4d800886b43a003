import 'server-only'
import { sql } from 'drizzle-orm'
import type { Absence } from '@/lib/absence'

/**
 * Who is found through which group: its own members and, of the groups in it, theirs, however deep. The one query that
 * resolves members; everything that asks who decides, who may ask or who fulfils joins it. A group that is deactivated
 * passes nobody on, neither for itself nor for what it is in. Deactivated people are still among them.
 *
 * With an absence it is as if that group, or that person's own place in it, were gone. Circles cannot be made, and
 * would end nothing here: what was reached once is not walked again.
 */
export function found(absence: Absence = {}) {
  const { personId, groupId } = absence
  const stays = groupId && !personId ? sql`and g.id <> ${groupId}::uuid` : sql``
  const placed =
    groupId && personId
      ? sql`where (m.group_id, m.person_id) <> (${groupId}::uuid, ${personId}::uuid)`
      : sql``
  const rows = sql`(
    with recursive reach (group_id, within_id) as (
      select g.id, g.id from "group" g where g.deactivated_at is null ${stays}
      union
      select r.group_id, g.id from reach r
        join group_nesting n on n.parent_id = r.within_id
        join "group" g on g.id = n.child_id and g.deactivated_at is null ${stays}
    )
    select distinct r.group_id, m.person_id from reach r join group_member m on m.group_id = r.within_id ${placed}
  ) as found`
  return { rows, groupId: sql<string>`found.group_id`, personId: sql<string>`found.person_id` }
}
