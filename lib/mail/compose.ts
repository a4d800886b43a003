import 'server-only'
import { eq } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { MailContent, MailKind } from '@/emails'
import { isOver } from '@/lib/domain/grant'
import { mayDecide } from '@/lib/domain/request'
import { readerZone } from '@/lib/reader-zone'
import type { MailRow } from '@/lib/services/changes'
import { loadRequest } from '@/lib/services/facts'
import { accessReview, accessReviewClosed, leftToReview } from './compose-access-review'
import {
  approvalGapsFound,
  askedForYou,
  emergencyTaken,
  isOpen,
  questionAnswered,
  questionAsked,
  questionOf,
  requestWithdrawn,
} from './compose-asking'
import { connectionTrouble, credentialEnds, ending, lasting } from './compose-connection'
import { conversionCalledOff, conversionPlanned, stillPlanned } from './compose-conversion'
import { accessMissing, driftFound, entitlementGone } from './compose-drift'
import {
  accessEnded,
  accessReady,
  cameBack,
  couldNotGive,
  couldNotRemove,
  expiryNotice,
  extended,
} from './compose-grant'
import { drillFailed, stillAsked, whoseAccount } from './compose-linking'
import { ownershipPassed, roleChanged } from './compose-people'
import {
  decisionNeeded,
  decisionReminder,
  requestApproved,
  requestDenied,
  requestLapsed,
  requestsToDecide,
} from './compose-request'
import { taskForYou } from './compose-task'
import type { Owed } from './owed'

const composers: Partial<Record<MailKind, (owed: Owed) => Promise<MailContent | null>>> = {
  'decision-needed': decisionNeeded,
  'decision-reminder': decisionReminder,
  'question-asked': questionAsked,
  'question-answered': questionAnswered,
  'asked-for-you': askedForYou,
  'request-withdrawn': requestWithdrawn,
  'emergency-taken': emergencyTaken,
  'approval-gaps': approvalGapsFound,
  'request-approved': requestApproved,
  'request-denied': requestDenied,
  'request-lapsed': requestLapsed,
  'access-ready': accessReady,
  'expiry-notice': expiryNotice,
  extended,
  'access-ended': accessEnded,
  'could-not-give': couldNotGive,
  'could-not-remove': couldNotRemove,
  'task-for-you': taskForYou,
  'connection-trouble': connectionTrouble,
  'entitlement-gone': entitlementGone,
  'drift-found': driftFound,
  'access-missing': accessMissing,
  'whose-account': whoseAccount,
  'conversion-planned': conversionPlanned,
  'conversion-called-off': conversionCalledOff,
  'drill-failed': drillFailed,
  'credential-ends': credentialEnds,
  'role-changed': roleChanged,
  'ownership-passed': ownershipPassed,
  'access-review': accessReview,
  'access-review-closed': accessReviewClosed,
}

/**
 * Writes an owed mail from what is true now. Null when its occasion has passed (decided meanwhile, ended
 * meanwhile, its reader gone): such a mail is dropped, not sent late.
 */
export async function composeMail(db: Reader, row: MailRow, now: Date): Promise<MailContent | null> {
  const compose = composers[row.kind as MailKind]
  if (!compose || !row.personId) throw new Error(`no composer for mail kind ${row.kind}`)
  const reader = await db.query.person.findFirst({ where: eq(schema.person.id, row.personId) })
  const [org] = await db.select().from(schema.organisation)
  if (!reader || !org || reader.deactivatedAt) return null
  const base = { org: org.name, zone: readerZone(reader.timeZone ?? org.timeZone, reader.locale), now }
  return compose({ db, row, reader, now, base })
}

/** Whether a mail that was written and could not be handed over yet is still worth sending. */
export async function stillOwed(db: Reader, row: MailRow, now: Date): Promise<boolean> {
  if (row.kind === 'expiry-notice' && row.grantId) {
    const grant = await db.query.grant.findFirst({ where: eq(schema.grant.id, row.grantId) })
    return (
      grant?.state === 'active' &&
      grant.endsAt !== null &&
      now < grant.endsAt &&
      grant.endsAt.toISOString() === row.data.endsAt
    )
  }
  if (row.kind === 'access-ready' && row.grantId) {
    const grant = await db.query.grant.findFirst({ where: eq(schema.grant.id, row.grantId) })
    return grant?.state === 'active' && !isOver(grant, now)
  }
  if (row.kind === 'could-not-remove' && row.grantId && !cameBack(row)) {
    const grant = await db.query.grant.findFirst({ where: eq(schema.grant.id, row.grantId) })
    return grant?.state === 'revoking'
  }
  if (row.kind === 'task-for-you' && row.taskId) {
    const task = await db.query.task.findFirst({ where: eq(schema.task.id, row.taskId) })
    return task?.state === 'open'
  }
  if (row.kind === 'whose-account') return (await stillAsked(db, row)) !== null
  if (row.kind === 'access-review') return (await leftToReview(db, row, now)) !== null
  if (row.kind === 'conversion-planned') return stillPlanned(db, row)
  if (row.kind === 'connection-trouble') return (await lasting(db, row)) !== null
  if (row.kind === 'credential-ends') return (await ending(db, row, now)) !== null
  if (row.kind === 'decision-needed' || row.kind === 'decision-reminder')
    return (await requestsToDecide(db, row, now)).length > 0
  if (row.kind === 'question-answered' && row.requestId && row.personId) {
    const r = await loadRequest(db, row.requestId, now)
    return isOpen(r, now) && mayDecide(r.facts).includes(row.personId)
  }
  if ((row.kind === 'question-asked' || row.kind === 'asked-for-you') && row.requestId) {
    if (!isOpen(await loadRequest(db, row.requestId, now), now)) return false
    return row.kind === 'asked-for-you' || !(await questionOf(db, row))?.answeredAt
  }
  return true
}
