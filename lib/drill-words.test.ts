import { expect, it } from 'vitest'
import { proofWords } from './drill-words'

const now = new Date('2026-11-12T12:00:00Z')
const at = new Date('2026-11-12T09:00:00Z')

it('says when it was proven and how long it took', () => {
  expect(proofWords({ ok: true, at, provenAt: at, tookMs: 1840 }, now)).toBe(
    'Proven 3 h ago: given, seen, taken, seen gone in 1.8 s',
  )
})

it('says that it failed, and when it was proven last', () => {
  expect(proofWords({ ok: false, at, provenAt: null, tookMs: 0 }, now)).toBe(
    'Failed 3 h ago; never proven yet',
  )
  const provenAt = new Date('2026-11-11T12:00:00Z')
  expect(proofWords({ ok: false, at, provenAt, tookMs: 0 }, now)).toMatch(
    /^Failed 3 h ago; last proven .+ ago$/,
  )
})
