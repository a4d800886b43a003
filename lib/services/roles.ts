import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { type Refusal, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { Actor } from '@/lib/domain/timeline'
import { change } from './change'
import { adminsOf } from './facts'
import { reasonSchema } from './reason'
import { owe } from './save'

const { organisation, person } = schema

/** What somebody can be beside a member. Owners of applications are named on the application. */
export const roles = ['admin', 'auditor'] as const
export type Role = (typeof roles)[number]

/** Why the last admin stays. */
export const lastAdminWords = (name: string) => `${name} is the last admin. Make somebody else an admin first`

/** Refuses what would leave nobody who is an admin; null where others are. Under {@link lockAdmins} it stays true. */
export async function refuseLastAdmin(
  db: Reader,
  row: { id: string; name: string; admin: boolean; deactivatedAt: Date | null },
): Promise<Refusal | null> {
  if (!row.admin || row.deactivatedAt) return null
  const others = (await adminsOf(db)).filter((id) => id !== row.id)
  return others.length === 0 ? refuse('conflict', lastAdminWords(row.name)) : null
}

/** Whoever would be the last admin is a question about all of them: one answer at a time. */
export async function lockAdmins(tx: Tx): Promise<void> {
  await tx.select({ id: organisation.id }).from(organisation).for('no key update')
}

export const setRoleInput = z.object({
  personId: z.uuid(),
  role: z.enum(roles),
  /** Whether they have it afterwards. */
  to: z.enum(['given', 'taken']),
  reason: reasonSchema.min(1, 'Say why; it stays in the timeline, and all admins are told'),
})

/**
 * Gives somebody a role or takes it from them; from their next click on it is so. All admins are told by mail, and
 * whoever it is about. What they asked for and what waits is judged as before: nobody decides on their own request,
 * whatever they became.
 * @returns refused `conflict` for the last admin, for a deactivated person, and where it is so already
 */
export function setRole(ctx: Ctx, input: z.output<typeof setRoleInput>): Promise<Result<null>> {
  const { personId, role, to, reason } = input
  return change(ctx, {
    gate: 'person.set_role',
    subject: { type: 'person', id: personId },
    run: async (tx, at) => {
      await lockAdmins(tx)
      const [row] = await tx.select().from(person).where(eq(person.id, personId)).for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such person'))
      if (row.deactivatedAt) throw new RefusalError(refuse('conflict', `${row.name} is deactivated`))
      const given = to === 'given'
      const noun = role === 'admin' ? 'an admin' : 'an auditor'
      if (row[role] === given)
        throw new RefusalError(
          refuse('conflict', given ? `${row.name} is ${noun} already` : `${row.name} is not ${noun}`),
        )
      const refused = role === 'admin' && !given ? await refuseLastAdmin(tx, row) : null
      if (refused) throw new RefusalError(refused)
      const version = row.version + 1
      await tx
        .update(person)
        .set({ [role]: given, version })
        .where(eq(person.id, personId))
      await tellOfRole(tx, { person: { id: personId, version }, role, given, reason }, at)
      const verb = given ? 'role_granted' : 'role_taken'
      return { result: null, entry: { verb, data: { role, name: row.name, reason } } }
    },
  })
}

/** Owes every admin, and whoever it is about, a mail about a change of roles. After the change was made. */
export async function tellOfRole(
  tx: Tx,
  what: {
    readonly person: { readonly id: string; readonly version: number }
    readonly role: Role
    readonly given: boolean
    readonly reason: string | null
  },
  at: { readonly now: Date; readonly actor: Actor },
): Promise<void> {
  const { actor, now } = at
  const data = {
    personId: what.person.id,
    role: what.role,
    given: what.given,
    reason: what.reason,
    byId: actor.kind === 'person' ? actor.id : null,
  }
  for (const personId of new Set([...(await adminsOf(tx)), what.person.id]))
    await owe(
      tx,
      {
        occasion: `role:${what.person.id}:${what.person.version}:${what.role}`,
        kind: 'role-changed',
        personId,
        data,
      },
      now,
    )
}
