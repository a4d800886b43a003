import { DAY, durationWords, LOOK_AFTER_ATTESTED, plus } from './duration'
import { ok, type Result, refuse } from './errors'
import { endWork, overdueAt, untilEnd } from './grant-end'
import type { DurationMode } from './policy'
import type { TimelineVerb } from './timeline'
import type { WorkOrder } from './work'

/** `scheduled → provisioning → active → revoking → ended`; also `scheduled → ended`, and `failed` from `provisioning`. */
export const grantStates = ['scheduled', 'provisioning', 'active', 'revoking', 'ended', 'failed'] as const
export type GrantState = (typeof grantStates)[number]

/** States in which the target may hold the access because of us; at most one such grant per (person, entitlement). */
export const liveGrantStates = ['provisioning', 'active', 'revoking'] as const satisfies readonly GrantState[]

/** Why it ended, or is ending. */
export const endReasons = ['expired', 'revoked', 'returned', 'withdrawn', 'left', 'attested'] as const
export type EndReason = (typeof endReasons)[number]

/** What a target says of one account and one entitlement. */
export const holdings = ['absent', 'direct', 'indirect', 'pending', 'unknown'] as const
export type Holding = (typeof holdings)[number]

/** What the machine needs to know of a grant. Moments are the database's; durations are seconds. */
export interface GrantFacts {
  readonly state: GrantState
  readonly mode: DurationMode
  readonly durationSeconds: number | null
  readonly noticeSeconds: number | null
  readonly startAt: Date
  readonly startBy: Date
  /** What the target held before our first give; stored with the intent, never derived again. */
  readonly baseline: Holding | null
  readonly preexisting: boolean
  readonly firstGiveAt: Date | null
  readonly grantedAt: Date | null
  readonly endsAt: Date | null
  readonly endReason: EndReason | null
  /** When the right was over: `endsAt` for an expiry, else the moment of the revocation. */
  readonly rightOverAt: Date | null
  readonly extensions: number
  readonly overdueSince: Date | null
  /** The target's last answer that was not a success, so that only changed answers become entries. */
  readonly lastAnswer: string | null
}

/** What the machine needs to know of the target. Seconds. */
export interface TargetFacts {
  /** max(effect delay, 15 min); for a task, the time until start-by. */
  readonly slackSeconds: number
  /** After this long without our access, no late give can land any more: longest call + effect delay. */
  readonly settleSeconds: number
  readonly effectDelaySeconds: number
  /** For tasks: how long people have to do it, else null. */
  readonly taskSeconds: number | null
}

export type GrantEvent =
  | { readonly type: 'start' }
  | { readonly type: 'intend'; readonly baseline: Holding; readonly convertStanding: boolean }
  | { readonly type: 'seen'; readonly seenAt: Date }
  | { readonly type: 'give_up'; readonly why: string; readonly absentAfterSettle: boolean }
  | {
      readonly type: 'answer'
      readonly operation: 'give' | 'take' | 'look'
      readonly code: string
      readonly message: string
    }
  | { readonly type: 'expire' }
  | {
      readonly type: 'end'
      readonly reason: Exclude<EndReason, 'expired' | 'attested'>
      readonly note: string | null
    }
  | {
      readonly type: 'seen_absent'
      readonly seenAt: Date
      readonly verified: boolean
      readonly sessionsEnded: number
      /** What the target said where open sessions could not be ended. */
      readonly sessionsLeft?: string | null
    }
  | { readonly type: 'overdue' }
  /** Looked at again and still absent; `seenAt` where nobody had seen it gone before, only stated it. */
  | { readonly type: 'settled'; readonly seenAt?: Date }
  | { readonly type: 'reopen' }
  /** Somebody wants it tried at once. */
  | { readonly type: 'retry' }
  /** One person states that it is gone; a second has to (`attestation.ts`). */
  | { readonly type: 'begin_attest'; readonly note: string }
  /** The second does. `alone`: there was no second, and the first stated it again a day later. */
  | { readonly type: 'attest'; readonly note?: string; readonly alone?: boolean }
  /** Somebody else took it in the target while the lease runs: it is given again for the time that is left. */
  | { readonly type: 'give_again'; readonly note: string | null }
  | { readonly type: 'extend'; readonly seconds: number; readonly noticeSeconds: number }
  /** More time was asked for and is undecided at the end: it goes on for a while, once. */
  | { readonly type: 'grace'; readonly seconds: number }
  /** What the grace waited for is answered, and not with a yes: the end is now. */
  | { readonly type: 'grace_over' }
  | { readonly type: 'notice_sent'; readonly to: string; readonly endsAt: Date }
  | { readonly type: 'notice_failed'; readonly to: string; readonly endsAt: Date; readonly error: string }

export type GrantEventType = GrantEvent['type']

/** What follows from an event: the row's new values, one timeline entry, and the work that changes with it. */
export interface GrantStep {
  readonly next: Partial<GrantFacts> & {
    readonly seenAbsentAt?: Date
    readonly lateMs?: number
    readonly verified?: boolean
  }
  readonly verb: TimelineVerb
  readonly data: Readonly<Record<string, unknown>>
  readonly work: readonly WorkOrder[]
}

/**
 * Which state an event may lead to from which state. The picture in this folder's README is drawn from it,
 * and `decideGrant` refuses whatever is not in it.
 */
export const grantTable: Record<GrantState, Partial<Record<GrantEventType, readonly GrantState[]>>> = {
  scheduled: { start: ['provisioning'], end: ['ended'], give_up: ['failed'] },
  provisioning: {
    intend: ['provisioning', 'active'],
    seen: ['active'],
    answer: ['provisioning'],
    give_up: ['failed', 'revoking'],
    end: ['failed', 'revoking'],
    expire: ['revoking'],
  },
  active: {
    give_again: ['provisioning'],
    extend: ['active'],
    grace: ['active'],
    grace_over: ['active'],
    notice_sent: ['active'],
    notice_failed: ['active'],
    expire: ['revoking', 'ended'],
    end: ['revoking', 'ended'],
  },
  revoking: {
    answer: ['revoking'],
    seen_absent: ['ended'],
    overdue: ['revoking'],
    retry: ['revoking'],
    begin_attest: ['revoking'],
    attest: ['ended'],
  },
  ended: { settled: ['ended'], reopen: ['revoking'] },
  failed: { reopen: ['revoking'] },
}

const said: Record<GrantState, string> = {
  scheduled: 'This access has not started yet',
  provisioning: 'This access is still being given',
  active: 'This access is active',
  revoking: 'This access is being taken back already',
  ended: 'This access has ended',
  failed: 'This access was never given',
}

/** The grant machine. Pure: facts, a target, an event and a moment in; what changes out, or a refusal. */
export function decideGrant(
  grant: GrantFacts,
  event: GrantEvent,
  now: Date,
  target: TargetFacts,
): Result<GrantStep> {
  if (!grantTable[grant.state][event.type]) return refuse('conflict', said[grant.state])
  switch (event.type) {
    case 'start':
      if (now < grant.startAt) return refuse('conflict', 'This access starts later')
      return step({ state: 'provisioning' }, 'started')
    case 'intend':
      return intend(grant, event, now, target)
    case 'seen':
      return seen(grant, event.seenAt, now, target)
    case 'answer':
      if (grant.lastAnswer === event.code)
        return refuse('conflict', 'The target gave the same answer as before')
      return step({ lastAnswer: event.code }, 'answered', {
        operation: event.operation,
        code: event.code,
        message: event.message,
      })
    case 'give_up':
      return giveUp(grant, event, now, target)
    case 'expire':
      if (!isOver(grant, now)) return refuse('conflict', 'The end has not come yet')
      return takeBack(grant, 'expired', grant.endsAt ?? now, now, target, {})
    case 'end':
      return takeBack(
        grant,
        event.reason,
        rightOver(grant, now),
        now,
        target,
        event.note ? { note: event.note } : {},
      )
    case 'seen_absent':
      return seenAbsent(grant, event, target)
    case 'overdue':
      if (grant.overdueSince) return refuse('conflict', 'The alarm is raised already')
      return step({ overdueSince: now }, 'overdue', {
        since: grant.rightOverAt,
        lastAnswer: grant.lastAnswer,
      })
    case 'settled':
      return settled(grant, event.seenAt)
    case 'retry':
      return step({}, 'retry_asked', { lastAnswer: grant.lastAnswer })
    case 'begin_attest':
      return step({}, 'attesting', { note: event.note })
    case 'reopen':
      return step(
        {
          state: 'revoking',
          // One that failed has no end on its row; what is being taken back always has one.
          endsAt: grant.endsAt ?? (grant.mode === 'permanent' ? null : now),
          rightOverAt: now,
          overdueSince: null,
          lastAnswer: null,
          endReason: grant.endReason ?? 'withdrawn',
        },
        'reopened',
        {},
        [...takeNow(now, target), { kind: 'look', cancel: true }],
      )
    case 'attest':
      return attested(event, now)
    case 'give_again':
      return giveAgain(grant, event.note, now)
    case 'extend':
      return extend(grant, event, now, target)
    case 'grace':
      return grace(grant, event.seconds, now, target)
    case 'grace_over':
      return graceOver(grant, now, target)
    case 'notice_sent':
    case 'notice_failed':
      return notice(event, grant, now)
  }
}

/** Whether the right is over. Asked here and nowhere else. */
export function isOver(grant: Pick<GrantFacts, 'endsAt'>, now: Date): boolean {
  return grant.endsAt !== null && now >= grant.endsAt
}

function step(
  next: GrantStep['next'],
  verb: TimelineVerb,
  data: Record<string, unknown> = {},
  work: readonly WorkOrder[] = [],
): Result<GrantStep> {
  return ok({ next, verb, data, work })
}

function intend(
  grant: GrantFacts,
  event: Extract<GrantEvent, { type: 'intend' }>,
  now: Date,
  target: TargetFacts,
): Result<GrantStep> {
  if (grant.baseline !== null) return refuse('conflict', 'The baseline is stored already')
  if (now >= grant.startBy) return refuse('too_late', 'The time to give this access is over')
  // People who give by hand cannot be asked what was there; a connector that does not know is asked again.
  if (event.baseline === 'unknown' && target.taskSeconds === null)
    return refuse('conflict', 'The target could not say what this account holds')
  if (event.baseline === 'direct' && !event.convertStanding) {
    const endsAt = grant.durationSeconds === null ? null : plus(now, grant.durationSeconds)
    return step(
      { state: 'active', baseline: 'direct', preexisting: true, grantedAt: now, endsAt, lastAnswer: null },
      'found_standing',
      { endsAt },
      [{ kind: 'give', cancel: true }, ...untilEnd(endsAt, grant.noticeSeconds, now, null)],
    )
  }
  // From here on there is never a moment without an end, even if no answer ever comes back.
  const latestEnd =
    grant.durationSeconds === null ? null : plus(now, target.slackSeconds + grant.durationSeconds)
  return step(
    { baseline: event.baseline, firstGiveAt: now, endsAt: latestEnd, lastAnswer: null },
    'giving',
    { baseline: event.baseline },
    latestEnd ? endWork(latestEnd, target) : [],
  )
}

function seen(grant: GrantFacts, seenAt: Date, now: Date, target: TargetFacts): Result<GrantStep> {
  if (!grant.firstGiveAt) return refuse('conflict', 'Nothing was given yet')
  // Given again: the end stands, and so does a notice that went out for it (one mail for each end).
  if (grant.grantedAt)
    return step({ state: 'active', lastAnswer: null }, 'given', { seenAt, endsAt: grant.endsAt }, [
      { kind: 'give', cancel: true },
      ...untilEnd(grant.endsAt, grant.noticeSeconds, now, target),
    ])
  const latest = plus(grant.firstGiveAt, target.slackSeconds)
  const from = seenAt < latest ? seenAt : latest
  const endsAt = grant.durationSeconds === null ? null : plus(from, grant.durationSeconds)
  return step({ state: 'active', grantedAt: from, endsAt, lastAnswer: null }, 'given', { seenAt, endsAt }, [
    { kind: 'give', cancel: true },
    ...untilEnd(endsAt, grant.noticeSeconds, now, target),
  ])
}

function giveUp(
  grant: GrantFacts,
  event: Extract<GrantEvent, { type: 'give_up' }>,
  now: Date,
  target: TargetFacts,
): Result<GrantStep> {
  // What was held for a while did not fail: it ends early where it could not be given again.
  if (grant.firstGiveAt === null || (event.absentAfterSettle && grant.grantedAt === null))
    return step({ state: 'failed', endsAt: null }, 'failed', { why: event.why }, [...noMore])
  return takeBack(grant, 'withdrawn', rightOver(grant, now), now, target, { why: event.why })
}

/** When the right was over if it is ended now: a revocation after the end does not make it last until then. */
function rightOver(grant: GrantFacts, now: Date): Date {
  return isOver(grant, now) && grant.endsAt ? grant.endsAt : now
}

const noMore: readonly WorkOrder[] = [
  { kind: 'give', cancel: true },
  { kind: 'take', cancel: true },
  { kind: 'notice', cancel: true },
  { kind: 'alarm', cancel: true },
]

function takeBack(
  grant: GrantFacts,
  reason: EndReason,
  rightOverAt: Date,
  now: Date,
  target: TargetFacts,
  data: Record<string, unknown>,
): Result<GrantStep> {
  const ending = { endReason: reason, rightOverAt }
  if (grant.state === 'scheduled')
    return step({ ...ending, state: 'ended', endsAt: null }, 'cancelled', { reason, ...data }, [...noMore])
  if (grant.state === 'provisioning' && grant.firstGiveAt === null)
    return step({ ...ending, state: 'failed', endsAt: null }, 'cancelled', { reason, ...data }, [...noMore])
  if (grant.preexisting)
    return step({ ...ending, state: 'ended' }, 'left_standing', { reason, ...data }, [...noMore])
  return step({ ...ending, state: 'revoking', lastAnswer: null }, 'ending', { reason, ...data }, [
    { kind: 'give', cancel: true },
    { kind: 'notice', cancel: true },
    ...takeNow(now, target, rightOverAt),
  ])
}

function takeNow(now: Date, target: TargetFacts, rightOverAt: Date = now): WorkOrder[] {
  return [
    { kind: 'take', dueAt: now },
    { kind: 'alarm', dueAt: overdueAt(rightOverAt, target) },
  ]
}

function seenAbsent(
  grant: GrantFacts,
  event: Extract<GrantEvent, { type: 'seen_absent' }>,
  target: TargetFacts,
): Result<GrantStep> {
  const over = grant.rightOverAt ?? event.seenAt
  const lateMs = Math.max(0, event.seenAt.getTime() - over.getTime())
  return step(
    { state: 'ended', seenAbsentAt: event.seenAt, lateMs, verified: event.verified, lastAnswer: null },
    event.verified ? 'seen_absent' : 'answered_absent',
    {
      seenAt: event.seenAt,
      lateMs,
      sessionsEnded: event.sessionsEnded,
      ...(event.sessionsLeft ? { sessionsLeft: event.sessionsLeft } : {}),
      // Also when the alarm had no time to go off: after an outage of ours both come due at once.
      wasOverdue: grant.overdueSince !== null || event.seenAt > overdueAt(over, target),
    },
    [
      { kind: 'take', cancel: true },
      { kind: 'alarm', cancel: true },
      { kind: 'look', dueAt: plus(event.seenAt, target.settleSeconds) },
    ],
  )
}

/** It is over on the word of people, and looked at until a look proves them right, or wrong. */
function attested(event: Extract<GrantEvent, { type: 'attest' }>, now: Date): Result<GrantStep> {
  const data = { ...(event.note ? { note: event.note } : {}), ...(event.alone ? { alone: true } : {}) }
  return step({ state: 'ended', endReason: 'attested', verified: false }, 'attested', data, [
    { kind: 'take', cancel: true },
    { kind: 'alarm', cancel: true },
    { kind: 'look', dueAt: plus(now, LOOK_AFTER_ATTESTED) },
  ])
}

function settled(grant: GrantFacts, seenAt: Date | undefined): Result<GrantStep> {
  const stop = [{ kind: 'look', cancel: true }] as const
  if (!seenAt) return step({}, 'settled', {}, stop)
  const lateMs = Math.max(0, seenAt.getTime() - (grant.rightOverAt ?? seenAt).getTime())
  return step({ seenAbsentAt: seenAt, lateMs, verified: true }, 'settled', { seenAt, lateMs }, stop)
}

/** The end does not move. Whoever was told to give has until then; without an end, a day. */
function giveAgain(grant: GrantFacts, note: string | null, now: Date): Result<GrantStep> {
  if (isOver(grant, now)) return refuse('too_late', 'The time of this access is over. Ask for it anew')
  if (grant.firstGiveAt === null)
    return refuse('conflict', 'It was held before and not given by us. Ask for it anew')
  return step(
    { state: 'provisioning', startBy: grant.endsAt ?? plus(now, DAY), lastAnswer: null },
    'giving_again',
    { endsAt: grant.endsAt, ...(note ? { note } : {}) },
    [{ kind: 'give', dueAt: now }],
  )
}

function extend(
  grant: GrantFacts,
  event: Extract<GrantEvent, { type: 'extend' }>,
  now: Date,
  target: TargetFacts,
): Result<GrantStep> {
  if (grant.endsAt === null) return refuse('invalid', 'A permanent access has no end to move')
  if (isOver(grant, now))
    return refuse('too_late', 'This access ended before the extension was agreed. Ask for it anew')
  const endsAt = plus(grant.endsAt, event.seconds)
  return step(
    { endsAt, noticeSeconds: event.noticeSeconds, extensions: grant.extensions + 1 },
    'extended',
    { from: grant.endsAt, to: endsAt, words: durationWords(event.seconds) },
    untilEnd(endsAt, event.noticeSeconds, now, grant.preexisting ? null : target),
  )
}

function grace(grant: GrantFacts, seconds: number, now: Date, target: TargetFacts): Result<GrantStep> {
  if (grant.endsAt === null || !isOver(grant, now)) return refuse('conflict', 'The end has not come yet')
  const endsAt = plus(grant.endsAt, seconds)
  if (now >= endsAt) return refuse('too_late', 'The grace would be over already')
  return step(
    { endsAt },
    'grace_given',
    { seconds, from: grant.endsAt, to: endsAt },
    // No second notice: it was said before the end, and whoever holds it has asked for more.
    untilEnd(endsAt, null, now, grant.preexisting ? null : target),
  )
}

function graceOver(grant: GrantFacts, now: Date, target: TargetFacts): Result<GrantStep> {
  if (grant.endsAt === null || isOver(grant, now)) return refuse('too_late', 'The grace is over already')
  return step(
    { endsAt: now },
    'grace_over',
    { from: grant.endsAt, to: now },
    untilEnd(now, null, now, grant.preexisting ? null : target),
  )
}

function notice(
  event: Extract<GrantEvent, { type: 'notice_sent' | 'notice_failed' }>,
  grant: GrantFacts,
  now: Date,
): Result<GrantStep> {
  const dueAt = plus(event.endsAt, -(grant.noticeSeconds ?? 0))
  const lateMs = Math.max(0, now.getTime() - dueAt.getTime())
  const data = { to: event.to, endsAt: event.endsAt, dueAt }
  if (event.type === 'notice_sent') return step({}, 'notice_sent', { ...data, lateMs })
  return step({}, 'notice_failed', { ...data, error: event.error })
}
