import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import {
  type EndReason,
  endReasons,
  type GrantState,
  grantStates,
  type Holding,
  holdings,
} from '../../lib/domain/grant'
import { type ApprovalStep, type DurationMode, durationModes } from '../../lib/domain/policy'
import {
  type Approval,
  approvals,
  type RequestKind,
  type RequestState,
  requestKinds,
  requestStates,
  type Verdict,
  verdicts,
} from '../../lib/domain/request'
import { type SubjectType, subjectTypes, type TimelineVerb } from '../../lib/domain/timeline'
import {
  type TaskKind,
  taskKinds,
  type WorkKind,
  type WorkSubject,
  workKinds,
  workSubjects,
} from '../../lib/domain/work'
import { account, connection, entitlement, policyVersion } from './applications'
import { id, moment, oneOf, plainText, version } from './columns'
import { grantOrder } from './grant-order'
import { group, person } from './people'

export const request = pgTable(
  'request',
  {
    id: id(),
    kind: text('kind').$type<RequestKind>().notNull(),
    state: text('state').$type<RequestState>().notNull(),
    askerId: uuid('asker_id')
      .notNull()
      .references(() => person.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlement.id),
    policyVersionId: uuid('policy_version_id')
      .notNull()
      .references(() => policyVersion.id),
    /** For an extension the grant it would extend; for a grant request the grant that came of it. */
    grantId: uuid('grant_id').references((): AnyPgColumn => grant.id),
    seconds: integer('seconds'),
    noticeSeconds: integer('notice_seconds'),
    /** What was first asked for, when an approver narrowed it. */
    askedSeconds: integer('asked_seconds'),
    reason: plainText('reason').notNull(),
    startAt: moment('start_at'),
    /** The steps it goes through: those of its policy for its kind, and what a separation rule added. */
    steps: jsonb('steps').$type<ApprovalStep[]>().notNull(),
    step: integer('step').notNull().default(0),
    stepOpenedAt: moment('step_opened_at').notNull(),
    /** Steps at which the fallback is asked as well. */
    escalated: integer('escalated').array().notNull().default(sql`'{}'`),
    /** Who decides on a step instead of those who were asked; holds only while that step is open. */
    reassigned: jsonb('reassigned').$type<{ step: number; personIds: string[] }>(),
    /** Counts the requester's changes; votes belong to one round. */
    round: integer('round').notNull().default(1),
    approval: text('approval').$type<Approval>().notNull().default('people'),
    /** Asked for in one go with the others of the same number. */
    askId: uuid('ask_id').notNull(),
    askedAt: moment('asked_at').notNull(),
    /** The time to decide runs from here: when it was asked, or last changed. */
    decideFrom: moment('decide_from').notNull(),
    decideBy: moment('decide_by').notNull(),
    decidedAt: moment('decided_at'),
    version: version(),
  },
  (t) => [
    index('request_ask').on(t.askId),
    check('request_approval', oneOf('approval', approvals)),
    uniqueIndex('request_one_pending').on(t.personId, t.entitlementId).where(sql`state = 'pending'`),
    index('request_person').on(t.personId, t.askedAt),
    index('request_grant').on(t.grantId),
    index('request_entitlement').on(t.entitlementId, t.askedAt),
    index('request_pending').on(t.decideBy).where(sql`state = 'pending'`),
    // Substring search in the table of grants.
    index('request_reason').using('gin', t.reason.op('gin_trgm_ops')),
    check('request_state', oneOf('state', requestStates)),
    check('request_kind', oneOf('kind', requestKinds)),
    check('request_extension_has_grant', sql`kind <> 'extension' or grant_id is not null`),
  ],
)

export const decision = pgTable(
  'decision',
  {
    id: id(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => request.id),
    round: integer('round').notNull().default(1),
    step: integer('step').notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    /** Whose place it was given in, by a substitute. */
    forId: uuid('for_id').references(() => person.id),
    verdict: text('verdict').$type<Verdict>().notNull(),
    note: plainText('note'),
    seconds: integer('seconds'),
    startAt: moment('start_at'),
    decidedAt: moment('decided_at').notNull(),
  },
  (t) => [
    uniqueIndex('decision_once').on(t.requestId, t.round, t.personId),
    check('decision_verdict', oneOf('verdict', verdicts)),
  ],
)

/** Something an approver wants to know before deciding, and what the requester answered. */
export const question = pgTable(
  'question',
  {
    id: id(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => request.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    text: plainText('text').notNull(),
    askedAt: moment('asked_at').notNull(),
    answer: plainText('answer'),
    answeredBy: uuid('answered_by').references(() => person.id),
    answeredAt: moment('answered_at'),
  },
  (t) => [index('question_request').on(t.requestId, t.askedAt)],
)

export const grant = pgTable(
  'grant',
  {
    id: id(),
    state: text('state').$type<GrantState>().notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlement.id),
    /** Copied from the entitlement, which never changes it: the dashboard filters and orders by it. */
    applicationId: uuid('application_id').notNull(),
    policyVersionId: uuid('policy_version_id')
      .notNull()
      .references(() => policyVersion.id),
    mode: text('mode').$type<DurationMode>().notNull(),
    durationSeconds: integer('duration_seconds'),
    noticeSeconds: integer('notice_seconds'),
    createdAt: moment('created_at').notNull(),
    startAt: moment('start_at').notNull(),
    startBy: moment('start_by').notNull(),
    accountId: uuid('account_id').references(() => account.id),
    baseline: text('baseline').$type<Holding>(),
    preexisting: boolean('preexisting').notNull().default(false),
    firstGiveAt: moment('first_give_at'),
    grantedAt: moment('granted_at'),
    endsAt: moment('ends_at'),
    endReason: text('end_reason').$type<EndReason>(),
    rightOverAt: moment('right_over_at'),
    seenAbsentAt: moment('seen_absent_at'),
    lateMs: integer('late_ms'),
    verified: boolean('verified'),
    extensions: integer('extensions').notNull().default(0),
    overdueSince: moment('overdue_since'),
    lastAnswer: text('last_answer'),
    /** The notice for the present end: when it went out, or why it could not. */
    noticeSentAt: moment('notice_sent_at'),
    /** The one grace for an undecided extension was given. */
    graceGiven: boolean('grace_given').notNull().default(false),
    /** Emergency access: given at once, reviewed afterwards. */
    emergency: boolean('emergency').notNull().default(false),
    noticeError: text('notice_error'),
    /** It turns a standing access into a lease: what was held before is taken at the end as well. */
    converts: boolean('converts').notNull().default(false),
    /** A call to the target is under way until then; unshifted time. Give and take never overlap. */
    callUntil: moment('call_until'),
    /** Whose call that is: the claim's mark. */
    callBy: text('call_by'),
    version: version(),
  },
  (t) => [
    uniqueIndex('grant_one_live')
      .on(t.personId, t.entitlementId)
      .where(sql`state in ('provisioning', 'active', 'revoking')`),
    uniqueIndex('grant_one_scheduled').on(t.personId, t.entitlementId).where(sql`state = 'scheduled'`),
    // Not while it is being taken back: one that is found again must be taken, whatever was given since.
    uniqueIndex('grant_one_emergency')
      .on(t.personId)
      .where(sql`emergency and state in ('scheduled', 'provisioning', 'active')`),
    index('grant_person').on(t.personId, t.createdAt),
    index('grant_by_end').on(t.endsAt, t.id),
    index('grant_queue').on(grantOrder(t).queue, t.id),
    index('grant_expiry').on(grantOrder(t).expiry, t.id),
    index('grant_granted').on(grantOrder(t).granted, t.id),
    index('grant_status').on(grantOrder(t).status, grantOrder(t).queue, t.id),
    index('grant_by_created').on(t.createdAt, t.id),
    index('grant_application').on(t.applicationId, t.endsAt, t.id),
    index('grant_entitlement').on(t.entitlementId, t.endsAt, t.id),
    index('grant_live')
      .on(t.endsAt, t.id)
      .where(sql`state in ('scheduled', 'provisioning', 'active', 'revoking')`),
    index('grant_overdue').on(t.rightOverAt).where(sql`state = 'revoking'`),
    index('grant_alarmed').on(t.overdueSince).where(sql`overdue_since is not null`),
    // What was seen gone, by how late it was: the histogram of `/api/metrics` is counted from it alone.
    index('grant_lateness').on(t.lateMs).where(sql`verified`),
    check('grant_state', oneOf('state', grantStates)),
    check('grant_mode', oneOf('mode', durationModes)),
    check('grant_baseline', sql`baseline is null or ${oneOf('baseline', holdings)}`),
    check('grant_end_reason', sql`end_reason is null or ${oneOf('end_reason', endReasons)}`),
    check(
      'grant_jit_has_length',
      sql`mode = 'permanent' or (duration_seconds > 0 and notice_seconds > 0 and notice_seconds < duration_seconds or extensions > 0)`,
    ),
    check(
      'grant_never_without_end',
      sql`mode = 'permanent' or state not in ('active', 'revoking') or ends_at is not null`,
    ),
    check('grant_given_has_baseline', sql`first_give_at is null or baseline is not null`),
    check(
      'grant_ending_has_reason',
      sql`state not in ('revoking', 'ended') or (end_reason is not null and right_over_at is not null)`,
    ),
  ],
)

/** A give or a take that people do, for applications without a connection; or the review of an emergency access. */
export const task = pgTable(
  'task',
  {
    id: id(),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grant.id),
    kind: text('kind').$type<TaskKind>().notNull(),
    groupId: uuid('group_id').references(() => group.id),
    openedAt: moment('opened_at').notNull(),
    dueAt: moment('due_at').notNull(),
    /** `void`: the give was called off before anybody did it. */
    state: text('state').$type<'open' | 'done' | 'void'>().notNull().default('open'),
    evidence: plainText('evidence'),
    doneBy: uuid('done_by').references(() => person.id),
    doneAt: moment('done_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('task_one_open').on(t.grantId, t.kind).where(sql`state = 'open'`),
    index('task_group').on(t.groupId, t.dueAt).where(sql`state = 'open'`),
    check('task_kind', oneOf('kind', taskKinds)),
    check('task_state', oneOf('state', ['open', 'done', 'void'])),
  ],
)

/**
 * Everything that must happen later: transactional outbox and timer table in one. `dueAt` is the domain's
 * (shiftable) time; `notBefore`, `leaseUntil` are unshifted.
 */
export const work = pgTable(
  'work',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind').$type<WorkKind>().notNull(),
    subjectType: text('subject_type').$type<WorkSubject>().notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** Whose concurrency and pauses it is under. */
    connectionId: uuid('connection_id').references(() => connection.id),
    priority: integer('priority').notNull(),
    dueAt: moment('due_at').notNull(),
    notBefore: moment('not_before'),
    generation: integer('generation').notNull().default(1),
    attempt: integer('attempt').notNull().default(0),
    /** Rises with every claim and never falls: whoever claimed before is told from whoever claims now. */
    fence: integer('fence').notNull().default(0),
    /** When the last try began; unshifted time. Re-dating leaves it: whoever tries twice soon is not long untried. */
    triedAt: moment('tried_at'),
    leaseUntil: moment('lease_until'),
    lastError: text('last_error'),
    /** What a retry must remember: a poll token, an event's payload. */
    memo: jsonb('memo').$type<Record<string, unknown>>(),
  },
  (t) => [
    uniqueIndex('work_once').on(t.kind, t.subjectId),
    index('work_due').on(t.dueAt),
    // What is claimed first of a connection's work of one kind, found without reading the rest.
    index('work_line').on(
      t.connectionId,
      t.kind,
      sql`(case when kind = 'take' then attempt + case when memo ? 'taken' then 1000 else 0 end else 0 end)`,
      t.dueAt,
      t.id,
    ),
    index('work_leased').on(t.connectionId).where(sql`lease_until is not null`),
    check('work_kind', oneOf('kind', workKinds)),
    check('work_subject', oneOf('subject_type', workSubjects)),
  ],
)

/**
 * Append-only by trigger, but for the erasure of a payload. One transition, one entry, same transaction; versions
 * gapless per subject with a machine.
 */
export const timeline = pgTable(
  'timeline',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    subjectType: text('subject_type').$type<SubjectType>().notNull(),
    subjectId: uuid('subject_id').notNull(),
    version: integer('version').notNull(),
    verb: text('verb').$type<TimelineVerb>().notNull(),
    at: moment('at').notNull(),
    actorId: uuid('actor_id').references(() => person.id),
    /** When no person did it: which part of the product. */
    actorSystem: text('actor_system'),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    /** Hashed with the payload, so that nobody can guess an erased payload from its hash; erased with it. */
    salt: uuid('salt').default(sql`gen_random_uuid()`),
    /** The payload was erased then: `data` says so and nothing else, and the seal keeps its hash. */
    erasedAt: moment('erased_at'),
  },
  (t) => [
    uniqueIndex('timeline_version').on(t.subjectType, t.subjectId, t.version),
    // The audit log's orders: newest first, of everything and of whatever it is filtered by.
    index('timeline_at').on(t.at, t.id),
    index('timeline_actor').on(t.actorId, t.at, t.id).where(sql`actor_id is not null`),
    index('timeline_verb').on(t.verb, t.at, t.id),
    check('timeline_subject', oneOf('subject_type', subjectTypes)),
    check('timeline_one_actor', sql`(actor_id is null) <> (actor_system is null)`),
    check('timeline_erased', sql`(erased_at is null) = (salt is not null)`),
  ],
)

/** Every call to a target: the connectors' own log. Unshifted time. */
export const attempt = pgTable(
  'attempt',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    grantId: uuid('grant_id')
      .notNull()
      .references(() => grant.id),
    operation: text('operation').notNull(),
    operationId: text('operation_id').notNull(),
    startedAt: moment('started_at').notNull(),
    tookMs: integer('took_ms').notNull(),
    /** The error code, or what the target answered. */
    outcome: text('outcome').notNull(),
    message: text('message'),
  },
  (t) => [
    index('attempt_grant').on(t.grantId, t.id),
    // Rows come in the order of time, so a few bytes say where the last minutes are.
    index('attempt_started').using('brin', t.startedAt),
  ],
)

export const findingKinds = [
  'indirect_rest',
  'came_back',
  'sessions_left',
  /** Somebody holds it who has neither a lease nor a standing right to it. */
  'unknown_holder',
  /** A lease runs, and the target shows nothing of it. */
  'missing_holder',
  /** While one member of a set was changed, others of it came or went. */
  'others_moved',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** How a finding came to its end. */
export const findingEnds = ['adopted', 'leased', 'removed', 'ignored', 'given_again', 'gone'] as const
export type FindingEnd = (typeof findingEnds)[number]

/** The target and our record disagree. */
export const finding = pgTable(
  'finding',
  {
    id: id(),
    kind: text('kind').$type<FindingKind>().notNull(),
    /** The grant it is about; null where nobody was granted anything. */
    grantId: uuid('grant_id').references(() => grant.id),
    entitlementId: uuid('entitlement_id').references(() => entitlement.id),
    /** The account in the target, where it is about one that no grant names. */
    holder: jsonb('holder').$type<{ id: string; name: string; email?: string; fixed?: string }>(),
    detail: text('detail').notNull(),
    foundAt: moment('found_at').notNull(),
    /** When it was last seen to be so. */
    seenAt: moment('seen_at'),
    closedAt: moment('closed_at'),
    closedBy: uuid('closed_by').references(() => person.id),
    closedAs: text('closed_as').$type<FindingEnd>(),
    /** Why it was adopted or ignored. */
    reason: plainText('reason'),
  },
  (t) => [
    uniqueIndex('finding_open').on(t.grantId, t.kind).where(sql`closed_at is null`),
    uniqueIndex('finding_open_holder')
      .on(t.entitlementId, sql`(holder ->> 'id')`, t.kind)
      .where(sql`closed_at is null and grant_id is null`),
    index('finding_entitlement').on(t.entitlementId, t.foundAt),
    check('finding_kind', oneOf('kind', findingKinds)),
    check('finding_end', sql`closed_as is null or ${oneOf('closed_as', findingEnds)}`),
    check('finding_about', sql`grant_id is not null or (entitlement_id is not null and holder is not null)`),
  ],
)

/** One mail per occasion and recipient. The body is kept only where this table is the outbox. */
export const mail = pgTable(
  'mail',
  {
    id: id(),
    occasion: text('occasion').notNull(),
    kind: text('kind').notNull(),
    personId: uuid('person_id').references(() => person.id),
    recipient: text('recipient').notNull(),
    requestId: uuid('request_id').references(() => request.id),
    grantId: uuid('grant_id').references(() => grant.id),
    taskId: uuid('task_id').references(() => task.id),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    state: text('state').$type<'queued' | 'sent' | 'failed' | 'dropped'>().notNull().default('queued'),
    subject: text('subject'),
    html: text('html'),
    text: text('text'),
    /** The mail as first written, sealed: every try sends the same, and no link's token lies here in the open. */
    sealed: text('sealed'),
    attachments: jsonb('attachments').$type<{ filename: string; contentType: string; content: string }[]>(),
    createdAt: moment('created_at').notNull(),
    sentAt: moment('sent_at'),
    error: text('error'),
    /** When it was known not to arrive: refused, or taken and then sent back. Only then is the state `failed`. */
    failedAt: moment('failed_at'),
    /** By which the mail service that took it speaks of it later. */
    providerId: text('provider_id'),
  },
  (t) => [
    uniqueIndex('mail_once').on(t.occasion, t.recipient),
    index('mail_created').on(t.createdAt),
    index('mail_grant').on(t.grantId),
    index('mail_request').on(t.requestId),
    index('mail_provider').on(t.providerId).where(sql`${t.providerId} is not null`),
    index('mail_failed').on(t.failedAt).where(sql`${t.state} = 'failed'`),
    check('mail_state', oneOf('state', ['queued', 'sent', 'failed', 'dropped'])),
  ],
)

/** A locator in a mail: stored hashed, bound to a purpose, a person and what it is about; no key to anything. */
export const link = pgTable(
  'link',
  {
    tokenHash: text('token_hash').primaryKey(),
    purpose: text('purpose').$type<'decide' | 'extend'>().notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => person.id),
    requestId: uuid('request_id').references(() => request.id),
    grantId: uuid('grant_id').references(() => grant.id),
    /** The request's round that it was mailed in. */
    round: integer('round').notNull().default(1),
    /** SHA-256 over exactly what the page would act on; an edit changes it. */
    digest: text('digest').notNull(),
    expiresAt: moment('expires_at').notNull(),
    usedAt: moment('used_at'),
  },
  (t) => [
    index('link_request').on(t.requestId),
    index('link_grant').on(t.grantId),
    check('link_purpose', oneOf('purpose', ['decide', 'extend'])),
  ],
)
