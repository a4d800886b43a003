import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { type Candidate, type ReviewerRule, type Reviewers, reviewersOf } from '@/lib/domain/access-review'

/** A line, or what would become one, with what its review says about who is asked. */
export interface LinePlace {
  readonly applicationId: string
  readonly rule: ReviewerRule
  /** Where people are named: who. */
  readonly reviewerIds: readonly string[]
  readonly escalated: boolean
  readonly personId: string | null
  readonly account: { readonly email?: string } | null
}

/** The live directory for many lines at once: who may decide, and what people are called. */
export interface ReviewBook {
  reviewers(place: LinePlace): Reviewers
  name(personId: string): string
}

/** The key under which the database counts two spellings of an address as one; see `person.email_key`. */
function addressKey(email: string): string {
  return email
    .trim()
    .normalize('NFKC')
    .replace(/\+[^@]*@/, '@')
    .toLowerCase()
}

/**
 * Reads who may review these lines, in a few rounds however many there are: managers and owners as they are now, only
 * active people. Whoever leaves, or gets another manager, so has their lines pass on by themselves.
 */
export async function reviewBook(db: Reader, places: readonly LinePlace[]): Promise<ReviewBook> {
  const { applicationOwner, person } = schema
  const columns = { id: person.id, name: person.name, key: person.emailKey, managerId: person.managerId }
  const holders = await byIds(
    db,
    places.flatMap(({ personId }) => personId ?? []),
  )
  const asked = await byIds(db, [
    ...places.flatMap(({ reviewerIds }) => reviewerIds),
    ...[...holders.values()].flatMap(({ managerId }) => managerId ?? []),
  ])
  const applicationIds = [...new Set(places.map(({ applicationId }) => applicationId))]
  const owned =
    applicationIds.length === 0
      ? []
      : await db
          .select({ ...columns, of: applicationOwner.applicationId })
          .from(applicationOwner)
          .innerJoin(person, eq(person.id, applicationOwner.personId))
          .where(and(inArray(applicationOwner.applicationId, applicationIds), isNull(person.deactivatedAt)))
          .orderBy(person.id)
  const admins = await db
    .select(columns)
    .from(person)
    .where(and(eq(person.admin, true), isNull(person.deactivatedAt)))
    .orderBy(person.id)
  const names = new Map(
    [...holders.values(), ...asked.values(), ...owned, ...admins].map((p) => [p.id, p.name]),
  )
  const active = (id: string | null | undefined): Candidate[] => {
    const found = id ? asked.get(id) : undefined
    return found && !found.left ? [found] : []
  }
  return {
    reviewers({ applicationId, rule, reviewerIds, escalated, personId, account }) {
      const holder = personId ? holders.get(personId) : undefined
      const keys = [holder?.key, account?.email && addressKey(account.email)]
      return reviewersOf({
        rule,
        escalated,
        holderKeys: keys.flatMap((key) => key || []),
        manager: active(holder?.managerId)[0] ?? null,
        named: reviewerIds.flatMap(active),
        owners: owned.filter(({ of }) => of === applicationId),
        admins,
      })
    },
    name: (id) => names.get(id) ?? 'somebody who is gone',
  }
}

async function byIds(db: Reader, ids: readonly string[]) {
  const { person } = schema
  if (ids.length === 0) return new Map<string, never>()
  const rows = await db
    .select({
      id: person.id,
      name: person.name,
      key: person.emailKey,
      managerId: person.managerId,
      left: person.deactivatedAt,
    })
    .from(person)
    .where(inArray(person.id, [...new Set(ids)]))
  return new Map(rows.map((row) => [row.id, row]))
}
