import 'server-only'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { systemCtx } from '@/lib/context'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import type { SaidClaims } from '@/lib/oidc-claims'
import { change } from './change'
import { personByEmail } from './people'
import { changePerson } from './person-edits'
import { escalateStuck } from './request-escalation'

const { group, groupMember, person } = schema

/**
 * Takes over what the identity provider says of somebody who signs in. Groups and manager are the provider's to say,
 * each time anew; zone and locale are taken where the person chose none. Only groups that the provider keeps are
 * touched: one that was made here is never taken over, whatever its name.
 */
export async function takeClaims(db: Db, personId: string, said: SaidClaims): Promise<void> {
  const before = await db.query.person.findFirst({ where: eq(person.id, personId) })
  if (!before || before.deactivatedAt) return
  const manager = said.manager ? await personByEmail(db, said.manager) : null
  if (said.manager && !manager)
    log.info({ personId }, 'the manager that the identity provider names is not known')
  const done = await changePerson(systemCtx('sign-in', db), {
    personId,
    version: before.version,
    name: before.name,
    email: before.email,
    title: before.title,
    team: before.team,
    managerId: manager?.id ?? before.managerId,
    timeZone: before.timeZone ?? said.timeZone ?? null,
    locale: before.locale ?? said.locale ?? null,
  })
  if (!done.ok) log.warn({ personId, why: done.message }, 'what the identity provider says is not taken over')
  const moved = said.groups ? await takeGroups(db, before, said.groups) : false
  if (moved || (done.ok && manager && manager.id !== before.managerId)) await escalateStuck(db)
}

/** Puts somebody into the provider's groups that it names, and out of the others. @returns whether anything moved */
async function takeGroups(
  db: Db,
  who: { readonly id: string; readonly name: string },
  names: readonly string[],
): Promise<boolean> {
  const mine = await db
    .select({ id: group.id, externalId: group.externalId })
    .from(groupMember)
    .innerJoin(group, eq(group.id, groupMember.groupId))
    .where(and(eq(groupMember.personId, who.id), eq(group.managedBy, 'oidc')))
  let moved = false
  for (const { id, externalId } of mine)
    if (!externalId || !names.includes(externalId)) moved = (await move(db, id, who, false)) || moved
  const missing = names.filter((name) => !mine.some((g) => g.externalId === name))
  if (missing.length === 0) return moved
  const kept = await db
    .select({ id: group.id, externalId: group.externalId })
    .from(group)
    .where(and(eq(group.managedBy, 'oidc'), inArray(group.externalId, missing)))
  for (const name of missing) {
    const id = kept.find((g) => g.externalId === name)?.id ?? (await makeGroup(db, name))
    if (id) moved = (await move(db, id, who, true)) || moved
  }
  return moved
}

async function makeGroup(db: Db, name: string): Promise<string | null> {
  const groupId = newId()
  const made = await change(systemCtx('sign-in', db), {
    gate: 'group.edit',
    subject: { type: 'group', id: groupId },
    async run(tx) {
      const [taken] = await tx
        .select({ id: group.id })
        .from(group)
        .where(sql`lower(${group.name}) = lower(${name})`)
      if (taken) return { result: false, entry: null }
      await tx.insert(group).values({ id: groupId, name, managedBy: 'oidc', externalId: name })
      const what = 'The identity provider keeps it.'
      return { result: true, entry: { verb: 'created', data: { name, what } } }
    },
  })
  if (made.ok && made.value) return groupId
  log.warn(
    { group: name },
    'a group of this name was made here, so the identity provider’s is not taken over',
  )
  return null
}

async function move(
  db: Db,
  groupId: string,
  who: { readonly id: string; readonly name: string },
  into: boolean,
): Promise<boolean> {
  const done = await change(systemCtx('sign-in', db), {
    gate: 'group.edit',
    subject: { type: 'group', id: groupId },
    async run(tx) {
      const [row] = await tx.select().from(group).where(eq(group.id, groupId)).for('no key update')
      const place = { groupId, personId: who.id }
      const moved = !row
        ? []
        : into
          ? await tx.insert(groupMember).values(place).onConflictDoNothing().returning()
          : await tx
              .delete(groupMember)
              .where(and(eq(groupMember.groupId, groupId), eq(groupMember.personId, who.id)))
              .returning()
      if (!row || moved.length === 0) return { result: false, entry: null }
      await tx
        .update(group)
        .set({ version: row.version + 1 })
        .where(eq(group.id, groupId))
      const what = `${into ? 'Added' : 'Took'} ${who.name}${into ? '' : ' out'}, as the identity provider said at sign-in.`
      const data = { name: row.name, what, [into ? 'added' : 'removed']: [who.id] }
      return { result: true, entry: { verb: 'changed', data } }
    },
  })
  return done.ok && done.value
}
