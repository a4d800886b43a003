import 'server-only'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import { readNow } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import { nameFrom } from '@/lib/directory-plan'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import { change } from './change'
import { endDelegationsOf, finishLeaving, type LeftBehind } from './leaving'
import { reasonSchema } from './reason'
import { lockAdmins, refuseLastAdmin, tellOfRole } from './roles'

const { person, session } = schema

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
    run: async (tx, at) => {
      const version = (known?.version ?? 0) + 1
      if (known) {
        const set = { admin: true, deactivatedAt: null, version: sql`${person.version} + 1` }
        await tx.update(person).set(set).where(eq(person.id, personId))
      } else await insertPerson(tx, personId, { email: address.data }, { admin: true })
      const what = { person: { id: personId, version }, role: 'admin', given: true, reason: null } as const
      await tellOfRole(tx, what, at)
      const data = { role: 'admin', created: !known, reactivated: Boolean(known?.deactivatedAt) }
      return {
        result: { personId, outcome: known ? ('granted' as const) : ('created' as const) },
        entry: { verb: 'role_granted', data },
      }
    },
  })
}

export const deactivateInput = z.object({
  personId: z.uuid(),
  reason: reasonSchema.min(1, 'Say why; it stays in the timeline'),
})

/**
 * Deactivates a person, whatever asked for it: a screen, the identity provider, a file. Their sessions end at once and
 * no mail link of theirs acts any more; every access they hold begins to end; what they asked for lapses; requests
 * that waited for them go to whoever is left, or to the fallback; what they own goes to the other owners, else to the
 * admins, who are told; delegations from them and to them end. Said again, it does what the first time did not get to.
 * @param reason null where whoever asked gives none
 * @returns what followed; refused `conflict` for the last admin
 */
export async function deactivatePerson(
  ctx: Ctx,
  { personId, reason = null }: { personId: string; reason?: string | null },
): Promise<Result<LeftBehind>> {
  const done = await change(ctx, {
    gate: 'person.deactivate',
    subject: { type: 'person', id: personId },
    run: async (tx, at) => {
      await lockAdmins(tx)
      const [row] = await tx.select().from(person).where(eq(person.id, personId)).for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such person'))
      const refused = await refuseLastAdmin(tx, row)
      if (refused) throw new RefusalError(refused)
      await tx.delete(session).where(eq(session.userId, personId))
      const set = { deactivatedAt: row.deactivatedAt ?? at.now, version: row.version + 1 }
      await tx.update(person).set(set).where(eq(person.id, personId))
      const delegations = await endDelegationsOf(tx, row, at)
      const data = { name: row.name, reason: reason ?? undefined, delegations: delegations || undefined }
      return { result: null, entry: { verb: 'deactivated', data } }
    },
  })
  return done.ok ? { ok: true, value: await finishLeaving(ctx.db, personId) } : done
}

export const reactivateInput = z.object({
  personId: z.uuid(),
  reason: reasonSchema.min(1, 'Say why; it stays in the timeline'),
})

/**
 * Takes a deactivated person in again, as a member: they may sign in and ask. What was taken stays taken, and roles
 * are given anew. @returns refused `conflict` where they are active
 */
export function reactivatePerson(
  ctx: Ctx,
  { personId, reason = null }: { personId: string; reason?: string | null },
): Promise<Result<null>> {
  return change(ctx, {
    gate: 'person.reactivate',
    subject: { type: 'person', id: personId },
    run: async (tx) => {
      const [row] = await tx.select().from(person).where(eq(person.id, personId)).for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such person'))
      if (!row.deactivatedAt) throw new RefusalError(refuse('conflict', `${row.name} is active already`))
      const set = { deactivatedAt: null, admin: false, auditor: false, version: row.version + 1 }
      await tx.update(person).set(set).where(eq(person.id, personId))
      const were = [...(row.admin ? ['admin'] : []), ...(row.auditor ? ['auditor'] : [])]
      const data = { name: row.name, reason: reason ?? undefined, roles: were.length ? were : undefined }
      return { result: null, entry: { verb: 'reactivated', data } }
    },
  })
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
