import { describe, expect, it } from 'vitest'
import { at } from './grant.fixtures'
import { decideRequest, mayDecide, type RequestFacts, seatFor, stuckStep, type Vote } from './request'
import { approve, deny, FLOOR, type Quorum, request, yes } from './request.fixtures'

const NOW = at(60)
/** A yes by a substitute, in the place of whoever is away. */
const yesFor = (personId: string, forId: string, step = 0): Vote => ({ ...yes(personId, step), forId })

type Case = {
  name: string
  steps?: [Quorum, string[]][]
  away: Record<string, string>
  votes?: Vote[]
  step?: number
  who: string
  /** In whose place they decide; a code is a refusal. */
  seat: string | null | 'forbidden' | 'conflict'
}

const facts = ({ steps, away, votes = [], step = 0 }: Omit<Case, 'name' | 'who' | 'seat'>): RequestFacts =>
  request(steps ?? [[2, ['ben', 'ola']]], { substitutes: away, votes, step })

describe('whose seat somebody takes', () => {
  it.each<Case>([
    { name: 'the substitute takes the seat of who is away', away: { ben: 'sam' }, who: 'sam', seat: 'ben' },
    { name: 'who is away still has their own', away: { ben: 'sam' }, who: 'ben', seat: null },
    {
      name: 'a substitute who is asked themself has their own, and no second one',
      away: { ben: 'ola' },
      who: 'ola',
      seat: null,
    },
    {
      name: 'not twice: their own first, then in place',
      away: { ben: 'ola' },
      votes: [yes('ola')],
      who: 'ola',
      seat: 'conflict',
    },
    {
      name: 'the one who is away, after their substitute',
      away: { ben: 'sam' },
      votes: [yesFor('sam', 'ben')],
      who: 'ben',
      seat: 'conflict',
    },
    {
      name: 'the substitute, after the one who is away',
      away: { ben: 'sam' },
      votes: [yes('ben')],
      who: 'sam',
      seat: 'conflict',
    },
    {
      name: 'the one who came back early, after their substitute',
      away: {},
      votes: [yesFor('sam', 'ben')],
      who: 'ben',
      seat: 'conflict',
    },
    {
      name: 'the second substitute, after the first one',
      away: { ben: 'tom' },
      votes: [yesFor('sam', 'ben')],
      who: 'tom',
      seat: 'conflict',
    },
    { name: 'a substitute whose time is over', away: {}, who: 'sam', seat: 'forbidden' },
    { name: 'the asker in somebody’s place', away: { ben: 'ana' }, who: 'ana', seat: 'forbidden' },
    {
      name: 'one substitute for two: the first of them',
      away: { ben: 'sam', ola: 'sam' },
      who: 'sam',
      seat: 'ben',
    },
    {
      name: 'one substitute for two: the other, where the first decided',
      away: { ben: 'sam', ola: 'sam' },
      votes: [yes('ben')],
      who: 'sam',
      seat: 'ola',
    },
    {
      name: 'one substitute for two: never both',
      away: { ben: 'sam', ola: 'sam' },
      votes: [yesFor('sam', 'ben')],
      who: 'sam',
      seat: 'conflict',
    },
    {
      name: 'no chain: the substitute’s own substitute does not act for the first',
      away: { ben: 'sam', sam: 'tom' },
      who: 'tom',
      seat: 'forbidden',
    },
    {
      name: 'two who stand in for each other keep their own seats',
      away: { ben: 'ola', ola: 'ben' },
      who: 'ben',
      seat: null,
    },
    {
      name: 'a later step: who was decided for is spent',
      steps: [
        [1, ['ben', 'ola']],
        [1, ['ben', 'eva']],
      ],
      away: { ben: 'sam' },
      votes: [yesFor('sam', 'ben')],
      step: 1,
      who: 'ben',
      seat: 'conflict',
    },
    {
      name: 'a later step: and so is who decided in their place, also where they are asked themself',
      steps: [
        [1, ['ben']],
        [1, ['sam', 'eva']],
      ],
      away: { ben: 'sam' },
      votes: [yesFor('sam', 'ben')],
      step: 1,
      who: 'sam',
      seat: 'conflict',
    },
    {
      name: 'a later step: another substitute cannot act for somebody who was decided for',
      steps: [
        [1, ['ben']],
        [1, ['ben', 'eva']],
      ],
      away: { ben: 'tom' },
      votes: [yesFor('sam', 'ben')],
      step: 1,
      who: 'tom',
      seat: 'conflict',
    },
    {
      name: 'a step that is not open yet',
      steps: [
        [1, ['eva']],
        [1, ['ben']],
      ],
      away: { ben: 'sam' },
      who: 'sam',
      seat: 'forbidden',
    },
  ])('$name', ({ name: _name, who, seat, ...rest }) => {
    const found = seatFor(facts(rest), who)
    expect('ok' in found ? found.code : found.forId).toBe(seat)
    expect(mayDecide(facts(rest)).includes(who)).toBe(!('ok' in found))
  })

  it('is never that of the beneficiary', () => {
    const asked = request([[1, ['ben']]], {
      askerId: 'eva',
      beneficiaryId: 'ana',
      substitutes: { ben: 'ana' },
    })
    expect(seatFor(asked, 'ana')).toMatchObject({ code: 'forbidden' })
    expect(mayDecide(asked)).toEqual(['ben'])
  })
})

/** Lets people vote one after the other; the state after each. */
function run(start: RequestFacts, ...voters: string[]): string[] {
  let now = start
  return voters.map((personId) => {
    const decided = decideRequest(now, approve(personId), NOW, FLOOR)
    if (!decided.ok) return decided.code
    const { next, vote } = decided.value
    now = { ...now, state: next.state, step: next.step, votes: vote ? [...now.votes, vote] : now.votes }
    return `${next.state} ${next.step}`
  })
}

describe('how votes in somebody’s place count', () => {
  it.each<{ name: string; start: RequestFacts; voters: string[]; states: string[] }>([
    {
      name: 'two of two, one of them by their substitute',
      start: facts({ away: { ben: 'sam' } }),
      voters: ['sam', 'ola'],
      states: ['pending 0', 'approved 0'],
    },
    {
      name: 'both of one seat are one',
      start: facts({ away: { ben: 'sam' } }),
      voters: ['sam', 'ben', 'ola'],
      states: ['pending 0', 'conflict', 'approved 0'],
    },
    {
      name: 'the other way round as well',
      start: facts({ away: { ben: 'sam' } }),
      voters: ['ben', 'sam', 'ola'],
      states: ['pending 0', 'conflict', 'approved 0'],
    },
    {
      name: 'a substitute for both is one of two',
      start: facts({ away: { ben: 'sam', ola: 'sam' } }),
      voters: ['sam', 'sam', 'ben', 'ola'],
      states: ['pending 0', 'conflict', 'conflict', 'approved 0'],
    },
    {
      name: 'a substitute who is an approver counts once; who is away has to come themself',
      start: facts({ away: { ben: 'ola' } }),
      voters: ['ola', 'ola', 'ben'],
      states: ['pending 0', 'conflict', 'approved 0'],
    },
    {
      name: 'all of them: the seat of who is away is filled by the substitute',
      start: facts({ steps: [['all', ['ben', 'eva', 'ola']]], away: { ben: 'sam' } }),
      voters: ['sam', 'eva', 'ben', 'ola'],
      states: ['pending 0', 'pending 0', 'conflict', 'approved 0'],
    },
    {
      name: 'later steps need somebody who took no part yet',
      start: facts({
        steps: [
          [1, ['ben']],
          [1, ['ben', 'eva', 'sam']],
        ],
        away: { ben: 'sam' },
      }),
      voters: ['sam', 'sam', 'ben', 'eva'],
      states: ['pending 1', 'conflict', 'conflict', 'approved 1'],
    },
  ])('$name', ({ start, voters, states }) => {
    expect(run(start, ...voters)).toEqual(states)
  })

  it('is told in the vote, also in a no', () => {
    const decided = decideRequest(facts({ away: { ben: 'sam' } }), deny('sam'), NOW, FLOOR)
    expect(decided).toMatchObject({
      ok: true,
      value: { next: { state: 'denied' }, vote: { personId: 'sam', forId: 'ben', verdict: 'deny' } },
    })
  })

  it('spends both for a later step, so that a step with nobody else is seen to be stuck', () => {
    const steps: [Quorum, string[]][] = [
      [1, ['ben', 'ola']],
      [1, ['ben', 'sam']],
    ]
    expect(stuckStep(facts({ steps, away: { ben: 'sam' } }))).toBeNull()
    expect(stuckStep(facts({ steps, away: { ben: 'sam' }, votes: [yesFor('sam', 'ben')], step: 1 }))).toBe(1)
  })
})
