import { describe, expect, it } from 'vitest'
import { emergencyForm, reviewForm } from './emergency'

const id = '01890000-0000-7000-8000-000000000000'

describe('the form of emergency access', () => {
  it('asks for it at once, without a length of its own', () => {
    expect(emergencyForm.parse({ entitlementId: id, reason: ' The primary is down ', known: true })).toEqual({
      entitlementId: id,
      reason: 'The primary is down',
      seconds: null,
      startAt: null,
      emergency: true,
    })
  })

  it('says everything that is missing at once', () => {
    const { error } = emergencyForm.safeParse({ entitlementId: id })
    expect(error?.issues.map((i) => [i.path[0], i.message])).toEqual([
      ['reason', 'Say what the emergency is'],
      ['known', 'Say that you know'],
    ])
  })
})

describe('the form of a review', () => {
  it('wants a verdict and what was found', () => {
    const { error } = reviewForm.safeParse({ taskId: id, version: 1 })
    expect(error?.issues.map((i) => [i.path[0], i.message])).toEqual([
      ['verdict', 'Say whether it was justified'],
      ['evidence', 'Say what you looked at and what you found'],
    ])
    const said = { taskId: id, version: 1, verdict: 'not_justified', evidence: ' Nothing was down ' }
    expect(reviewForm.parse(said)).toEqual({ ...said, evidence: 'Nothing was down' })
  })
})
