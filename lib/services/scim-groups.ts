import 'server-only'
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { isUuid, newId } from '@/lib/ids'
import { scimGroupOf } from '@/lib/queries/scim'
import { bad, notFound, taken } from '@/lib/scim/errors'
import type { GroupInput, GroupMemberRow, GroupRow } from '@/lib/scim/group'
import { stop } from './applications'
import { change, fresh } from './change'
import { circleWith } from './group-nesting'
import { escalateStuck } from './request-escalation'
import type { ScimCaller } from './scim-clients'

const { group, groupMember, groupNesting, person, scimClient, scimGroup, scimPerson } = schema

/** So many names are told of one change; of the rest how many they are. */
const NAMES_TOLD = 10

/**
 * Makes a group for a client. One of the same name that the client deleted is the same group again, in use, and
 * whatever policies say of it holds again. @throws {ScimError} 409 `uniqueness` where there is one of that name
 */
export async function createScimGroup(
  ctx: Ctx,
  caller: ScimCaller,
  input: GroupInput,
): Promise<Result<GroupRow>> {
  const known = await ctx.db
    .select({ id: group.id, clientId: scimGroup.clientId, deletedAt: scimGroup.deletedAt })
    .from(group)
    .leftJoin(scimGroup, eq(scimGroup.groupId, group.id))
    .where(sql`lower(${group.name}) = lower(${input.name})`)
  const back = known.find((g) => g.clientId === caller.clientId && g.deletedAt !== null)
  const groupId = back?.id ?? newId()
  const done = await change(ctx, {
    gate: 'group.provision',
    subject: { type: 'group', id: groupId },
    async run(tx, at) {
      await nameIsFree(tx, input.name, groupId)
      const externalId = input.externalId ?? null
      const { name } = input
      if (back) {
        const set = { name, deactivatedAt: null, version: sql`${group.version} + 1` }
        await tx.update(group).set(set).where(eq(group.id, groupId))
        await tx
          .update(scimGroup)
          .set({ deletedAt: null, externalId, createdAt: at.now })
          .where(eq(scimGroup.groupId, groupId))
        const told = await setMembers(tx, caller, { id: groupId, name }, input.memberIds ?? [])
        const what = ['Took it into use again.', told.what].filter(Boolean).join(' ')
        return { result: null, entry: { verb: 'changed', data: { name, ...told, what } } }
      }
      await tx.insert(group).values({ id: groupId, name, managedBy: 'scim' })
      await tx.insert(scimGroup).values({ groupId, clientId: caller.clientId, externalId, createdAt: at.now })
      const told = await setMembers(tx, caller, { id: groupId, name }, input.memberIds ?? [])
      return { result: null, entry: { verb: 'created', data: { name, ...told } } }
    },
  })
  return done.ok ? seen(ctx, caller, groupId) : done
}

/**
 * Changes a group as its client wants it: `edit` is given it as it stands, under the lock, and says what it is to be;
 * what it throws changes nothing. What waited for somebody who is out goes to the fallback.
 * @throws {ScimError} 404, 409 `uniqueness`, 400 `invalidValue`, or whatever `edit` throws
 */
export async function updateScimGroup(
  ctx: Ctx,
  caller: ScimCaller,
  groupId: string,
  edit: (current: GroupRow) => GroupInput,
): Promise<Result<GroupRow>> {
  if (!isUuid(groupId)) throw notFound('group')
  const done = await change(ctx, {
    gate: 'group.provision',
    subject: { type: 'group', id: groupId },
    async run(tx) {
      await tx.select({ id: group.id }).from(group).where(eq(group.id, groupId)).for('no key update')
      const current = await scimGroupOf(tx, caller.clientId, groupId)
      if (!current) throw notFound('group')
      const input = edit(current)
      const { name } = input
      await nameIsFree(tx, name, groupId)
      if (input.externalId !== undefined && input.externalId !== current.externalId)
        await tx.update(scimGroup).set({ externalId: input.externalId }).where(eq(scimGroup.groupId, groupId))
      const told =
        input.memberIds === null ? {} : await setMembers(tx, caller, { id: groupId, name }, input.memberIds)
      const renamed = name === current.name ? undefined : { was: current.name, is: name }
      if (!renamed && !told.what) return { result: false, entry: null }
      await tx
        .update(group)
        .set({ name, version: sql`${group.version} + 1` })
        .where(eq(group.id, groupId))
      const said = renamed && `Was called ${current.name}.`
      const what = [said, told.what].filter(Boolean).join(' ')
      const data = { name, ...(renamed && { renamed }), ...told, what }
      return { result: (told.removed?.length ?? 0) > 0, entry: { verb: 'changed', data } }
    },
  })
  if (!done.ok) return done
  if (done.value) await escalateStuck(ctx.db)
  return seen(ctx, caller, groupId)
}

/**
 * Deletes a group for its client: it is deactivated, so that nobody is found through it, and its name is free for the
 * client alone. `check` is given it as it stands; what it throws changes nothing.
 */
export async function deleteScimGroup(
  ctx: Ctx,
  caller: ScimCaller,
  groupId: string,
  check: (current: GroupRow) => void,
): Promise<Result<null>> {
  if (!isUuid(groupId)) throw notFound('group')
  const done = await change(ctx, {
    gate: 'group.provision',
    subject: { type: 'group', id: groupId },
    async run(tx, at) {
      await tx.select({ id: group.id }).from(group).where(eq(group.id, groupId)).for('no key update')
      const current = await scimGroupOf(tx, caller.clientId, groupId)
      if (!current) throw notFound('group')
      check(current)
      await tx.update(scimGroup).set({ deletedAt: at.now }).where(eq(scimGroup.groupId, groupId))
      await tx
        .update(group)
        .set({
          deactivatedAt: sql`coalesce(${group.deactivatedAt}, ${at.now.toISOString()}::timestamptz)`,
          version: sql`${group.version} + 1`,
        })
        .where(eq(group.id, groupId))
      return { result: null, entry: { verb: 'deactivated', data: { name: current.name } } }
    },
  })
  if (done.ok) await escalateStuck(ctx.db)
  return done
}

export const handOverInput = z.object({
  groupId: z.uuid(),
  clientId: z.uuid({ error: 'Choose who provisions it from now on' }),
  version: z.coerce.number().int().positive(),
})

/**
 * Hands a group that was made by hand over to a client, which finds it by its name from now on. Policies go on naming
 * it. @returns refused `conflict` where a client provisions it already, `invalid` for one that is not connected
 */
export async function handOverGroup(
  ctx: Ctx,
  { groupId, clientId, version }: z.output<typeof handOverInput>,
): Promise<Result<{ groupId: string }>> {
  return change(ctx, {
    gate: 'group.edit',
    subject: { type: 'group', id: groupId },
    async run(tx, at) {
      const [row] = await tx.select().from(group).where(eq(group.id, groupId)).for('no key update')
      if (!row) return stop('not_found', 'There is no such group')
      const now = await provisionerOf(tx, groupId)
      if (now) stop('conflict', `${now} provisions it already`)
      if (row.managedBy === 'oidc') stop('conflict', 'Single sign-on keeps who is in it')
      fresh(version, row.version, 'group')
      const [client] = await tx
        .select()
        .from(scimClient)
        .where(and(eq(scimClient.id, clientId), isNull(scimClient.revokedAt)))
      if (!client) return stop('invalid', 'This client is not connected any more', 'clientId')
      const set = { clientId, externalId: null, createdAt: at.now, deletedAt: null }
      await tx
        .insert(scimGroup)
        .values({ groupId, ...set })
        .onConflictDoUpdate({ target: scimGroup.groupId, set })
      await tx
        .update(group)
        .set({ managedBy: 'scim', version: row.version + 1 })
        .where(eq(group.id, groupId))
      const data = { name: row.name, what: `Handed it over to ${client.name}.` }
      return { result: { groupId }, entry: { verb: 'changed', data } }
    },
  })
}

/** The connected client that provisions a group, by its name; null where people change it by hand. */
export async function provisionerOf(db: Pick<Tx, 'select'>, groupId: string): Promise<string | null> {
  const [found] = await db
    .select({ name: scimClient.name })
    .from(scimGroup)
    .innerJoin(scimClient, eq(scimClient.id, scimGroup.clientId))
    .where(and(eq(scimGroup.groupId, groupId), isNull(scimClient.revokedAt)))
  return found?.name ?? null
}

async function seen(ctx: Ctx, caller: ScimCaller, groupId: string): Promise<Result<GroupRow>> {
  const row = await scimGroupOf(ctx.db, caller.clientId, groupId)
  return row ? ok(row) : refuse('not_found', 'It was deleted at the same moment')
}

interface Told {
  readonly what?: string
  readonly added?: readonly string[]
  readonly removed?: readonly string[]
}

/**
 * Makes these the members: people and groups that the client sees. Whoever it does not see stays as they are.
 * @returns what is told of it; nothing where it was so already
 * @throws {ScimError} 400 for an id that is nobody, and for a group that would be in itself
 */
async function setMembers(
  tx: Tx,
  caller: ScimCaller,
  to: { id: string; name: string },
  wanted: readonly string[],
): Promise<Told> {
  const before = (await scimGroupOf(tx, caller.clientId, to.id))?.members ?? []
  const inside = new Set(before.map((m) => m.id))
  const stay = new Set(wanted)
  const fresh = await known(
    tx,
    caller,
    wanted.filter((id) => !inside.has(id)),
  )
  const gone = before.filter((m) => !stay.has(m.id))
  const ids = (list: readonly GroupMemberRow[], type: GroupMemberRow['type']) =>
    list.filter((m) => m.type === type).map((m) => m.id)
  const circle = await circleWith(tx, to.id, ids(fresh, 'Group'))
  if (circle) throw bad('invalidValue', `${to.name} is in ${circle} already: a group cannot be in itself.`)
  const [peopleOut, groupsOut] = [ids(gone, 'User'), ids(gone, 'Group')]
  if (peopleOut.length > 0)
    await tx
      .delete(groupMember)
      .where(and(eq(groupMember.groupId, to.id), inArray(groupMember.personId, peopleOut)))
  if (groupsOut.length > 0)
    await tx
      .delete(groupNesting)
      .where(and(eq(groupNesting.parentId, to.id), inArray(groupNesting.childId, groupsOut)))
  // Of what a client does not see, some may be in it: it stays.
  for (const part of parts(ids(fresh, 'User')))
    await tx
      .insert(groupMember)
      .values(part.map((personId) => ({ groupId: to.id, personId })))
      .onConflictDoNothing()
  for (const part of parts(ids(fresh, 'Group')))
    await tx
      .insert(groupNesting)
      .values(part.map((childId) => ({ parentId: to.id, childId })))
      .onConflictDoNothing()
  if (fresh.length + gone.length === 0) return {}
  const sentences = [
    fresh.length > 0 && `Added ${names(fresh)}.`,
    gone.length > 0 && `Took ${names(gone)} out.`,
  ]
  return {
    what: sentences.filter(Boolean).join(' '),
    ...(fresh.length > 0 && { added: fresh.map((m) => m.id) }),
    ...(gone.length > 0 && { removed: gone.map((m) => m.id) }),
  }
}

function names(members: readonly GroupMemberRow[]): string {
  const told = members.slice(0, NAMES_TOLD).map((m) => m.name)
  const rest = members.length - told.length
  return rest > 0 ? `${told.join(', ')} and ${rest} more` : told.join(', ')
}

/** A statement takes 65,535 parameters at most. */
function* parts<T>(list: readonly T[], size = 5_000): Generator<T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size)
}

/** The people and groups with these ids, as far as the client sees them. @throws {ScimError} 400 for any other id */
async function known(tx: Tx, caller: ScimCaller, ids: readonly string[]): Promise<GroupMemberRow[]> {
  const found: GroupMemberRow[] = []
  for (const part of parts(ids.filter(isUuid))) {
    const people = await tx
      .select({ id: person.id, name: person.name })
      .from(person)
      .leftJoin(scimPerson, and(eq(scimPerson.personId, person.id), eq(scimPerson.clientId, caller.clientId)))
      .where(and(inArray(person.id, part), isNull(scimPerson.deletedAt)))
    const groups = await tx
      .select({ id: group.id, name: group.name })
      .from(group)
      .innerJoin(scimGroup, and(eq(scimGroup.groupId, group.id), eq(scimGroup.clientId, caller.clientId)))
      .where(and(inArray(group.id, part), isNull(scimGroup.deletedAt)))
    found.push(...people.map((p) => ({ ...p, type: 'User' as const })))
    found.push(...groups.map((g) => ({ ...g, type: 'Group' as const })))
  }
  const there = new Set(found.map((m) => m.id))
  const missing = ids.find((id) => !there.has(id))
  if (missing !== undefined) throw bad('invalidValue', `There is no user or group with the id ${missing}.`)
  return found
}

async function nameIsFree(tx: Tx, name: string, groupId: string): Promise<void> {
  const [other] = await tx
    .select({ id: group.id, client: scimClient.name })
    .from(group)
    .leftJoin(scimGroup, eq(scimGroup.groupId, group.id))
    .leftJoin(scimClient, and(eq(scimClient.id, scimGroup.clientId), isNull(scimClient.revokedAt)))
    .where(and(sql`lower(${group.name}) = lower(${name})`, ne(group.id, groupId)))
  if (!other) return
  throw taken(
    other.client
      ? `There is a group called ${name} already, provisioned by ${other.client}.`
      : `There is a group called ${name} already, made by hand in Leasehold. Hand it over on its page there, or rename one of them.`,
  )
}
