import 'server-only'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { Result } from '@/lib/domain/errors'
import { stop } from './applications'
import { editGroupRow, type GroupSaved, keptHere } from './groups'

const { group, groupNesting } = schema

export const nestGroupsInput = z.object({
  groupId: z.uuid(),
  childIds: z
    .array(z.uuid(), { error: 'Choose at least one group' })
    .min(1, 'Choose at least one group')
    .max(20, 'At most 20 groups at once')
    .transform((ids) => [...new Set(ids)]),
})
export const unnestGroupInput = z.object({ groupId: z.uuid(), childId: z.uuid() })

/**
 * Puts groups into a group: whoever is found through them is found through it, from now on and live.
 * @returns refused `invalid` at `childIds` when a group is out of use, or when it would be in itself
 */
export function nestGroups(ctx: Ctx, input: z.output<typeof nestGroupsInput>): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (tx, row) => {
    keptHere(ctx, row)
    const children = await tx
      .select({ id: group.id, name: group.name })
      .from(group)
      .where(and(inArray(group.id, input.childIds), isNull(group.deactivatedAt)))
    if (children.length < input.childIds.length)
      stop('invalid', 'One of these groups is deactivated or gone. Choose again', 'childIds')
    const circle = await circleWith(tx, row.id, input.childIds)
    if (circle)
      stop('invalid', `${row.name} is in ${circle} already; a group cannot be in itself`, 'childIds')
    const added = await tx
      .insert(groupNesting)
      .values(children.map(({ id }) => ({ parentId: row.id, childId: id })))
      .onConflictDoNothing()
      .returning({ id: groupNesting.childId })
    if (added.length === 0) stop('conflict', 'They are in this group already')
    const names = children.filter((c) => added.some((a) => a.id === c.id)).map((c) => c.name)
    const data = {
      name: row.name,
      what: `Put the group ${names.join(', ')} in.`,
      added: added.map((a) => a.id),
    }
    return { entry: { verb: 'changed', data } }
  })
}

/** Takes a group out of a group. @returns refused `conflict` when it is not in it */
export function unnestGroup(ctx: Ctx, input: z.output<typeof unnestGroupInput>): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (tx, row) => {
    keptHere(ctx, row)
    const [gone] = await tx
      .delete(groupNesting)
      .where(and(eq(groupNesting.parentId, row.id), eq(groupNesting.childId, input.childId)))
      .returning({ id: groupNesting.childId })
    if (!gone) stop('conflict', 'That group is not in this one any more')
    const child = await tx.query.group.findFirst({ where: eq(group.id, input.childId) })
    const what = `Took the group ${child?.name ?? 'that was in it'} out.`
    return { entry: { verb: 'changed', data: { name: row.name, what, removed: [input.childId] } } }
  })
}

/**
 * The name of the first of these groups that the parent is in, however deep, or that is the parent itself; null where
 * they may be put into it. One answer at a time for the whole tree, until the transaction ends.
 */
export async function circleWith(
  tx: Tx,
  parentId: string,
  childIds: readonly string[],
): Promise<string | null> {
  if (childIds.length === 0) return null
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('group_nesting', 0))`)
  const above = await groupsAbove(tx, parentId)
  return above.find(({ id }) => childIds.includes(id))?.name ?? null
}

/** A group and every group it is in, however deep, in use or not. */
export async function groupsAbove(db: Reader, groupId: string): Promise<{ id: string; name: string }[]> {
  const rows = await db.execute<{ id: string; name: string }>(sql`
    with recursive above (id) as (
      select ${groupId}::uuid
      union
      select n.parent_id from above a join group_nesting n on n.child_id = a.id
    )
    select g.id, g.name from above a join "group" g on g.id = a.id order by g.name, g.id`)
  return [...rows]
}
