import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR } from './duration'
import { at } from './grant.fixtures'
import { decideRequest, type RequestEvent, type RequestFacts, requestTable, stuckStep } from './request'
import { approve, deny, FLOOR, lapse, type Quorum, request, withdraw } from './request.fixtures'

const people = ['a', 'b', 'c', 'd']
const plans = fc.array(fc.tuple(fc.constantFrom<Quorum>(1, 2, 'all'), fc.subarray(people)), {
  minLength: 1,
  maxLength: 3,
})

function tell(facts: RequestFacts, event: RequestEvent, seconds: number): RequestFacts | null {
  const result = decideRequest(facts, event, at(seconds), FLOOR)
  if (!result.ok) return null
  const { vote, next } = result.value
  // Votes belong to a round: a change by the requester leaves them behind.
  const votes = next.round === undefined ? facts.votes : []
  return { ...facts, ...next, votes: vote ? [...votes, vote] : votes }
}

/** Whether some order of yeses leads to an approval, by trying all. */
function reachable(facts: RequestFacts): boolean {
  if (facts.state === 'approved') return true
  return people.some((id) => {
    const next = tell(facts, approve(id), 1)
    return next !== null && reachable(next)
  })
}

describe('whatever is said on a request', () => {
  it('the machine never leaves its table, and an end is final', () => {
    const events = fc.oneof(
      fc
        .tuple(fc.constantFrom('ana', ...people), fc.boolean())
        .map(([id, no]) => (no ? deny(id) : approve(id))),
      fc.constantFrom<RequestEvent>(withdraw, lapse('time'), lapse('grant_ended'), lapse('nobody_left')),
      fc.constantFrom<RequestEvent>(
        { type: 'edit', seconds: 6 * HOUR, startAt: null },
        { type: 'question', personId: 'a' },
        { type: 'answer', personId: 'ana' },
        { type: 'escalate', step: 0, why: 'late' },
        { type: 'reassign', byId: 'admin', personIds: ['c', 'd'] },
        { type: 'remind' },
      ),
    )
    fc.assert(
      fc.property(
        plans,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 * HOUR }), events), { maxLength: 20 }),
        (plan, told) => {
          let facts = request(plan)
          let now = 0
          for (const [wait, event] of told) {
            now += wait
            const next = tell(facts, event, now)
            if (!next) continue
            expect(requestTable[facts.state][event.type]).toContain(next.state)
            if (event.type !== 'edit') expect(next.step).toBeGreaterThanOrEqual(facts.step)
            facts = next
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('I3: approved means every step had its quorum of different people, none of them the asker', () => {
    const voters = fc.array(fc.constantFrom('ana', ...people), { maxLength: 12 })
    fc.assert(
      fc.property(plans, voters, (plan, order) => {
        const last = order.reduce<RequestFacts>(
          (facts, id) => tell(facts, approve(id), 1) ?? facts,
          request(plan),
        )
        const ids = last.votes.map((v) => v.personId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).not.toContain('ana')
        if (last.state !== 'approved') return
        plan.forEach(([quorum, approvers], i) => {
          const agreed = last.votes.filter((v) => v.step === i).map((v) => v.personId)
          expect(approvers).toEqual(expect.arrayContaining(agreed))
          expect(agreed.length).toBeGreaterThanOrEqual(
            quorum === 'all' ? Math.max(1, approvers.length) : quorum,
          )
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('stuckStep says so exactly when no order of yeses leads to an approval', () => {
    const voters = fc.array(fc.constantFrom(...people), { maxLength: 3 })
    fc.assert(
      fc.property(plans, voters, fc.subarray(people, { minLength: 2 }), (plan, order, stayed) => {
        const voted = order.reduce<RequestFacts>(
          (facts, id) => tell(facts, approve(id), 1) ?? facts,
          request(plan),
        )
        fc.pre(voted.state === 'pending')
        const now = {
          ...voted,
          approvers: voted.approvers.map((ids) => ids.filter((id) => stayed.includes(id))),
        }
        expect(stuckStep(now) === null).toBe(reachable(now))
      }),
      { numRuns: 2000 },
    )
  })
})
