import 'server-only'
import { and, eq, inArray, isNotNull, not, or, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { DAY, plus } from '@/lib/domain/duration'
import { type Refusal, refuse } from '@/lib/domain/errors'
import type { GrantStep } from '@/lib/domain/grant'
import type { At } from './apply'
import type { Changes, MailChange, RequestRow } from './changes'
import { accountsOf, type LoadedGrant } from './facts'

/** So long after an emergency access is over its review is due, in seconds. */
export const REVIEW_WITHIN = 3 * DAY

/** An emergency access that stands in the way of the next one. */
export interface OpenEmergency {
  readonly grantId: string
  readonly entitlement: string
  /** Not over yet; over and not gone yet; or gone and not reviewed. */
  readonly what: 'live' | 'ending' | 'not_reviewed'
}

/**
 * Emergency accesses of a person, by whatever account, that are not over, or whose review is not done; the oldest first. One that was
 * called off or failed before anything was given has nothing to review. Read under the person's lock.
 */
export async function openEmergencies(db: Reader, personId: string): Promise<OpenEmergency[]> {
  const { grant, entitlement, task } = schema
  const own = await accountsOf(db, personId)
  const live = inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking'])
  const given = or(isNotNull(grant.firstGiveAt), isNotNull(grant.grantedAt))
  const reviewed = sql`exists (select 1 from ${task} where ${task.grantId} = ${grant.id}
    and ${task.kind} = 'review' and ${task.state} = 'done')`
  const rows = await db
    .select({ grantId: grant.id, entitlement: entitlement.name, state: grant.state })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .where(and(inArray(grant.personId, own), eq(grant.emergency, true), or(live, and(given, not(reviewed)))))
    .orderBy(grant.createdAt)
  return rows.map(({ state, ...row }) => ({
    ...row,
    what: state === 'ended' || state === 'failed' ? 'not_reviewed' : state === 'revoking' ? 'ending' : 'live',
  }))
}

const stands: Record<OpenEmergency['what'], (name: string) => string> = {
  live: (name) => `You have emergency access to ${name} already, and one at a time is the most`,
  ending: (name) =>
    `Your emergency access to ${name} is still being taken back, and one at a time is the most`,
  not_reviewed: (name) =>
    `Your emergency access to ${name} was not reviewed yet. An owner or an admin has to, before the next one`,
}

/** Why no emergency access is given now; null when it may be. */
export function emergencyProblem(
  open: readonly OpenEmergency[],
  asked: { others: boolean; count: number },
): Refusal | null {
  if (asked.others) return refuse('forbidden', 'Emergency access is for oneself only')
  if (asked.count > 1) return refuse('invalid', 'Emergency access is for one entitlement at a time')
  const [first] = open
  return first ? refuse('limit', stands[first.what](first.entitlement)) : null
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

/**
 * The review that an emergency access opens when it is over, and the mails to whoever may do it. Once only: one that
 * is found again afterwards and taken once more was looked at, or still waits to be. Where nothing was given, nothing
 * is reviewed.
 */
export function reviewOpens(
  f: LoadedGrant,
  step: GrantStep,
  at: Pick<At, 'now' | 'newId'>,
): Required<Pick<Changes<unknown>, 'newTasks' | 'mails'>> {
  const over = step.next.state === 'ended' || step.next.state === 'failed'
  const given = f.row.firstGiveAt !== null || f.row.grantedAt !== null
  if (!f.emergency || f.emergency.reviewOpened || !over || !given) return { newTasks: [], mails: [] }
  const id = at.newId()
  const dueAt = plus(at.now, REVIEW_WITHIN)
  return {
    newTasks: [{ id, grantId: f.row.id, kind: 'review', openedAt: at.now, dueAt }],
    mails: f.emergency.reviewerIds.map((personId) => ({
      occasion: `task-for-you:${id}`,
      kind: 'task-for-you',
      personId,
      taskId: id,
      grantId: f.row.id,
    })),
  }
}
