import 'server-only'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'

/** An account in a target, as a reading of its holders names it. */
export interface HolderAccount {
  readonly id: string
  readonly name: string
  readonly email?: string
}

/** Who is behind an account. `pinned`: the account is theirs on record; else only its address is theirs. */
export interface HolderPerson {
  readonly id: string
  readonly name: string
  readonly pinned: boolean
}

/**
 * The people behind accounts of a connection, by account id: who it is pinned to, else the active person with its
 * address. The address says nothing where that person is pinned to another account there.
 */
export async function peopleOfHolders(
  db: Reader,
  connectionId: string,
  holders: readonly HolderAccount[],
): Promise<Map<string, HolderPerson>> {
  const found = new Map<string, HolderPerson>()
  if (holders.length === 0) return found
  const { account, person } = schema
  const ids = holders.map((holder) => holder.id)
  const pinned = await db
    .select({ externalId: account.externalId, id: person.id, name: person.name })
    .from(account)
    .innerJoin(person, eq(person.id, account.personId))
    .where(
      and(
        eq(account.connectionId, connectionId),
        inArray(account.externalId, ids),
        isNull(account.unlinkedAt),
      ),
    )
  for (const { externalId, id, name } of pinned) found.set(externalId, { id, name, pinned: true })
  const rest = holders.filter((holder) => holder.email && !found.has(holder.id))
  const emails = [...new Set(rest.flatMap((holder) => holder.email?.trim().toLowerCase() ?? []))]
  if (emails.length === 0) return found
  const byAddress = await db
    .select({ id: person.id, name: person.name, email: sql<string>`lower(${person.email})` })
    .from(person)
    .leftJoin(
      account,
      and(
        eq(account.connectionId, connectionId),
        eq(account.personId, person.id),
        isNull(account.unlinkedAt),
      ),
    )
    .where(
      and(inArray(sql`lower(${person.email})`, emails), isNull(person.deactivatedAt), isNull(account.id)),
    )
  for (const holder of rest) {
    const same = byAddress.filter((row) => row.email === holder.email?.trim().toLowerCase())
    const [only] = same
    if (only && same.length === 1) found.set(holder.id, { id: only.id, name: only.name, pinned: false })
  }
  return found
}
