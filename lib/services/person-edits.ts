import 'server-only'
import { and, eq, ne, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import type { CreatePersonInput, EditPersonInput, OwnReadingInput } from '@/lib/person-input'
import { changed, stop } from './applications'
import { change, fresh } from './change'
import { escalateStuck } from './request-escalation'

const { person } = schema
type PersonRow = typeof person.$inferSelect

/** So many managers above one are looked at for a circle; no organisation is deeper. */
const DEEPEST = 64

/**
 * Adds somebody as a member, by hand or from a file. They may sign in from then on.
 * @returns refused `invalid` at `email` when somebody has that address, at `managerId` for who cannot manage them
 */
export function createPerson(ctx: Ctx, input: CreatePersonInput): Promise<Result<{ personId: string }>> {
  const personId = newId()
  return change(ctx, {
    gate: 'person.create',
    subject: { type: 'person', id: personId },
    async run(tx, at) {
      await addressIsFree(tx, input.email, personId)
      await mayManage(tx, input.managerId, { id: personId, email: input.email })
      await tx.insert(person).values({ id: personId, ...input, createdAt: at.now })
      const { name, email } = input
      return { result: { personId }, entry: { verb: 'created', data: { name, email } } }
    },
  })
}

/**
 * Changes what is known of somebody. Another address is another way to sign in, and the old one is none any more; what
 * they hold and whose account is theirs stays. A new manager is asked about what waits for their manager at once.
 * @returns refused `stale` on an older version, otherwise as {@link createPerson}
 */
export async function editPerson(
  ctx: Ctx,
  input: EditPersonInput,
): Promise<Result<{ personId: string; escalated: number }>> {
  const done = await changePerson(ctx, input)
  if (!done.ok) return done
  return { ok: true, value: { personId: input.personId, escalated: await escalateStuck(ctx.db) } }
}

/** The change alone; whoever makes many looks once afterwards for requests that lost their approvers. */
export function changePerson(ctx: Ctx, input: EditPersonInput): Promise<Result<null>> {
  const { personId, version, ...set } = input
  return change(ctx, {
    gate: 'person.edit',
    subject: { type: 'person', id: personId },
    async run(tx) {
      const row = await held(tx, personId)
      fresh(version, row.version, 'person')
      const data = changed(row, set)
      if (Object.keys(data).length === 0) return { result: null, entry: null }
      if (data.email) await addressIsFree(tx, input.email, personId)
      if (data.managerId) await mayManage(tx, input.managerId, { id: personId, email: input.email })
      await tx
        .update(person)
        .set({ ...set, version: row.version + 1 })
        .where(eq(person.id, personId))
      return {
        result: null,
        entry: { verb: 'changed', data: { name: set.name, what: whatWords(data), ...data } },
      }
    },
  })
}

/** Says how oneself reads times: zone and locale, null for the organisation's and the usual way. */
export function setOwnReading(ctx: Ctx, input: OwnReadingInput): Promise<Result<null>> {
  const { personId, timeZone, locale } = input
  return change(ctx, {
    gate: 'person.set_own',
    subject: { type: 'person', id: personId },
    facts: async () => ({ beneficiaryId: personId }),
    async run(tx) {
      const row = await held(tx, personId)
      const set = { timeZone, locale }
      const data = changed(row, set)
      if (Object.keys(data).length === 0) return { result: null, entry: null }
      await tx
        .update(person)
        .set({ ...set, version: row.version + 1 })
        .where(eq(person.id, personId))
      return {
        result: null,
        entry: { verb: 'changed', data: { name: row.name, what: whatWords(data), ...data } },
      }
    },
  })
}

async function held(tx: Tx, personId: string): Promise<PersonRow> {
  const [row] = await tx.select().from(person).where(eq(person.id, personId)).for('no key update')
  return row ?? stop('not_found', 'There is no such person')
}

async function addressIsFree(tx: Tx, email: string, personId: string): Promise<void> {
  const [taken] = await tx
    .select({ name: person.name })
    .from(person)
    .where(and(sql`lower(${person.email}) = ${email.toLowerCase()}`, ne(person.id, personId)))
  if (taken) stop('invalid', `${taken.name} has this address already`, 'email')
}

/** Who may manage somebody: an active person, not themself by whatever account, and nobody they manage in turn. */
async function mayManage(
  tx: Reader,
  managerId: string | null,
  who: { readonly id: string; readonly email: string },
): Promise<void> {
  if (!managerId) return
  const wrong = (words: string) => new RefusalError(refuse('invalid', words, 'managerId'))
  let manager = await tx.query.person.findFirst({ where: eq(person.id, managerId) })
  if (!manager) throw wrong('There is no such person. Choose somebody else')
  if (manager.deactivatedAt) throw wrong(`${manager.name} is deactivated. Choose somebody else`)
  const [same] = await tx
    .select({ id: person.id })
    .from(person)
    .where(and(eq(person.id, who.id), eq(person.emailKey, manager.emailKey)))
  if (manager.id === who.id || same) throw wrong('Nobody manages themself. Choose somebody else')
  const name = manager.name
  for (let up = 0; manager?.managerId && up < DEEPEST; up++) {
    if (manager.managerId === who.id)
      throw wrong(`${name} answers to this person, so it would go round in a circle. Choose somebody else`)
    manager = await tx.query.person.findFirst({ where: eq(person.id, manager.managerId) })
  }
}

const nouns: Record<string, string> = {
  name: 'name',
  email: 'e-mail address',
  title: 'title',
  team: 'team',
  managerId: 'manager',
  timeZone: 'time zone',
  locale: 'how dates and times are written',
}

/** "Changed: manager, team." */
function whatWords(data: Record<string, unknown>): string {
  return `Changed: ${Object.keys(data)
    .map((key) => nouns[key] ?? key)
    .join(', ')}.`
}
