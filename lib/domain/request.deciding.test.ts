import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from './duration'
import type { Result } from './errors'
import { at } from './grant.fixtures'
import {
  decideRequest,
  type EscalationWhy,
  mayDecide,
  type RequestEvent,
  type RequestFacts,
  type RequestStep,
  requestStates,
} from './request'
import { FLOOR, request, yes } from './request.fixtures'

const edit = (seconds: number | null = 6 * HOUR, startAt: Date | null = null): RequestEvent => ({
  type: 'edit',
  seconds,
  startAt,
})
const question = (personId: string): RequestEvent => ({ type: 'question', personId })
const answer = (personId: string): RequestEvent => ({ type: 'answer', personId })
const escalate = (step = 0, why: EscalationWhy = 'late'): RequestEvent => ({ type: 'escalate', step, why })
const reassign = (byId: string, ...personIds: string[]): RequestEvent => ({
  type: 'reassign',
  byId,
  personIds,
})

const decide = (facts: RequestFacts, event: RequestEvent, seconds = HOUR) =>
  decideRequest(facts, event, at(seconds), FLOOR)
const said = (result: Result<RequestStep>) =>
  result.ok ? result.value.verb : `${result.code}${result.field ? ` ${result.field}` : ''}: ${result.message}`

const forBen = { askerId: 'ines', beneficiaryId: 'ana' }

describe('what keeps a request pending', () => {
  const cases: [string, RequestFacts, RequestEvent, string][] = [
    ['an edit', request(), edit(), 'edited'],
    ['a question by who is asked', request(), question('ben'), 'question_asked'],
    [
      'a question by who is not asked',
      request(),
      question('zoe'),
      'forbidden: You are not asked to decide on this step',
    ],
    [
      'a question by who asked for it',
      request(),
      question('ana'),
      'forbidden: Nobody decides on their own request',
    ],
    [
      'a question by who has decided',
      request([[2, ['ben', 'ola', 'kim']]], { votes: [yes('ben')] }),
      question('ben'),
      'conflict: You have decided on this request already',
    ],
    ['an answer by the asker', request(undefined, forBen), answer('ines'), 'question_answered'],
    ['an answer by the beneficiary', request(undefined, forBen), answer('ana'), 'question_answered'],
    [
      'an answer by an approver',
      request(),
      answer('ben'),
      'forbidden: Only who asked for it, or whom it is for, answers',
    ],
    ['an escalation', request(), escalate(), 'escalated'],
    [
      'an escalation of a later step',
      request([
        [1, ['ben']],
        [1, []],
      ]),
      escalate(1, 'lost'),
      'escalated',
    ],
    [
      'a second escalation',
      request(undefined, { escalated: [0] }),
      escalate(),
      'conflict: The fallback is asked on this step already',
    ],
    [
      'one step further, to the admins',
      request(undefined, { escalated: [0] }),
      escalate(0, 'lost'),
      'escalated',
    ],
    [
      'nothing is further than that',
      request(undefined, { escalated: [0, 0] }),
      escalate(0, 'lost'),
      'conflict: The fallback is asked on this step already',
    ],
    [
      'an escalation of a step that is over',
      request(
        [
          [1, ['ben']],
          [1, ['ola']],
        ],
        { step: 1, votes: [yes('ben')] },
      ),
      escalate(0),
      'conflict: The fallback is asked on this step already',
    ],
    ['a reassignment', request(), reassign('admin', 'kim'), 'reassigned'],
    [
      'one by who asked for it',
      request(undefined, forBen),
      reassign('ines', 'kim'),
      'forbidden: Nobody chooses who decides on their own request',
    ],
    [
      'one by whom it is for',
      request(undefined, forBen),
      reassign('ana', 'kim'),
      'forbidden: Nobody chooses who decides on their own request',
    ],
    [
      'one to who asked for it',
      request(undefined, forBen),
      reassign('admin', 'kim', 'ines'),
      'invalid personIds: Nobody decides on their own request. Choose somebody else',
    ],
    ['one to nobody', request(), reassign('admin'), 'invalid personIds: Choose who decides instead'],
    [
      'one to too few',
      request([[2, ['ben', 'ola']]]),
      reassign('admin', 'kim'),
      'invalid personIds: Too few: this step needs more different people, and nobody decides twice',
    ],
    [
      'one to as many as are still missing',
      request([[2, ['ben', 'ola']]], { votes: [yes('ben')] }),
      reassign('admin', 'kim'),
      'reassigned',
    ],
    [
      'one to who decided on an earlier step',
      request(
        [
          [1, ['ben']],
          [1, ['ola']],
        ],
        { step: 1, votes: [yes('ben')] },
      ),
      reassign('admin', 'ben'),
      'invalid personIds: Too few: this step needs more different people, and nobody decides twice',
    ],
    ['a reminder', request(), { type: 'remind' }, 'reminded'],
  ]
  it.each(cases)('%s', (_name, facts, event, expected) => {
    const result = decide(facts, event)
    expect(said(result)).toBe(expected)
    if (result.ok) expect(result.value.next).toMatchObject({ state: 'pending', decidedAt: null })
  })

  it.each(cases)('%s is too late once the time to decide is over', (_name, facts, event) => {
    expect(said(decide(facts, event, DAY))).toBe('too_late: The time to decide is over; the request lapses')
  })

  const ends = requestStates.filter((state) => state !== 'pending')
  it.each(ends)('nothing of it is done to one that is %s', (state) => {
    for (const [, facts, event] of cases) {
      const result = decide({ ...facts, state }, event)
      expect(result).toMatchObject({ ok: false, code: 'conflict' })
    }
  })
})

describe('an edit', () => {
  it('begins a new round at the first step, without escalations and reassignments', () => {
    const facts = request(
      [
        [1, ['ben']],
        [1, ['ola']],
      ],
      { step: 1, votes: [yes('ben')], escalated: [0, 1], round: 3 },
    )
    const result = decide(facts, edit(6 * HOUR, at(2 * HOUR)))
    expect(result).toMatchObject({
      ok: true,
      value: {
        vote: null,
        next: {
          state: 'pending',
          step: 0,
          round: 4,
          seconds: 6 * HOUR,
          startAt: at(2 * HOUR),
          escalated: [],
          reassigned: null,
        },
      },
    })
  })
})

describe('who may decide now', () => {
  const table: [string, RequestFacts, string[]][] = [
    ['everybody who is asked', request(), ['ben', 'ola']],
    ['without who decided', request([[2, ['ben', 'ola', 'kim']]], { votes: [yes('ola')] }), ['ben', 'kim']],
    ['without asker and beneficiary', request([[1, ['ana', 'ines', 'ben']]], forBen), ['ben']],
    [
      'only the open step',
      request(
        [
          [1, ['ben']],
          [1, ['ola']],
        ],
        { step: 1, votes: [yes('ben')] },
      ),
      ['ola'],
    ],
    ['nobody for an empty set', request([[1, []]]), []],
  ]
  it.each(table)('%s', (_name, facts, expected) => {
    expect(mayDecide(facts).sort()).toEqual(expected)
  })
})
