import 'server-only'
import { and, eq, inArray, isNull, notInArray, or, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { DriftInput, KnownFinding, ReadHolder } from '@/lib/domain/drift'
import { plus } from '@/lib/domain/duration'
import type { TimelineVerb } from '@/lib/domain/timeline'
import type { ConnectionRow } from './changes'
import { peopleOfHolders } from './holders'
import { targetFacts } from './target'

const judged = ['unknown_holder', 'missing_holder', 'indirect_rest', 'came_back'] as const
/** After these a target may show something else than a moment before. */
const moves: TimelineVerb[] = [
  'giving',
  'given',
  'giving_again',
  'ending',
  'reopened',
  'seen_absent',
  'answered_absent',
]

type Facts = Pick<DriftInput, 'settleSeconds' | 'grants' | 'standing' | 'known'> & {
  /** Findings whose holder is being removed. */
  readonly removing: ReadonlySet<string>
}

/** Everything on record that a reading of one entitlement is held against. */
export async function driftFacts(
  tx: Tx,
  connection: ConnectionRow,
  entitlement: typeof schema.entitlement.$inferSelect,
  read: { readonly readAt: Date; readonly holders: readonly ReadHolder[]; readonly now: Date },
): Promise<Facts> {
  const { settleSeconds } = targetFacts(
    connection,
    { taskSeconds: 0 },
    { firstGiveAt: null, startBy: read.now },
    read.now,
  )
  const findings = await findingsOf(tx, entitlement.id)
  const grants = await grantsOf(tx, connection, entitlement.id, {
    ...read,
    since: plus(read.readAt, -settleSeconds),
    also: findings.known.flatMap((f) => f.grantId ?? []),
  })
  const rows = await tx
    .select({ id: schema.standing.externalId })
    .from(schema.standing)
    .where(eq(schema.standing.entitlementId, entitlement.id))
  const standing = new Set(rows.map(({ id }) => id))
  // What is set aside for the removal drill comes and goes by our own doing.
  if (connection.drillEntitlementId === entitlement.id && connection.drillAccount)
    standing.add(connection.drillAccount.id)
  return { settleSeconds, grants, standing, ...findings }
}

async function findingsOf(
  tx: Tx,
  entitlementId: string,
): Promise<{ known: KnownFinding[]; removing: Set<string> }> {
  const { account, finding, grant, work } = schema
  const rows = await tx
    .select({ finding, externalId: account.externalId, work: work.id })
    .from(finding)
    .leftJoin(grant, eq(grant.id, finding.grantId))
    .leftJoin(account, eq(account.id, grant.accountId))
    .leftJoin(work, and(eq(work.kind, 'remove'), eq(work.subjectId, finding.id)))
    .where(
      and(
        or(eq(finding.entitlementId, entitlementId), eq(grant.entitlementId, entitlementId)),
        inArray(finding.kind, [...judged]),
        or(isNull(finding.closedAt), eq(finding.closedAs, 'ignored')),
      ),
    )
    .orderBy(finding.id)
  const known = rows.map(({ finding: f, externalId, work: removal }) => ({
    id: f.id,
    kind: f.kind as KnownFinding['kind'],
    holderId: f.holder?.id ?? externalId,
    grantId: f.grantId,
    seenAt: f.seenAt ?? f.foundAt,
    ignored: f.closedAs === 'ignored',
    removing: removal !== null,
  }))
  return { known, removing: new Set(known.filter((f) => f.removing).map((f) => f.id)) }
}

/** Grants that may be held, those that moved a moment ago, and those that findings are about. */
async function grantsOf(
  tx: Tx,
  connection: ConnectionRow,
  entitlementId: string,
  read: {
    readonly holders: readonly ReadHolder[]
    readonly since: Date
    readonly also: readonly string[]
  },
): Promise<DriftInput['grants']> {
  const { account, grant, timeline } = schema
  const rows = await tx
    .select({ grant, externalId: account.externalId })
    .from(grant)
    .leftJoin(account, eq(account.id, grant.accountId))
    .where(
      and(
        eq(grant.entitlementId, entitlementId),
        or(
          notInArray(grant.state, ['ended', 'failed']),
          sql`greatest(${grant.seenAbsentAt}, ${grant.rightOverAt}, ${grant.firstGiveAt}) >= ${read.since.toISOString()}`,
          ...(read.also.length > 0 ? [inArray(grant.id, [...read.also])] : []),
        ),
      ),
    )
  if (rows.length === 0) return []
  const moved = await tx
    .select({ id: timeline.subjectId, at: sql<string>`max(${timeline.at})` })
    .from(timeline)
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        inArray(
          timeline.subjectId,
          rows.map((row) => row.grant.id),
        ),
        inArray(timeline.verb, moves),
      ),
    )
    .groupBy(timeline.subjectId)
  const lastMove = new Map(moved.map(({ id, at }) => [id, new Date(at)]))
  const people = await peopleOfHolders(tx, connection.id, read.holders)
  return rows.map(({ grant: row, externalId }) => ({
    id: row.id,
    state: row.state,
    // Not pinned yet: whichever account is, or may be found to be, that person's.
    accountIds: externalId
      ? [externalId]
      : read.holders.flatMap(({ id }) => (people.get(id)?.id === row.personId ? [id] : [])),
    movedAt: lastMove.get(row.id) ?? row.grantedAt,
  }))
}
