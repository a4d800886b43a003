import { expect, test } from 'vitest'
import { grantStatus, noticeAtOf, overdueAtOf, type StatusFacts } from './grant-status'

const now = new Date('2026-11-12T13:00:00Z')
const minutes = (n: number) => new Date(now.getTime() + n * 60_000)
const grant = (more: Partial<StatusFacts>): StatusFacts => ({
  state: 'active',
  endsAt: minutes(300),
  noticeSeconds: 3_600,
  rightOverAt: null,
  preexisting: false,
  overdueSince: null,
  overdueAfterSeconds: 60,
  extensionAsked: false,
  ...more,
})

test.each([
  ['long before its end', {}, 'active'],
  ['at the moment of its notice', { endsAt: minutes(60) }, 'ending_soon'],
  [
    'past its notice, but with more time asked for',
    { endsAt: minutes(60), extensionAsked: true },
    'extension_asked',
  ],
  ['at its end, not yet seen gone', { endsAt: now }, 'ending'],
  ['a minute after its end', { endsAt: minutes(-1) }, 'overdue'],
  ['after its end, held before our first give', { endsAt: minutes(-60), preexisting: true }, 'ending'],
  ['with more time asked for, but over', { endsAt: minutes(-0.5), extensionAsked: true }, 'ending'],
  ['without an end', { endsAt: null, noticeSeconds: null }, 'active'],
  ['revoked just now, long before its end', { state: 'revoking', rightOverAt: now }, 'ending'],
  ['revoked and not gone in time', { state: 'revoking', rightOverAt: minutes(-2) }, 'overdue'],
  [
    'within the time its tasks have',
    { state: 'revoking', rightOverAt: minutes(-2), overdueAfterSeconds: 3600 },
    'ending',
  ],
  ['with the alarm raised', { state: 'revoking', rightOverAt: now, overdueSince: now }, 'overdue'],
  ['being given', { state: 'provisioning' }, 'provisioning'],
  ['being given until its armed end has passed', { state: 'provisioning', endsAt: minutes(-5) }, 'overdue'],
  ['agreed', { state: 'scheduled', endsAt: null }, 'scheduled'],
  ['seen gone', { state: 'ended', rightOverAt: minutes(-60), overdueSince: minutes(-50) }, 'ended'],
  ['never given', { state: 'failed', endsAt: null }, 'failed'],
] as const)('a grant %s', (_story, more, status) => {
  expect(grantStatus(grant(more), now)).toBe(status)
})

test('notice and lateness are counted from the end that stands', () => {
  expect(noticeAtOf(grant({}))).toEqual(minutes(240))
  expect(noticeAtOf(grant({ endsAt: null }))).toBeNull()
  expect(overdueAtOf(grant({ state: 'revoking', rightOverAt: now }))).toEqual(minutes(1))
  expect(overdueAtOf(grant({ preexisting: true }))).toBeNull()
})
