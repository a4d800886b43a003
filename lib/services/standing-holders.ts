import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Holder } from '@/lib/connectors/contract'
import type { AccountLike } from '@/lib/domain/account'
import { takenBy } from './account-questions'
import type { ConnectionRow } from './changes'
import { callTarget } from './connection-calls'
import { listHolders } from './target-lists'

/** So many accounts without a link are looked up by a person's address at most. */
const MOST_LOOKED_UP = 200
const AT_ONCE = 4

/** Somebody who holds an entitlement in the target now, with whose account it is. */
export interface StandingHolder {
  readonly account: AccountLike
  readonly state: Holder['state']
  readonly via: string | null
  /** Why a take of ours would not remove it. */
  readonly fixed: string | null
  /** `address`: the target itself names this account for the person's address. */
  readonly person: {
    readonly id: string
    readonly name: string
    /** Their address now. */
    readonly email: string
    readonly active: boolean
    readonly how: 'linked' | 'address'
  } | null
}

/**
 * Everybody who holds an entitlement in the target now, with the person behind each account: the one it is linked to,
 * or the one whose address leads the target to exactly this account. Nothing is guessed and nothing is written.
 * @throws ConnectorError when the list cannot be read to its end
 */
export async function readHolders(
  db: Reader,
  row: ConnectionRow,
  entitlement: { externalId: string; name: string },
): Promise<StandingHolder[]> {
  const listed = await listHolders(row, { id: entitlement.externalId, name: entitlement.name })
  const holders = listed.sort((a, b) => a.account.name.localeCompare(b.account.name))
  const ids = holders.map((one) => one.account.id)
  const linked = await linkedPersons(db, row.id, ids)
  const aside = await takenBy(db, row.id, null, ids)
  const open = holders.filter((one) => !linked.has(one.account.id) && !aside.has(one.account.id))
  const found = await byAddress(db, row, open)
  return holders.map(({ account, state, via, fixed }) => ({
    account,
    state,
    via: via ?? null,
    fixed: fixed ?? null,
    person: linked.get(account.id) ?? found.get(account.id) ?? null,
  }))
}

type Person = NonNullable<StandingHolder['person']>

async function linkedPersons(db: Reader, connectionId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Person>()
  const { account, person } = schema
  const rows = await db
    .select({ account: account.externalId, ...known })
    .from(account)
    .innerJoin(person, eq(person.id, account.personId))
    .where(
      and(
        eq(account.connectionId, connectionId),
        inArray(account.externalId, [...ids]),
        isNull(account.unlinkedAt),
      ),
    )
  return new Map(rows.map(({ account: at, ...one }): [string, Person] => [at, personOf(one, 'linked')]))
}

const { person: persons } = schema
const known = { id: persons.id, name: persons.name, email: persons.email, left: persons.deactivatedAt }
const personOf = (
  { left, ...one }: { id: string; name: string; email: string; left: Date | null },
  how: Person['how'],
): Person => ({ ...one, active: left === null, how })

/** Persons whose address the target answers with exactly this account; only those who may be meant are asked about. */
async function byAddress(db: Reader, row: ConnectionRow, open: readonly Holder[]) {
  const matched = new Map<string, Person>()
  if (open.length === 0) return matched
  const { account, person } = schema
  const people = await db
    .select(known)
    .from(person)
    .leftJoin(
      account,
      and(eq(account.personId, person.id), eq(account.connectionId, row.id), isNull(account.unlinkedAt)),
    )
    .where(and(isNull(person.deactivatedAt), isNull(account.id)))
  const byName = new Map<string, (typeof people)[number][]>()
  for (const one of people)
    for (const name of spellings(one.email)) byName.set(name, [...(byName.get(name) ?? []), one])
  const pairs = open
    .flatMap((holder) => {
      const names = [holder.account.email, holder.account.name].flatMap((n) => (n ? [n.toLowerCase()] : []))
      const meant = new Set(names.flatMap((name) => byName.get(name) ?? []))
      return [...meant].map((one) => ({ id: holder.account.id, person: one }))
    })
    .slice(0, MOST_LOOKED_UP)
  for (let i = 0; i < pairs.length; i += AT_ONCE)
    await Promise.all(
      pairs.slice(i, i + AT_ONCE).map(async ({ id, person: one }) => {
        const answer = await callTarget(row, (connector, ctx) =>
          connector.resolveAccount(ctx, { person: { email: one.email, name: one.name } }),
        )
        if (answer.kind === 'found' && answer.account.id === id) matched.set(id, personOf(one, 'address'))
      }),
    )
  return matched
}

/** How an account may be called after an address; only a hint whom to look up. */
function spellings(email: string): string[] {
  const address = email.toLowerCase()
  const local = address.slice(0, address.lastIndexOf('@')) || address
  return [
    ...new Set([address, local, local.replaceAll(/[^a-z0-9]+/g, '_'), local.replaceAll(/[^a-z0-9]+/g, '-')]),
  ]
}
