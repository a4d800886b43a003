import 'server-only'
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, type Reader, schema, type Tx } from '@/db/client'
import { readNow } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { change } from './change'
import { adminsOf } from './facts'
import { endForLeaver } from './grants'
import { escalateStuck } from './request-escalation'

const { person, session, grant, organisation } = schema

/** Finds a person by e-mail address, in whatever case it is written. */
export async function personByEmail(db: Reader, email: string) {
  return db.query.person.findFirst({ where: eq(sql`lower(${person.email})`, email.trim().toLowerCase()) })
}

/** Takes somebody in as a member. @returns refused `conflict` when the address is taken */
export async function admitPerson(
  ctx: Ctx,
  who: { email: string; name?: string | null },
): Promise<Result<{ personId: string }>> {
  const personId = newId()
  return change(ctx, {
    gate: 'person.grant_role',
    subject: { type: 'person', id: personId },
    run: async (tx) => {
      await insertPerson(tx, personId, who)
      return { result: { personId }, entry: { verb: 'created', data: { email: who.email } } }
    },
  })
}

/**
 * Makes somebody an admin, known or not; a deactivated person is active again afterwards: this is the way back in
 * after a lock-out. Does nothing and says so where they are one already.
 * @returns refused `invalid` when that is no e-mail address
 */
export async function grantAdmin(
  email: string,
  ctx: Ctx = systemCtx('command'),
): Promise<Result<{ personId: string; outcome: 'granted' | 'created' | 'unchanged' }>> {
  const address = z.email().safeParse(email.trim().toLowerCase())
  if (!address.success) return refuse('invalid', `"${email}" is not an e-mail address`, 'email')
  const known = await personByEmail(ctx.db, address.data)
  if (known?.admin && !known.deactivatedAt)
    return { ok: true, value: { personId: known.id, outcome: 'unchanged' } }
  const personId = known?.id ?? newId()
  return change(ctx, {
    gate: 'person.grant_role',
    subject: { type: 'person', id: personId },
    run: async (tx) => {
      if (known) {
        const set = { admin: true, deactivatedAt: null, version: sql`${person.version} + 1` }
        await tx.update(person).set(set).where(eq(person.id, personId))
      } else await insertPerson(tx, personId, { email: address.data }, { admin: true })
      const data = { role: 'admin', created: !known, reactivated: Boolean(known?.deactivatedAt) }
      return {
        result: { personId, outcome: known ? ('granted' as const) : ('created' as const) },
        entry: { verb: 'role_granted', data },
      }
    },
  })
}

/** Why the last admin stays. */
export const lastAdminWords = (name: string) => `${name} is the last admin. Make somebody else an admin first`

export const deactivateInput = z.object({ personId: z.uuid() })

/**
 * Deactivates a person: their sessions end at once, every access they hold is taken, and requests that nobody else
 * could agree to go to the fallback. Said again, it takes what the first time did not get to.
 * @returns how many accesses began to end; refused `conflict` for the last admin
 */
export async function deactivatePerson(
  ctx: Ctx,
  { personId }: z.infer<typeof deactivateInput>,
): Promise<Result<{ ending: number }>> {
  const done = await change(ctx, {
    gate: 'person.deactivate',
    subject: { type: 'person', id: personId },
    run: async (tx, at) => {
      // Whoever would be the last admin is a question about all of them: one answer at a time.
      await tx.select({ id: organisation.id }).from(organisation).for('no key update')
      const [row] = await tx.select().from(person).where(eq(person.id, personId)).for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such person'))
      const others = (await adminsOf(tx)).filter((id) => id !== personId)
      if (row.admin && others.length === 0)
        throw new RefusalError(refuse('conflict', lastAdminWords(row.name)))
      await tx.delete(session).where(eq(session.userId, personId))
      const set = { deactivatedAt: row.deactivatedAt ?? at.now, version: row.version + 1 }
      await tx.update(person).set(set).where(eq(person.id, personId))
      return { result: null, entry: { verb: 'deactivated', data: { name: row.name } } }
    },
  })
  if (!done.ok) return done
  const ending = await endLeases(ctx.db, personId)
  await escalateStuck(ctx.db)
  return { ok: true, value: { ending } }
}

/** Ends what deactivated people still hold; finishes a deactivation that a crash cut short. */
export async function endLeasesOfLeavers(db: Db): Promise<number> {
  return endLeases(db)
}

async function endLeases(db: Db, personId?: string): Promise<number> {
  const held = await db
    .select({ id: grant.id })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .where(
      and(
        isNotNull(person.deactivatedAt),
        personId ? eq(person.id, personId) : undefined,
        inArray(grant.state, ['scheduled', 'provisioning', 'active']),
      ),
    )
  let ending = 0
  for (const { id } of held) if ((await endForLeaver(systemCtx('engine', db), id)).ok) ending++
  return ending
}

async function insertPerson(
  tx: Tx,
  id: string,
  who: { email: string; name?: string | null },
  roles: { admin?: boolean } = {},
): Promise<void> {
  const email = who.email.trim().toLowerCase()
  const name = who.name?.trim().slice(0, 200) || nameFrom(email)
  await tx.insert(person).values({ id, email, name, createdAt: await readNow(tx), ...roles })
}

/** "ana.oliveira@…" is Ana Oliveira until somebody says better. */
function nameFrom(email: string): string {
  const words = email
    .slice(0, email.lastIndexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email
}
