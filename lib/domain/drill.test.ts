import { expect, it } from 'vitest'
import { type DrillStep, type DrillStepName, leftBehind, proofMs } from './drill'

const did = (...names: (DrillStepName | `${DrillStepName}!`)[]): DrillStep[] =>
  names.map((name) => ({
    name: name.replace('!', '') as DrillStepName,
    ok: !name.endsWith('!'),
    at: '2026-11-12T09:00:00.000Z',
    tookMs: 100,
    detail: '',
  }))

it.each<[string, DrillStep[], boolean]>([
  ['nothing was done', [], false],
  ['it was never given', did('before!'), false],
  ['given, and it broke off', did('before', 'give!'), true],
  ['taken, and not seen gone', did('before', 'give', 'seen', 'take', 'gone!'), true],
  ['taken at the second try', did('before', 'give', 'seen!', 'take', 'gone'), false],
  ['what was left behind could not be cleaned up', did('clean!'), true],
  ['cleaned up, and not begun', did('clean', 'before!'), false],
])('what is left behind: %s', (_, steps, left) => {
  expect(leftBehind(steps)).toBe(left)
})

it('the proof takes from the give to seen gone', () => {
  expect(proofMs(did('clean', 'before', 'give', 'seen', 'take', 'gone'))).toBe(400)
})
