import 'server-only'
import { and, eq, inArray, not, or, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { type Refusal, refuse } from '@/lib/domain/errors'
import type { MailChange, RequestRow } from './changes'

/** An emergency access that stands in the way of the next one. */
export interface OpenEmergency {
  readonly grantId: string
  readonly entitlement: string
  /** Not over yet, or over and not reviewed. */
  readonly what: 'live' | 'not_reviewed'
}

/** Emergency accesses of a person that are not over, or whose review is not done. Read under the person's lock. */
export async function openEmergencies(db: Reader, personId: string): Promise<OpenEmergency[]> {
  const { grant, entitlement, task } = schema
  const live = inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking'])
  const reviewed = sql`exists (select 1 from ${task} where ${task.grantId} = ${grant.id}
    and ${task.kind} = 'review' and ${task.state} = 'done')`
  const rows = await db
    .select({ grantId: grant.id, entitlement: entitlement.name, live: sql<boolean>`${live}` })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .where(and(eq(grant.personId, personId), eq(grant.emergency, true), or(live, not(reviewed))))
    .orderBy(grant.createdAt)
  return rows.map(({ live: isLive, ...row }) => ({ ...row, what: isLive ? 'live' : 'not_reviewed' }))
}

/** Why no emergency access is given now; null when it may be. */
export function emergencyProblem(
  open: readonly OpenEmergency[],
  asked: { others: boolean; count: number },
): Refusal | null {
  if (asked.others) return refuse('forbidden', 'Emergency access is for oneself only')
  if (asked.count > 1) return refuse('invalid', 'Emergency access is for one entitlement at a time')
  const [first] = open
  if (!first) return null
  return first.what === 'live'
    ? refuse(
        'limit',
        `You have emergency access to ${first.entitlement} already, and one at a time is the most`,
      )
    : refuse(
        'limit',
        `Your emergency access to ${first.entitlement} was not reviewed yet. An owner or an admin has to, before the next one`,
      )
}

/** Tells owners and admins at once, loudly; never the one who took it. */
export function emergencyMails(
  row: Pick<RequestRow, 'id' | 'personId'>,
  personIds: readonly string[],
): MailChange[] {
  return [...new Set(personIds)]
    .filter((id) => id !== row.personId)
    .map((personId) => ({
      occasion: `emergency-taken:${row.id}`,
      kind: 'emergency-taken',
      personId,
      requestId: row.id,
    }))
}
