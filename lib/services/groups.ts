import 'server-only'
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { Result } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { changed, stop } from './applications'
import { change, fresh } from './change'
import type { Entry } from './changes'
import { escalateStuck } from './request-escalation'
import { provisionerOf } from './scim-groups'

const { group, groupMember, person } = schema
type GroupRow = typeof group.$inferSelect

/** How many people one step adds to a group at most. */
export const MOST_MEMBERS_AT_ONCE = 100

const about = {
  name: z
    .string({ error: 'Give the group a name' })
    .trim()
    .min(1, 'Give the group a name')
    .max(80, 'At most 80 characters'),
  description: z
    .string()
    .trim()
    .max(500, 'At most 500 characters')
    .optional()
    .transform((text) => text || null),
}
const ref = { groupId: z.uuid(), version: z.coerce.number().int().positive() }

export const createGroupInput = z.object(about)
export const editGroupInput = z.object({ ...ref, ...about })
export const groupRefInput = z.object(ref)
export const addMembersInput = z.object({
  groupId: z.uuid(),
  personIds: z
    .array(z.uuid(), { error: 'Choose at least one person' })
    .min(1, 'Choose at least one person')
    .max(MOST_MEMBERS_AT_ONCE, `At most ${MOST_MEMBERS_AT_ONCE} people at once`)
    .transform((ids) => [...new Set(ids)]),
})
export const memberInput = z.object({ groupId: z.uuid(), personId: z.uuid() })

/** What changing a group came to. */
export interface GroupSaved {
  readonly groupId: string
  /** Pending requests that went to the owners or admins because of it, or had to lapse. */
  readonly escalated: number
}

/** Makes a group without members. @returns refused `invalid` at `name` when there is one of that name */
export function createGroup(
  ctx: Ctx,
  input: z.output<typeof createGroupInput>,
): Promise<Result<{ groupId: string }>> {
  const groupId = newId()
  return change(ctx, {
    gate: 'group.edit',
    subject: { type: 'group', id: groupId },
    async run(tx) {
      await nameIsFree(tx, input.name, groupId)
      await tx.insert(group).values({ id: groupId, ...input })
      return { result: { groupId }, entry: { verb: 'created', data: { name: input.name } } }
    },
  })
}

/**
 * Renames or describes a group; whoever is named by it stays named.
 * @returns refused `stale` on an older version than the one that stands, `invalid` at `name` when it is taken
 */
export function editGroup(ctx: Ctx, input: z.output<typeof editGroupInput>): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (tx, row) => {
    fresh(input.version, row.version, 'group')
    const { name, description } = input
    await nameIsFree(tx, name, row.id)
    return {
      set: { name, description },
      entry: { verb: 'changed', data: changed(row, { name, description }) },
    }
  })
}

/**
 * Takes people into a group; who is in it already stays. They may decide at once on what waits for the group.
 * @returns refused `invalid` at `personIds` when somebody of them is deactivated or gone
 */
export function addMembers(ctx: Ctx, input: z.output<typeof addMembersInput>): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (tx, row) => {
    keptHere(ctx, row)
    const active = await tx
      .select({ id: person.id, name: person.name })
      .from(person)
      .where(and(inArray(person.id, input.personIds), isNull(person.deactivatedAt)))
    if (active.length < input.personIds.length)
      stop('invalid', 'Somebody of these is deactivated or gone. Choose again', 'personIds')
    const added = await tx
      .insert(groupMember)
      .values(active.map((p) => ({ groupId: row.id, personId: p.id })))
      .onConflictDoNothing()
      .returning({ id: groupMember.personId })
    if (added.length === 0) stop('conflict', 'They are in this group already')
    const names = active.filter((p) => added.some((a) => a.id === p.id)).map((p) => p.name)
    const data = { name: row.name, what: `Added ${names.join(', ')}.`, added: added.map((a) => a.id) }
    return { entry: { verb: 'changed', data } }
  })
}

/**
 * Takes somebody out of a group, also its last member: a request that waited for them goes to the fallback at once.
 * @returns refused `conflict` when they are not in it
 */
export function removeMember(ctx: Ctx, input: z.output<typeof memberInput>): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (tx, row) => {
    keptHere(ctx, row)
    const [gone] = await tx
      .delete(groupMember)
      .where(and(eq(groupMember.groupId, row.id), eq(groupMember.personId, input.personId)))
      .returning({ id: groupMember.personId })
    if (!gone) stop('conflict', 'They are not in this group any more')
    const who = await tx.query.person.findFirst({ where: eq(person.id, input.personId) })
    const data = { name: row.name, what: `Took ${who?.name ?? 'somebody'} out.`, removed: [input.personId] }
    return { entry: { verb: 'changed', data } }
  })
}

/**
 * Deactivates a group: nobody is found through it any more, neither to ask nor to decide nor to do tasks. Its members
 * stay listed. @returns refused `conflict` when it is deactivated already
 */
export function deactivateGroup(
  ctx: Ctx,
  input: z.output<typeof groupRefInput>,
): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (_tx, row, now) => {
    if (row.deactivatedAt) stop('conflict', `${row.name} is deactivated already`)
    fresh(input.version, row.version, 'group')
    const data = { name: row.name }
    return { set: { deactivatedAt: now }, entry: { verb: 'deactivated', data } }
  })
}

/** Takes a deactivated group into use again. @returns refused `conflict` when it is in use */
export function reactivateGroup(
  ctx: Ctx,
  input: z.output<typeof groupRefInput>,
): Promise<Result<GroupSaved>> {
  return editGroupRow(ctx, input.groupId, async (_tx, row) => {
    if (!row.deactivatedAt) stop('conflict', `${row.name} is in use already`)
    fresh(input.version, row.version, 'group')
    const data = { name: row.name, what: 'Took it into use again.' }
    return { set: { deactivatedAt: null }, entry: { verb: 'changed', data } }
  })
}

interface Edited {
  readonly set?: Partial<Pick<GroupRow, 'name' | 'description' | 'deactivatedAt'>>
  readonly entry: Entry
}

/**
 * One change of one group by hand; afterwards whatever lost its last approver by it goes to the fallback.
 * @returns refused `conflict` where a client provisions it: it would be undone there
 */
export async function editGroupRow(
  ctx: Ctx,
  groupId: string,
  run: (tx: Tx, row: GroupRow, now: Date) => Promise<Edited>,
): Promise<Result<GroupSaved>> {
  const done = await change(ctx, {
    gate: 'group.edit',
    subject: { type: 'group', id: groupId },
    async run(tx, at) {
      const [row] = await tx.select().from(group).where(eq(group.id, groupId)).for('no key update')
      if (!row) return stop('not_found', 'There is no such group')
      const provisioner = await provisionerOf(tx, row.id)
      if (provisioner) stop('conflict', `${provisioner} provisions ${row.name}. Change it there`)
      const { set, entry } = await run(tx, row, at.now)
      await tx
        .update(group)
        .set({ ...set, version: row.version + 1 })
        .where(eq(group.id, row.id))
      return { result: null, entry }
    },
  })
  return done.ok ? { ok: true, value: { groupId, escalated: await escalateStuck(ctx.db) } } : done
}

/** Who is in a group that a provider keeps is said there alone: by hand it would be undone at the next sign-in. */
export function keptHere(ctx: Ctx, row: GroupRow): void {
  if (row.managedBy && ctx.actor.kind === 'person')
    stop('conflict', 'The identity provider keeps who is in this group: change it there')
}

async function nameIsFree(tx: Tx, name: string, groupId: string): Promise<void> {
  const [taken] = await tx
    .select({ name: group.name })
    .from(group)
    .where(and(sql`lower(${group.name}) = lower(${name})`, ne(group.id, groupId)))
  if (taken) stop('invalid', `There is a group called “${taken.name}” already`, 'name')
}
