import { describe, expect, it } from 'vitest'
import { requestClocks } from './request-clocks'
import type { LeaseView, RequestView } from './views'

const now = new Date('2026-11-12T13:27:00Z')
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const entitlement = { id: 'e', name: 'prod_read', description: null, risk: 'low', howToUse: null } as const
const application = { id: 'a', name: 'Data warehouse', description: null, byHand: false }

function lease(state: LeaseView['times']['state'], times: Partial<LeaseView['times']> = {}, more = {}) {
  const base: LeaseView = {
    id: 'g',
    version: 1,
    personId: 'p',
    entitlement,
    application,
    mode: 'just-in-time',
    emergency: false,
    times: {
      state,
      startsAt: at(-60),
      noticeAt: at(240),
      endsAt: at(300),
      overdueAt: null,
      endedAt: null,
      ...times,
    },
    status: {
      state,
      endsAt: at(300),
      noticeSeconds: 3600,
      rightOverAt: null,
      preexisting: false,
      overdueSince: null,
      overdueAfterSeconds: 60,
      extensionAsked: false,
    },
    durationSeconds: 21_600,
    noticeSeconds: 3600,
    startBy: at(1440),
    preexisting: false,
    endReason: null,
    verified: null,
    lateMs: null,
    noticeSentAt: null,
    noticeError: null,
    extend: null,
    missing: false,
    pending: null,
  }
  return { ...base, ...more }
}

function request(more: Partial<RequestView>): RequestView {
  return {
    id: 'r',
    version: 1,
    kind: 'grant',
    state: 'approved',
    approval: 'people',
    personId: 'p',
    askerId: 'p',
    entitlement,
    application,
    mode: 'just-in-time',
    seconds: 21_600,
    askedSeconds: 21_600,
    noticeSeconds: 3600,
    reason: '',
    startAt: null,
    askedAt: at(-30),
    decideBy: at(210),
    decidedAt: at(-20),
    startWithinSeconds: 86_400,
    progress: null,
    grant: null,
    askId: 'k',
    round: 1,
    questions: [],
    nextReminderAt: null,
    escalateAt: null,
    ...more,
  }
}

const marks = (r: RequestView) => {
  const { decide, start, end } = requestClocks(r, now)
  return [decide, start, end].map((c) => `${c.mark}${c.lead ? ` ${c.lead}` : ''}`)
}

describe('the three clocks of a request', () => {
  it.each<[string, RequestView, string[]]>([
    [
      'pending: decide-by runs, the others are to come',
      request({ state: 'pending', decidedAt: null }),
      ['run', 'next once agreed', 'next 6 hours later'],
    ],
    [
      'pending with a set start',
      request({ state: 'pending', decidedAt: null, startAt: at(600) }),
      ['run', 'next', 'next 6 hours later'],
    ],
    [
      'pending and permanent',
      request({ state: 'pending', decidedAt: null, seconds: null, mode: 'permanent' }),
      ['run', 'next once agreed', 'next no end'],
    ],
    [
      'agreed, starts later: start-by runs',
      request({ grant: lease('scheduled', { startsAt: at(1000) }) }),
      ['done agreed', 'run', 'next'],
    ],
    ['being given', request({ grant: lease('provisioning') }), ['done agreed', 'run', 'next 6 hours later']],
    ['active: ends-at runs', request({ grant: lease('active') }), ['done agreed', 'done seen there', 'run']],
    [
      'an emergency: nobody had to agree',
      request({ approval: 'emergency', grant: lease('active') }),
      ['done at once', 'done seen there', 'run'],
    ],
    [
      'held before our first give',
      request({ grant: lease('active', {}, { preexisting: true }) }),
      ['done agreed', 'done held before', 'run'],
    ],
    [
      'past its end but not seen gone: ending, never "ended"',
      request({ grant: lease('active', { endsAt: at(-1), overdueAt: at(1) }) }),
      ['done agreed', 'done seen there', 'run ending'],
    ],
    [
      'overdue is said',
      request({ grant: lease('revoking', { endsAt: at(-5), overdueAt: at(-4) }) }),
      ['done agreed', 'done seen there', 'late not gone yet'],
    ],
    [
      'seen gone',
      request({ grant: lease('ended', { endedAt: at(-1) }) }),
      ['done agreed', 'done seen there', 'done gone'],
    ],
    [
      'never given',
      request({ grant: lease('failed', { startsAt: null }) }),
      ['done agreed', 'void not given', 'void –'],
    ],
    ['denied: nothing follows', request({ state: 'denied' }), ['void denied', 'void –', 'void –']],
    [
      'an extension asked for has no gap',
      request({ kind: 'extension', state: 'pending', decidedAt: null, grant: lease('active') }),
      ['run', 'next at once', 'next'],
    ],
  ])('%s', (_, r, expected) => {
    expect(marks(r)).toEqual(expected)
  })

  it('moves the end of an extension from the present one', () => {
    const { end } = requestClocks(
      request({ kind: 'extension', state: 'pending', decidedAt: null, grant: lease('active') }),
      now,
    )
    expect(end.at).toEqual(at(300 + 360))
    expect(end.noteAt).toEqual(at(300))
  })
})
