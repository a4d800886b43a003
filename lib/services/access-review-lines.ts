import 'server-only'
import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { ConnectorError } from '@/lib/connectors/contract'
import type { ConnectionRow } from './changes'
import { openRow } from './connections'
import { ofTheTarget } from './holder-readings'
import { readHolders, type StandingHolder } from './standing-holders'
import { listsHolders } from './target-lists'

/** So many lines are in one access review at most. */
export const MOST_LINES = 2_000

/** One access that stands now: a lease, or what an account holds for good. */
export interface FoundLine {
  readonly entitlementId: string
  readonly entitlement: string
  /** Null for standing access. */
  readonly grantId: string | null
  /** Null for a lease. */
  readonly account: { readonly id: string; readonly name: string; readonly email?: string } | null
  /** Null where nobody is known for the account. */
  readonly personId: string | null
}

/** Everything that stands on an application, and what cannot be told of it. */
export interface Found {
  readonly lines: readonly FoundLine[]
  readonly gaps: { what: string; why: string }[]
  readonly leftOut: { entitlement: string; who: string; why: string }[]
}

type EntitlementRow = typeof schema.entitlement.$inferSelect

/**
 * What would be reviewed now: the live leases of an application, and whoever holds something of it for good, read in
 * the target. A list that breaks off says nothing of anybody, so all of it is a gap. Nothing is changed.
 * @param only these entitlements; all where none is named
 */
export async function findLines(db: Reader, applicationId: string, only: readonly string[]): Promise<Found> {
  const { application, connection, entitlement } = schema
  const [place] = await db
    .select({ application, connection })
    .from(application)
    .leftJoin(connection, eq(connection.id, application.connectionId))
    .where(eq(application.id, applicationId))
  if (!place) return { lines: [], gaps: [], leftOut: [] }
  const entitlements = await db.query.entitlement.findMany({
    where: and(
      eq(entitlement.applicationId, applicationId),
      only.length > 0 ? inArray(entitlement.id, [...only]) : undefined,
    ),
    orderBy: [asc(entitlement.name), asc(entitlement.id)],
  })
  const leases = await leasesOf(
    db,
    entitlements.map(({ id }) => id),
  )
  const standing = await standingOf(db, place.connection, place.application.name, entitlements, leases)
  const isStanding = (lease: Lease) =>
    standing.lines.some(
      (line) =>
        line.entitlementId === lease.entitlementId &&
        (line.account?.id === lease.externalId || line.personId === lease.personId),
    )
  const leased = leases
    .filter((lease) => lease.state !== 'revoking')
    .filter((lease) => !(leavesStanding(lease) && isStanding(lease)))
    .map(({ id, entitlementId, entitlement: name, personId }) => ({
      entitlementId,
      entitlement: name,
      grantId: id,
      account: null,
      personId,
    }))
  return { ...standing, lines: [...leased, ...standing.lines] }
}

type Lease = Awaited<ReturnType<typeof leasesOf>>[number]

/** Its end would leave what was held before: what is reviewed then is the standing access. */
const leavesStanding = (lease: Lease) => lease.preexisting || (lease.converts && lease.state === 'scheduled')

async function leasesOf(db: Reader, entitlementIds: readonly string[]) {
  if (entitlementIds.length === 0) return []
  const { account, entitlement, grant, person } = schema
  return db
    .select({
      id: grant.id,
      state: grant.state,
      preexisting: grant.preexisting,
      converts: grant.converts,
      personId: grant.personId,
      externalId: account.externalId,
      entitlementId: entitlement.id,
      entitlement: entitlement.name,
    })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(person, eq(person.id, grant.personId))
    .leftJoin(account, eq(account.id, grant.accountId))
    .where(
      and(
        inArray(grant.entitlementId, [...entitlementIds]),
        inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
      ),
    )
    .orderBy(asc(entitlement.name), asc(person.name), asc(grant.id))
}

const BY_HAND = 'people give and take there by hand, so only its leases are listed'
const CANNOT_LIST = 'it cannot say who holds what, so only its leases are listed'

async function standingOf(
  db: Reader,
  row: ConnectionRow | null,
  name: string,
  entitlements: readonly EntitlementRow[],
  leases: readonly Lease[],
): Promise<Found> {
  const why = !row ? BY_HAND : cannotList(row)
  if (!row || why)
    return { lines: [], leftOut: [], gaps: [{ what: `Standing access on ${name}`, why: why ?? BY_HAND }] }
  const found = { lines: [] as FoundLine[], gaps: [] as Found['gaps'], leftOut: [] as Found['leftOut'] }
  let broken: string | null = null
  for (const one of entitlements.filter(({ closedAt }) => closedAt === null)) {
    const mine = leases.filter((lease) => lease.entitlementId === one.id)
    if (!one.requestable && mine.length === 0) {
      found.gaps.push({ what: one.name, why: one.reason ?? 'who holds it is not ours to set' })
      continue
    }
    if (broken) {
      found.gaps.push({ what: one.name, why: broken })
      continue
    }
    try {
      for (const holder of await readHolders(db, row, one)) place(found, row, one, mine, holder)
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      found.gaps.push({ what: one.name, why: error.message })
      if (ofTheTarget.has(error.code)) broken = error.message
    }
  }
  return found
}

function cannotList(row: ConnectionRow): string | null {
  try {
    openRow(row)
    return listsHolders(row) ? null : CANNOT_LIST
  } catch (error) {
    if (error instanceof ConnectorError) return error.message
    throw error
  }
}

/** Puts one holder where they belong: under their lease, among the lines, or among what is not decided here. */
function place(
  found: { lines: FoundLine[]; leftOut: Found['leftOut'] },
  row: ConnectionRow,
  one: EntitlementRow,
  leases: readonly Lease[],
  { account, person, state, via, fixed }: StandingHolder,
): void {
  // What is set aside for the removal drill comes and goes by our own doing.
  if (row.drillEntitlementId === one.id && row.drillAccount?.id === account.id) return
  const explained = leases.some(
    (lease) =>
      lease.state !== 'scheduled' &&
      !lease.preexisting &&
      (lease.externalId ? lease.externalId === account.id : lease.personId === person?.id),
  )
  if (explained) return
  const why =
    state === 'indirect'
      ? `Held through ${via ?? 'something else'}, so it cannot be taken from one person here`
      : state === 'pending'
        ? 'Not accepted there yet, so it is not held'
        : fixed
  if (why) {
    found.leftOut.push({ entitlement: one.name, who: person?.name ?? account.name, why })
    return
  }
  const { id, name, email } = account
  found.lines.push({
    entitlementId: one.id,
    entitlement: one.name,
    grantId: null,
    account: { id, name, ...(email ? { email } : {}) },
    personId: person?.id ?? null,
  })
}

/** The entitlements of an application that a review may be narrowed to. */
export async function reviewable(db: Reader, applicationId: string): Promise<{ id: string; name: string }[]> {
  const { entitlement } = schema
  return db
    .select({ id: entitlement.id, name: entitlement.name })
    .from(entitlement)
    .where(and(eq(entitlement.applicationId, applicationId), isNull(entitlement.closedAt)))
    .orderBy(asc(entitlement.name), asc(entitlement.id))
}
