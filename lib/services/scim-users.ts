import 'server-only'
import { and, eq, isNull, ne, or, sql } from 'drizzle-orm'
import { type Db, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { isUuid, newId } from '@/lib/ids'
import { scimUser } from '@/lib/queries/scim'
import { bad, notFound, taken } from '@/lib/scim/errors'
import { type Said, sayable, type UserInput, type UserRow } from '@/lib/scim/user'
import { changed } from './applications'
import type { At } from './apply'
import { change, recordNext } from './change'
import { deactivatePerson, reactivatePerson } from './people'
import { escalateStuck } from './request-escalation'
import { lockAdmins, refuseLastAdmin } from './roles'
import type { ScimCaller } from './scim-clients'

const { person, scimPerson } = schema
type PersonRow = typeof person.$inferSelect

/** The client acts under its own name. */
export function scimCtx(db: Db, caller: ScimCaller): Ctx {
  return { db, actor: { kind: 'system', name: `scim:${caller.name}` } }
}

/**
 * Takes in whom a client makes. Whom it deleted before is the same person again, active, without the roles they had.
 * @throws {ScimError} 409 `uniqueness` where it sees somebody with that user name or address already
 */
export async function createScimUser(
  ctx: Ctx,
  caller: ScimCaller,
  input: UserInput,
): Promise<Result<UserRow>> {
  const back = await deletedBefore(ctx.db, caller, input)
  if (back)
    return updateScimUser(ctx, caller, back, () => ({ ...input, active: input.active ?? true }), 'again')
  const personId = newId()
  const made = await change(ctx, {
    gate: 'person.provision',
    subject: { type: 'person', id: personId },
    async run(tx, at) {
      await isFree(tx, caller, input, personId)
      const { name, email, title, team, timeZone, locale } = input
      const manager = await managerNamed(tx, caller, input.manager, personId)
      await tx.insert(person).values({
        ...{ id: personId, name, email, title, team, timeZone, locale },
        managerId: manager.id,
        createdAt: at.now,
      })
      await link(tx, caller, personId, input, { managerRef: manager.ref, asserted: input.said })
      await findReports(tx, caller, { id: personId, ...input }, at)
      return { result: null, entry: { verb: 'created', data: { email, name } } }
    },
  })
  if (!made.ok) return made
  if (input.active === false) {
    const gone = await deactivatePerson(ctx, { personId })
    if (!gone.ok) return gone
  }
  return seen(ctx.db, caller, personId)
}

/**
 * Changes a person as a client wants them: `edit` is given them as they stand, under the lock, and says what they are
 * to be; what it throws changes nothing. Whoever becomes inactive leaves by the product's own road.
 * @returns refused `conflict` for the last admin, before anything is changed
 * @throws {ScimError} 404, 409 `uniqueness`, 400 `invalidValue`, or whatever `edit` throws
 */
export async function updateScimUser(
  ctx: Ctx,
  caller: ScimCaller,
  personId: string,
  edit: (current: UserRow) => UserInput,
  again?: 'again',
): Promise<Result<UserRow>> {
  if (!isUuid(personId)) throw notFound('user')
  const done = await change(ctx, {
    gate: 'person.provision',
    subject: { type: 'person', id: personId },
    async run(tx, at) {
      await lockAdmins(tx)
      const [row] = await tx.select().from(person).where(eq(person.id, personId)).for('no key update')
      if (row && again) await tx.update(scimPerson).set({ deletedAt: null }).where(linkOf(caller, personId))
      const current = row ? await scimUser(tx, caller.clientId, personId) : null
      if (!row || !current) throw notFound('user')
      const input = edit(current)
      if (input.active === false) {
        const last = await refuseLastAdmin(tx, row)
        if (last) throw new RefusalError(last)
      }
      await isFree(tx, caller, input, personId)
      const { set, managerRef, asserted } = await meant(tx, caller, row, input)
      await link(tx, caller, personId, input, { managerRef, asserted })
      const data = changed({ ...row }, set)
      const to = {
        active: input.active ?? current.active,
        was: current.active,
        managerMoved: 'managerId' in data,
      }
      if (Object.keys(data).length === 0) return { result: to, entry: null }
      await tx
        .update(person)
        .set({ ...set, ...('email' in data && { emailVerified: null }), version: row.version + 1 })
        .where(eq(person.id, personId))
      await findReports(tx, caller, { id: personId, ...input }, at)
      return { result: to, entry: { verb: 'changed', data: { ...data, name: set.name } } }
    },
  })
  if (!done.ok) return done
  const { active, was, managerMoved } = done.value
  if (managerMoved) await escalateStuck(ctx.db)
  const moved =
    active === was
      ? null
      : active
        ? await reactivatePerson(ctx, { personId })
        : await deactivatePerson(ctx, { personId })
  return moved && !moved.ok ? moved : seen(ctx.db, caller, personId)
}

/**
 * Deletes a person for a client: they are deactivated like everybody who leaves, and it sees them no more. What is on
 * record of them stays. `check` is given them as they stand; what it throws changes nothing.
 * @returns refused `conflict` for the last admin
 */
export async function deleteScimUser(
  ctx: Ctx,
  caller: ScimCaller,
  personId: string,
  check: (current: UserRow) => void,
): Promise<Result<null>> {
  const current = isUuid(personId) ? await scimUser(ctx.db, caller.clientId, personId) : null
  if (!current) throw notFound('user')
  check(current)
  if (current.active) {
    const gone = await deactivatePerson(ctx, { personId })
    if (!gone.ok) return gone
  }
  return change(ctx, {
    gate: 'person.provision',
    subject: { type: 'person', id: personId },
    async run(tx, at) {
      const { userName, externalId } = current
      const values = { clientId: caller.clientId, personId, userName, externalId, deletedAt: at.now }
      await tx
        .insert(scimPerson)
        .values(values)
        .onConflictDoUpdate({
          target: [scimPerson.clientId, scimPerson.personId],
          set: { deletedAt: at.now },
        })
      return { result: null, entry: null }
    },
  })
}

async function seen(db: Db, caller: ScimCaller, personId: string): Promise<Result<UserRow>> {
  const row = await scimUser(db, caller.clientId, personId)
  return row ? { ok: true, value: row } : refuse('not_found', 'They were deleted at the same moment')
}

const linkOf = (caller: ScimCaller, personId: string) =>
  and(eq(scimPerson.clientId, caller.clientId), eq(scimPerson.personId, personId))

/** Somebody this client deleted, by the same user name or address, whom it does not see otherwise. */
async function deletedBefore(db: Db, caller: ScimCaller, input: UserInput): Promise<string | null> {
  const [found] = await db
    .select({ id: person.id, deletedAt: scimPerson.deletedAt })
    .from(person)
    .innerJoin(scimPerson, and(eq(scimPerson.personId, person.id), eq(scimPerson.clientId, caller.clientId)))
    .where(
      and(
        sql`${scimPerson.deletedAt} is not null`,
        or(
          sql`lower(${person.email}) = ${input.email}`,
          sql`lower(${scimPerson.userName}) = ${input.userName.toLowerCase()}`,
        ),
      ),
    )
    .orderBy(sql`lower(${person.email}) <> ${input.email}`)
    .limit(1)
  return found?.id ?? null
}

/** Refuses a user name that this client has for somebody else, and an address that somebody else has here. */
async function isFree(tx: Tx, caller: ScimCaller, input: UserInput, personId: string): Promise<void> {
  const names = sql`lower(coalesce(${scimPerson.userName}, ${person.email}))`
  const [other] = await tx
    .select({ id: person.id, email: person.email, deletedAt: scimPerson.deletedAt })
    .from(person)
    .leftJoin(scimPerson, and(eq(scimPerson.personId, person.id), eq(scimPerson.clientId, caller.clientId)))
    .where(
      and(
        ne(person.id, personId),
        or(
          sql`lower(${person.email}) = ${input.email}`,
          and(isNull(scimPerson.deletedAt), sql`${names} = ${input.userName.toLowerCase()}`),
        ),
      ),
    )
    .limit(1)
  if (!other) return
  throw taken(
    other.email.toLowerCase() === input.email
      ? `Somebody with the address ${input.email} is here already, as ${other.id}.`
      : `Somebody with the user name ${input.userName} is here already, as ${other.id}.`,
  )
}

/** What the row becomes: what the client leaves out it clears only where it has said something about it before. */
async function meant(tx: Tx, caller: ScimCaller, row: PersonRow, input: UserInput) {
  const known = await tx.query.scimPerson.findFirst({ where: linkOf(caller, row.id) })
  const asserted = [...new Set([...(known?.asserted ?? []), ...input.said])]
  const says = (key: Said) => asserted.includes(key)
  const manager = await managerNamed(tx, caller, input.manager, row.id)
  const set = {
    name: input.name,
    email: input.email,
    title: says('title') ? input.title : row.title,
    team: says('team') ? input.team : row.team,
    timeZone: says('timeZone') ? input.timeZone : row.timeZone,
    locale: says('locale') ? input.locale : row.locale,
    managerId: says('manager') ? manager.id : row.managerId,
  }
  return { set, managerRef: says('manager') ? manager.ref : (known?.managerRef ?? null), asserted }
}

async function link(
  tx: Tx,
  caller: ScimCaller,
  personId: string,
  input: UserInput,
  more: { managerRef: string | null; asserted: readonly string[] },
): Promise<void> {
  const { externalId, userName, givenName, familyName } = input
  const asserted = sayable.filter((key) => more.asserted.includes(key))
  const set = { externalId, userName, givenName, familyName, managerRef: more.managerRef, asserted }
  await tx
    .insert(scimPerson)
    .values({ clientId: caller.clientId, personId, ...set })
    .onConflictDoUpdate({ target: [scimPerson.clientId, scimPerson.personId], set })
}

/**
 * Who is meant by a manager: an id of ours, else an external id, a user name or an address. One who is not here yet is
 * kept as they were named, and becomes the manager when they come. @throws {ScimError} 400 for oneself
 */
async function managerNamed(
  tx: Tx,
  caller: ScimCaller,
  ref: string | null,
  personId: string,
): Promise<{ id: string | null; ref: string | null }> {
  if (ref === null) return { id: null, ref: null }
  const lower = ref.toLowerCase()
  const [found] = await tx
    .select({ id: person.id })
    .from(person)
    .leftJoin(scimPerson, and(eq(scimPerson.personId, person.id), eq(scimPerson.clientId, caller.clientId)))
    .where(
      isUuid(ref)
        ? or(eq(person.id, ref), eq(scimPerson.externalId, ref))
        : or(
            eq(scimPerson.externalId, ref),
            sql`lower(${scimPerson.userName}) = ${lower}`,
            sql`lower(${person.email}) = ${lower}`,
          ),
    )
    .orderBy(sql`${person.id}::text <> ${lower}`, person.id)
    .limit(1)
  if (found && (await answersTo(tx, found.id, personId)))
    throw bad('invalidValue', 'Nobody manages themself, nor whom they answer to.')
  return found ? { id: found.id, ref: null } : { id: null, ref }
}

/** Whether somebody is this person, by whatever account, or has them above, however far up. */
async function answersTo(tx: Tx, id: string, personId: string): Promise<boolean> {
  const [found] = await tx.execute<{ circle: boolean }>(sql`
    with recursive above (id) as (
      select ${id}::uuid
      union
      select p.manager_id from above a join person p on p.id = a.id where p.manager_id is not null
    )
    select exists (
      select 1 from above a join person p on p.id = a.id
      where p.id = ${personId}::uuid
        or (p.id = ${id}::uuid and p.email_key = (select email_key from person where id = ${personId}::uuid))
    ) as circle`)
  return found?.circle ?? false
}

/** Makes somebody the manager of those who were said to have them before they were here. */
async function findReports(
  tx: Tx,
  caller: ScimCaller,
  who: Pick<UserInput, 'externalId' | 'userName' | 'email' | 'name'> & { readonly id: string },
  at: At,
): Promise<void> {
  const names = [who.externalId, who.userName, who.email].filter((n): n is string => n !== null)
  const waiting = await tx
    .select({ id: person.id, name: person.name })
    .from(scimPerson)
    .innerJoin(person, eq(person.id, scimPerson.personId))
    .where(
      and(
        eq(scimPerson.clientId, caller.clientId),
        ne(scimPerson.personId, who.id),
        or(...names.map((name) => sql`lower(${scimPerson.managerRef}) = ${name.toLowerCase()}`)),
      ),
    )
    .orderBy(person.id)
  for (const { id, name } of waiting) {
    if (await answersTo(tx, who.id, id)) continue
    await tx
      .update(person)
      .set({ managerId: who.id, version: sql`${person.version} + 1` })
      .where(eq(person.id, id))
    await tx.update(scimPerson).set({ managerRef: null }).where(linkOf(caller, id))
    const data = { name, what: `${who.name}, who was named before, is their manager now.`, managerId: who.id }
    await recordNext(tx, { type: 'person', id }, { verb: 'changed', data }, at)
  }
}
