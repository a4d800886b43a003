import { describe, expect, it, test } from 'vitest'
import {
  atDue,
  type Candidate,
  decideUntil,
  dueProblem,
  ESCALATED_FOR,
  judgeLine,
  type LineFacts,
  lineStatus,
  nextReminder,
  type ReviewPlace,
  reminderTimes,
  reviewersOf,
} from './access-review'
import { DAY, HOUR, plus } from './duration'

const now = new Date('2026-11-12T09:00:00Z')
const who = (id: string, key = id): Candidate => ({ id, key })
const place = (more: Partial<ReviewPlace> = {}): ReviewPlace => ({
  rule: 'manager',
  holderKeys: ['ana'],
  manager: who('ben'),
  named: [],
  owners: [who('olga')],
  admins: [who('ines')],
  escalated: false,
  ...more,
})

describe('who reviews a line', () => {
  const rows: [story: string, more: Partial<ReviewPlace>, ids: string[], as: string][] = [
    ['the manager', {}, ['ben'], 'manager'],
    ['the owners', { rule: 'owners' }, ['olga'], 'owners'],
    ['those named', { rule: 'people', named: [who('jun'), who('mei')] }, ['jun', 'mei'], 'people'],
    ['somebody named twice, once', { rule: 'people', named: [who('jun'), who('jun')] }, ['jun'], 'people'],
    ['no manager: the owners', { manager: null }, ['olga'], 'owners'],
    ['nobody named is left: the owners', { rule: 'people' }, ['olga'], 'owners'],
    ['no manager and no owner: the admins', { manager: null, owners: [] }, ['ines'], 'admins'],
    ['the holder owns it: the admins', { rule: 'owners', owners: [who('ana')] }, ['ines'], 'admins'],
    [
      'the holder is one of the owners',
      { rule: 'owners', owners: [who('ana'), who('olga')] },
      ['olga'],
      'owners',
    ],
    ['a second account of the holder', { manager: who('ana2', 'ana') }, ['olga'], 'owners'],
    ['an account whose address is a reviewer’s', { holderKeys: ['ben'] }, ['olga'], 'owners'],
    ['escalated: the owners, not the manager', { escalated: true }, ['olga'], 'owners'],
    ['escalated without owners: the admins', { escalated: true, owners: [] }, ['ines'], 'admins'],
    ['nobody at all', { manager: null, owners: [who('ana')], admins: [who('x', 'ana')] }, [], 'nobody'],
  ]
  it.each(rows)('%s', (_, more, ids, as) => {
    expect(reviewersOf(place(more))).toEqual({ ids, as })
  })
})

const line = (more: Partial<LineFacts> = {}): LineFacts => ({
  decision: null,
  missedAt: null,
  overAt: null,
  grantState: 'active',
  leased: false,
  closed: false,
  ...more,
})

describe('how a line stands', () => {
  const rows: [story: string, more: Partial<LineFacts>, status: string][] = [
    ['nobody decided', {}, 'open'],
    ['not begun yet', { grantState: 'scheduled' }, 'open'],
    ['standing access', { grantState: null }, 'open'],
    ['kept', { decision: 'keep' }, 'kept'],
    ['kept, and over by itself later', { decision: 'keep', grantState: 'ended' }, 'kept'],
    ['removed', { decision: 'remove', grantState: 'revoking' }, 'removed'],
    ['the lease is being taken back', { grantState: 'revoking' }, 'over'],
    ['the lease ended', { grantState: 'ended' }, 'over'],
    ['it was never given', { grantState: 'failed' }, 'over'],
    ['standing access became a lease', { grantState: null, leased: true }, 'over'],
    ['missed in the first round', { missedAt: now }, 'missed'],
    ['missed, and it ended in the second round', { missedAt: now, grantState: 'ended' }, 'over'],
    ['missed, closed, and revoked since', { missedAt: now, grantState: 'revoking', closed: true }, 'missed'],
    ['decided in the second round', { missedAt: now, decision: 'remove' }, 'removed'],
  ]
  it.each(rows)('%s', (_, more, status) => {
    expect(lineStatus(line(more))).toBe(status)
  })
})

const open = { state: 'open', dueAt: plus(now, 7 * DAY), escalatedUntil: null } as const

describe('deciding on a line', () => {
  const judged = (
    review: Parameters<typeof judgeLine>[0],
    more: Partial<LineFacts> = {},
    at = now,
    version = 1,
  ) => judgeLine(review, { ...line(more), version: 1 }, { version, now: at })
  const rows: [story: string, answer: ReturnType<typeof judged>, code: string | null][] = [
    ['in time', judged(open), null],
    ['a keep may be changed by whoever saw it', judged(open, { decision: 'keep' }), null],
    ['a keep that one did not see', judged(open, { decision: 'keep' }, now, 2), 'stale'],
    ['a removal stays', judged(open, { decision: 'remove' }), 'conflict'],
    ['it ended meanwhile', judged(open, { grantState: 'ended' }), 'conflict'],
    ['it became a lease', judged(open, { grantState: null, leased: true }), 'conflict'],
    ['a moment before the date', judged(open, {}, plus(open.dueAt, -1)), null],
    ['at the date', judged(open, {}, open.dueAt), 'too_late'],
    ['closed', judged({ ...open, state: 'closed' }), 'too_late'],
    ['called off', judged({ ...open, state: 'called_off' }), 'conflict'],
    [
      'missed, in the second round',
      judged({ ...open, state: 'escalated', escalatedUntil: plus(now, DAY), dueAt: now }, { missedAt: now }),
      null,
    ],
    [
      'after the second round',
      judged({ ...open, state: 'escalated', escalatedUntil: now, dueAt: plus(now, -DAY) }, { missedAt: now }),
      'too_late',
    ],
  ]
  it.each(rows)('%s', (_, answer, code) => {
    expect(answer.ok ? null : answer.code).toBe(code)
  })
})

describe('at the date', () => {
  const lines = [
    { id: 'kept', ...line({ decision: 'keep' }) },
    { id: 'lease', ...line() },
    { id: 'standing', ...line({ grantState: null }) },
    { id: 'ended', ...line({ grantState: 'ended' }) },
  ]
  const due = (
    consequence: 'visible' | 'revoke' | 'escalate',
    review: Parameters<typeof decideUntil>[0] = open,
  ) => atDue({ ...review, consequence }, lines, decideUntil(review))

  test('nothing happens before it, nor to what is over', () => {
    expect(atDue({ ...open, consequence: 'revoke' }, lines, plus(open.dueAt, -1))).toBeNull()
    expect(due('revoke', { ...open, state: 'closed' })).toBeNull()
    expect(due('revoke', { ...open, state: 'called_off' })).toBeNull()
  })

  test('visible: missed, and nothing is taken', () => {
    expect(due('visible')).toEqual({
      state: 'closed',
      escalatedUntil: null,
      missed: ['lease', 'standing'],
      over: ['ended'],
      revoke: [],
    })
  })

  test('revoke: leases only', () => {
    expect(due('revoke')).toMatchObject({ state: 'closed', missed: ['lease', 'standing'], revoke: ['lease'] })
  })

  test('escalate: once, then it closes', () => {
    const first = due('escalate')
    expect(first).toMatchObject({
      state: 'escalated',
      escalatedUntil: plus(open.dueAt, ESCALATED_FOR),
      revoke: [],
    })
    const second = { ...open, state: 'escalated' as const, escalatedUntil: first!.escalatedUntil }
    expect(due('escalate', second)).toMatchObject({ state: 'closed', missed: ['lease', 'standing'] })
  })

  test('escalate: with nothing missed there is no second round', () => {
    const decided = [{ id: 'kept', ...line({ decision: 'keep' }) }]
    expect(atDue({ ...open, consequence: 'escalate' }, decided, open.dueAt)).toMatchObject({
      state: 'closed',
    })
  })
})

describe('reminders', () => {
  const moments = (seconds: number) =>
    reminderTimes(now, plus(now, seconds)).map((at) => (at.getTime() - now.getTime()) / 1000)
  it('are half way and a day before the date, where these are two moments', () => {
    expect(moments(14 * DAY)).toEqual([7 * DAY, 13 * DAY])
    expect(moments(3 * DAY)).toEqual([1.5 * DAY, 2 * DAY])
    expect(moments(2 * DAY)).toEqual([DAY])
    expect(moments(DAY)).toEqual([12 * HOUR])
  })
  it('come one after the other, never after the date', () => {
    const until = plus(now, 14 * DAY)
    expect(nextReminder(now, until, now)).toEqual(plus(now, 7 * DAY))
    expect(nextReminder(now, until, plus(now, 7 * DAY))).toEqual(plus(now, 13 * DAY))
    expect(nextReminder(now, until, plus(now, 13 * DAY))).toBeNull()
  })
})

it('gives reviewers at least a day, and at most 366', () => {
  expect(dueProblem(plus(now, DAY), now)).toBeNull()
  expect(dueProblem(plus(now, 366 * DAY), now)).toBeNull()
  expect(dueProblem(plus(now, 12 * HOUR), now)).toMatchObject({ code: 'invalid', field: 'dueAt' })
  expect(dueProblem(plus(now, 367 * DAY), now)).toMatchObject({ code: 'invalid', field: 'dueAt' })
})
