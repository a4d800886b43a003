import { expect, it } from 'vitest'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { ApprovalStep } from '@/lib/domain/policy'
import { clockEvents, laterSteps } from './clock-events'

const step = (escalateSeconds?: number): ApprovalStep => ({
  approvers: [{ kind: 'owners' }],
  quorum: 1,
  ...(escalateSeconds === undefined ? {} : { escalateSeconds }),
})
const kinds = (steps: readonly ApprovalStep[], reminders: readonly number[], decideWithinSeconds = DAY) =>
  clockEvents({ steps, reminders, decideWithinSeconds }).map((e) => [e.kind, e.at / HOUR])

it('puts reminders and the fallback in the order of their times, between asking and lapsing', () => {
  expect(kinds([step(8 * HOUR)], [50, 25])).toEqual([
    ['asked', 0],
    ['reminder', 6],
    ['fallback', 8],
    ['reminder', 12],
    ['lapse', 24],
  ])
})

it.each([
  ['no fallback', [step()]],
  ['a fallback that comes too late', [step(2 * DAY)]],
  ['a fallback that is not filled in yet', [step(0)]],
  ['a fallback on a step that does not open', [step(), step(HOUR)]],
  ['no step at all', []],
])('draws asking and lapsing alone for %s', (_, steps) => {
  expect(kinds(steps, [])).toEqual([
    ['asked', 0],
    ['lapse', 24],
  ])
})

it('draws nothing while the time to decide is empty', () => {
  expect(kinds([step()], [50], 0)).toEqual([])
})

it('says of later steps that their wait begins when they open', () => {
  expect(
    laterSteps({ steps: [step(HOUR), step(), step(6 * HOUR), step(DAY)], decideWithinSeconds: DAY }),
  ).toEqual(['On step 3, 6 hours after it opens, the application’s owners, then the admins are asked too.'])
})
