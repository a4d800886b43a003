import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import {
  type AccessDecision,
  type AccessReviewState,
  accessDecisions,
  accessReviewStates,
  type MissedConsequence,
  missedConsequences,
  type ReviewerRule,
  reviewerRules,
} from '../../lib/domain/access-review'
import { application, entitlement } from './applications'
import { id, moment, oneOf, version } from './columns'
import { finding, grant } from './leases'
import { person } from './people'

/** People look at the access that stood on an application when it started, and keep or remove it by a date. */
export const accessReview = pgTable(
  'access_review',
  {
    id: id(),
    name: text('name').notNull(),
    /** What the reviewers are told to look for. */
    instructions: text('instructions'),
    applicationId: uuid('application_id')
      .notNull()
      .references(() => application.id),
    reviewers: text('reviewers').$type<ReviewerRule>().notNull(),
    /** Where people are named: who. */
    reviewerIds: jsonb('reviewer_ids').$type<string[]>().notNull(),
    consequence: text('consequence').$type<MissedConsequence>().notNull(),
    state: text('state').$type<AccessReviewState>().notNull().default('open'),
    startedBy: uuid('started_by')
      .notNull()
      .references(() => person.id),
    startedAt: moment('started_at').notNull(),
    dueAt: moment('due_at').notNull(),
    escalatedAt: moment('escalated_at'),
    escalatedUntil: moment('escalated_until'),
    closedAt: moment('closed_at'),
    /** What could not be listed at all, with why. */
    gaps: jsonb('gaps').$type<{ what: string; why: string }[]>().notNull(),
    /** Held, and not removable from here one by one: said, and not decided. */
    leftOut: jsonb('left_out').$type<{ entitlement: string; who: string; why: string }[]>().notNull(),
  },
  (t) => [
    uniqueIndex('access_review_one_open').on(t.applicationId).where(sql`state in ('open', 'escalated')`),
    index('access_review_started').on(t.startedAt),
    check('access_review_state', oneOf('state', accessReviewStates)),
    check('access_review_reviewers', oneOf('reviewers', reviewerRules)),
    check('access_review_consequence', oneOf('consequence', missedConsequences)),
    check('access_review_named', sql`(reviewers = 'people') = (jsonb_array_length(reviewer_ids) > 0)`),
  ],
)

/** One line: a lease, or what an account in the target holds for good. Decided once, except that a "keep" may change. */
export const accessReviewLine = pgTable(
  'access_review_line',
  {
    id: id(),
    accessReviewId: uuid('access_review_id')
      .notNull()
      .references(() => accessReview.id, { onDelete: 'cascade' }),
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlement.id),
    /** The lease; null for standing access. */
    grantId: uuid('grant_id').references(() => grant.id),
    /** The account that holds it for good; null for a lease. */
    account: jsonb('account').$type<{ id: string; name: string; email?: string }>(),
    /** Null where nobody is known for the account. */
    personId: uuid('person_id').references(() => person.id),
    decision: text('decision').$type<AccessDecision>(),
    reason: text('reason'),
    decidedBy: uuid('decided_by').references(() => person.id),
    decidedAt: moment('decided_at'),
    /** Nobody decided until the date; stays where somebody did in a second round. */
    missedAt: moment('missed_at'),
    /** It was over before anybody decided. */
    overAt: moment('over_at'),
    /** Missed, and its lease is revoked because the review says so: when that was done, and why it was not. */
    revokedAt: moment('revoked_at'),
    revokeProblem: text('revoke_problem'),
    /** The removal of standing access: it closes when seen gone. */
    findingId: uuid('finding_id').references(() => finding.id),
    version: version(),
  },
  (t) => [
    uniqueIndex('access_review_line_lease').on(t.accessReviewId, t.grantId).where(sql`grant_id is not null`),
    uniqueIndex('access_review_line_account')
      .on(t.accessReviewId, t.entitlementId, sql`(account ->> 'id')`)
      .where(sql`account is not null`),
    index('access_review_line_review').on(t.accessReviewId),
    index('access_review_line_grant').on(t.grantId),
    index('access_review_line_person').on(t.personId),
    check('access_review_line_about', sql`(grant_id is null) <> (account is null)`),
    check('access_review_line_decision', sql`decision is null or ${oneOf('decision', accessDecisions)}`),
    check(
      'access_review_line_decided',
      sql`(decision is null) = (decided_at is null) and (decision is null) = (decided_by is null) and (decision is null or reason is not null)`,
    ),
  ],
)
