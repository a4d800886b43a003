import { DAY, HOUR } from './duration'
import { at } from './grant.fixtures'
import type { ApprovalStep } from './policy'
import type { RequestEvent, RequestFacts, Vote } from './request'

export const FLOOR = 6 * HOUR
export type Quorum = ApprovalStep['quorum']
export const stepOf = (quorum: Quorum): ApprovalStep => ({ approvers: [{ kind: 'owners' }], quorum })
export const yes = (personId: string, step = 0): Vote => ({ step, personId, verdict: 'approve' })

/** Ana asks for herself for a day; decided within a day by the people of each step. */
export function request(
  steps: [Quorum, string[]][] = [[1, ['ben', 'ola']]],
  more: Partial<RequestFacts> = {},
): RequestFacts {
  return {
    kind: 'grant',
    state: 'pending',
    askerId: 'ana',
    beneficiaryId: 'ana',
    step: 0,
    seconds: DAY,
    startAt: null,
    decideBy: at(DAY),
    steps: steps.map(([quorum]) => stepOf(quorum)),
    votes: [],
    approvers: steps.map(([, ids]) => ids),
    substitutes: {},
    escalated: [],
    round: 1,
    ...more,
  }
}

export const approve = (personId: string, more: { seconds?: number; startAt?: Date } = {}): RequestEvent => ({
  type: 'vote',
  personId,
  verdict: 'approve',
  note: null,
  ...more,
})
export const deny = (personId: string, note: string | null = 'Use the read replica'): RequestEvent => ({
  type: 'vote',
  personId,
  verdict: 'deny',
  note,
})
export const withdraw: RequestEvent = { type: 'withdraw' }
export const lapse = (why: 'time' | 'grant_ended' | 'nobody_left'): RequestEvent => ({ type: 'lapse', why })
