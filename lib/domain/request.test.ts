import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from './duration'
import type { Result } from './errors'
import { at, clock, T0 } from './grant.fixtures'
import {
  decideRequest,
  type RequestEvent,
  type RequestFacts,
  type RequestStep,
  requestStates,
  stuckStep,
} from './request'
import { approve, deny, FLOOR, lapse, type Quorum, request, withdraw, yes } from './request.fixtures'

function said(result: Result<RequestStep>): string {
  if (!result.ok) return `${result.code}${result.field ? ` ${result.field}` : ''}: ${result.message}`
  const { next, verb, vote } = result.value
  const parts = [next.state, verb as string]
  if (next.state === 'pending' || next.step > 0) parts.push(`step ${next.step}`)
  if (next.seconds !== DAY) parts.push(`${next.seconds} s`)
  if (next.startAt) parts.push(`start ${clock(next.startAt)}`)
  if (next.decidedAt) parts.push(clock(next.decidedAt))
  if (vote) parts.push(`${vote.personId} ${vote.verdict} on ${vote.step}`)
  return parts.join(' · ')
}

const decide = (facts: RequestFacts, event: RequestEvent, seconds = HOUR) =>
  said(decideRequest(facts, event, at(seconds), FLOOR))

describe('the request machine: every state × every event', () => {
  const events: Record<string, RequestEvent> = {
    approve: approve('ben'),
    deny: deny('ben'),
    withdraw,
    'lapse, grant ended': lapse('grant_ended'),
    'lapse, nobody left': lapse('nobody_left'),
    'lapse, time': lapse('time'),
  }
  const pending: Record<string, string> = {
    approve: 'approved · approved · T+1:00:00 · ben approve on 0',
    deny: 'denied · denied · T+1:00:00 · ben deny on 0',
    withdraw: 'withdrawn · withdrawn · T+1:00:00',
    'lapse, grant ended': 'lapsed · lapsed · T+1:00:00',
    'lapse, nobody left': 'lapsed · lapsed · T+1:00:00',
    'lapse, time': 'conflict: This request may still be decided',
  }
  const final = {
    approved: 'conflict: This request is already approved',
    denied: 'conflict: This request is already denied',
    withdrawn: 'conflict: This request is withdrawn by the requester',
    lapsed: 'conflict: This request is lapsed already',
  }
  for (const state of requestStates)
    for (const [name, event] of Object.entries(events)) {
      const expected = state === 'pending' ? pending[name] : final[state]
      it(`${state}, ${name} → ${expected}`, () => {
        expect(decide(request([[1, ['ben', 'ola']]], { state }), event)).toBe(expected)
      })
    }
})

describe('quorum', () => {
  it.each<[string, Quorum, string[], string[], string]>([
    ['one of three, nobody yet', 1, ['ben', 'mia', 'ola'], [], 'approved'],
    ['two of three, nobody yet', 2, ['ben', 'mia', 'ola'], [], 'pending'],
    ['two of three, one yet', 2, ['ben', 'mia', 'ola'], ['mia'], 'approved'],
    ['all of three, one yet', 'all', ['ben', 'mia', 'ola'], ['mia'], 'pending'],
    ['all of three, two yet', 'all', ['ben', 'mia', 'ola'], ['mia', 'ola'], 'approved'],
    ['all of one', 'all', ['ben'], [], 'approved'],
    // Live sets: whoever left does not stand in for who stayed, and does not hold up the rest either.
    ['all of two who stayed, and one who left agreed', 'all', ['ben', 'mia'], ['gone'], 'pending'],
    ['all who stayed agreed, one left without a word', 'all', ['ben', 'mia'], ['mia'], 'approved'],
    ['two, one of whom left after agreeing', 2, ['ben'], ['gone'], 'approved'],
  ])('%s: ben agrees → %s', (_name, quorum, approvers, before, state) => {
    const facts = request([[quorum, approvers]], { votes: before.map((id) => yes(id)) })
    expect(decide(facts, approve('ben')).split(' · ')[0]).toBe(state)
  })

  it('passes to the next step, whose people then decide', () => {
    const facts = request([
      [1, ['ben']],
      [1, ['mia']],
    ])
    expect(decide(facts, approve('ben'))).toBe('pending · agreed · step 1 · ben approve on 0')
    const second = { ...facts, step: 1, votes: [yes('ben')] }
    expect(decide(second, approve('mia'))).toBe('approved · approved · step 1 · T+1:00:00 · mia approve on 1')
  })

  it('counts votes of its own step only', () => {
    const facts = request(
      [
        [1, ['ben', 'mia']],
        [2, ['mia', 'ola', 'sam']],
      ],
      { step: 1, votes: [yes('ben')] },
    )
    expect(decide(facts, approve('mia'))).toBe('pending · agreed · step 1 · mia approve on 1')
  })
})

describe('who may not vote', () => {
  it('I3: nobody on their own request, nor on one made for them', () => {
    const own = 'forbidden: Nobody decides on their own request'
    expect(decide(request([[1, ['ana', 'ben']]]), approve('ana'))).toBe(own)
    expect(decide(request([[1, ['ana', 'ben']]]), deny('ana'))).toBe(own)
    const forEve = request([[1, ['ben', 'eve']]], { askerId: 'ben', beneficiaryId: 'eve' })
    expect(decide(forEve, approve('eve'))).toBe(own)
    expect(decide(forEve, approve('ben'))).toBe(own)
  })

  it('nobody twice, neither on the same step nor on a later one', () => {
    const twice = 'conflict: You have decided on this request already'
    expect(decide(request([[2, ['ben', 'mia']]], { votes: [yes('ben')] }), approve('ben'))).toBe(twice)
    const later = request(
      [
        [1, ['ben']],
        [1, ['ben', 'mia']],
      ],
      { step: 1, votes: [yes('ben')] },
    )
    expect(decide(later, approve('ben'))).toBe(twice)
    expect(decide(later, deny('ben'))).toBe(twice)
  })

  it('nobody who is not asked on this step', () => {
    const notYou = 'forbidden: You are not asked to decide on this step'
    expect(decide(request(), approve('eve'))).toBe(notYou)
    expect(
      decide(
        request([
          [1, ['ben']],
          [1, ['mia']],
        ]),
        approve('mia'),
      ),
    ).toBe(notYou)
  })

  it('nobody at all where the set is empty', () => {
    expect(decide(request([[1, []]]), approve('ben'))).toBe(
      'forbidden: You are not asked to decide on this step',
    )
    expect(decide(request([['all', []]]), approve('ben'))).toBe(
      'forbidden: You are not asked to decide on this step',
    )
  })

  it('nobody once the time to decide is over', () => {
    expect(decide(request(), approve('ben'), DAY - 1)).toContain('approved')
    expect(decide(request(), approve('ben'), DAY)).toBe(
      'too_late: The time to decide is over; the request lapses',
    )
    expect(decide(request(), deny('ben'), DAY)).toBe(
      'too_late: The time to decide is over; the request lapses',
    )
  })
})

describe('the first decision wins', () => {
  it('a denial on any step ends the request, whatever was agreed before', () => {
    const facts = request(
      [
        [1, ['ben']],
        [2, ['mia', 'ola']],
      ],
      { step: 1, votes: [yes('ben'), yes('ola', 1)] },
    )
    expect(decide(facts, deny('mia'))).toBe('denied · denied · step 1 · T+1:00:00 · mia deny on 1')
  })

  it('a denial says why', () => {
    expect(decide(request(), deny('ben', null))).toBe(
      'invalid note: Say why, so that they know what to change',
    )
    expect(decide(request(), deny('ben', ''))).toBe('invalid note: Say why, so that they know what to change')
  })

  it('a vote after the decision is refused, not ignored', () => {
    expect(decide(request([[1, ['ben']]], { state: 'approved' }), deny('ben'))).toBe(
      'conflict: This request is already approved',
    )
  })

  it('a withdrawal beats a later approval', () => {
    const result = decideRequest(request(), withdraw, at(HOUR), FLOOR)
    if (!result.ok) throw new Error(result.message)
    const { state } = result.value.next
    expect(decide(request([[1, ['ben']]], { state }), approve('ben'))).toBe(
      'conflict: This request is withdrawn by the requester',
    )
  })

  it('a withdrawal is possible up to the lapse, also after the time to decide', () => {
    expect(decide(request(), withdraw, DAY + 5)).toBe('withdrawn · withdrawn · T+24:00:05')
  })

  it('lapses at decide-by and not before', () => {
    expect(decide(request(), lapse('time'), DAY - 1)).toBe('conflict: This request may still be decided')
    expect(decide(request(), lapse('time'), DAY)).toBe('lapsed · lapsed · T+24:00:00')
  })
})

describe('narrowing', () => {
  const longer = 'invalid seconds: You may shorten what was asked for, not lengthen it'
  const later = 'invalid startAt: You may set a later start, not an earlier one'
  it.each<[string, Partial<RequestFacts>, { seconds?: number; startAt?: Date }, string]>([
    ['as asked', {}, { seconds: DAY }, 'approved · approved · T+1:00:00 · ben approve on 0'],
    ['shorter', {}, { seconds: 8 * HOUR }, 'approved · approved · 28800 s · T+1:00:00 · ben approve on 0'],
    ['to the floor', {}, { seconds: FLOOR }, 'approved · approved · 21600 s · T+1:00:00 · ben approve on 0'],
    ['below the floor', {}, { seconds: FLOOR - 1 }, 'invalid seconds: The minimum is 6 hours'],
    ['longer', {}, { seconds: DAY + 1 }, longer],
    ['a length for a permanent access', { seconds: null }, { seconds: DAY }, longer],
    ['back to what was asked, after a colleague shortened', { seconds: 8 * HOUR }, { seconds: DAY }, longer],
    // The floor is judged when asking: what was asked under an older floor may be agreed as it is.
    [
      'as asked, under a floor that was raised since',
      { seconds: HOUR },
      { seconds: HOUR },
      'approved · approved · 3600 s · T+1:00:00 · ben approve on 0',
    ],
    [
      'a later start',
      {},
      { startAt: at(2 * HOUR) },
      'approved · approved · start T+2:00:00 · T+1:00:00 · ben approve on 0',
    ],
    ['a start in the past', {}, { startAt: T0 }, later],
    ['an earlier start', { startAt: at(9 * HOUR) }, { startAt: at(8 * HOUR) }, later],
    [
      'the same start',
      { startAt: at(9 * HOUR) },
      { startAt: at(9 * HOUR) },
      'approved · approved · start T+9:00:00 · T+1:00:00 · ben approve on 0',
    ],
    [
      'a start next year',
      {},
      { startAt: at(400 * DAY) },
      'invalid startAt: A start is at most 366 days ahead',
    ],
  ])('%s', (_name, more, narrowed, expected) => {
    expect(decide(request([[1, ['ben']]], more), approve('ben', narrowed))).toBe(expected)
  })

  it('stays narrowed for the steps that follow', () => {
    const first = decideRequest(
      request([
        [1, ['ben']],
        [1, ['mia']],
      ]),
      approve('ben', { seconds: 8 * HOUR }),
      at(1),
      FLOOR,
    )
    expect(first).toMatchObject({ value: { next: { state: 'pending', step: 1, seconds: 8 * HOUR } } })
  })
})

describe('a request that nobody could agree to any more', () => {
  it.each<[string, [Quorum, string[]][], Partial<RequestFacts>, number | null]>([
    ['one who is there', [[1, ['ben']]], {}, null],
    ['the only one left the organisation', [[1, []]], {}, 0],
    ['two needed, one agreed, one is left', [[2, ['ben', 'mia']]], { votes: [yes('ben')] }, null],
    ['two needed, one agreed, nobody is left', [[2, ['ben']]], { votes: [yes('ben')] }, 0],
    [
      'the second step has lost its people',
      [
        [1, ['ben']],
        [1, []],
      ],
      {},
      1,
    ],
    [
      'the second step needs whoever decided on the first',
      [
        [1, ['ben', 'mia']],
        ['all', ['ben', 'mia']],
      ],
      { step: 1, votes: [yes('ben')] },
      1,
    ],
    [
      'all of the second step are free',
      [
        [1, ['ola', 'ben']],
        ['all', ['ben', 'mia']],
      ],
      { step: 1, votes: [yes('ola')] },
      null,
    ],
    [
      'all who stayed have agreed, nobody is left to say the last yes',
      [['all', ['ben']]],
      { votes: [yes('ben')] },
      0,
    ],
  ])('%s', (_name, steps, more, stuck) => {
    expect(stuckStep(request(steps, more))).toBe(stuck)
  })
})
