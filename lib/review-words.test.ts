import { describe, expect, it } from 'vitest'
import { readReview, reviewEvidence } from './review-words'

describe('what a review is kept as', () => {
  it.each([
    ['justified', 'The primary was down', 'Justified. The primary was down'],
    ['not_justified', 'Nothing was broken. See INC-9', 'Not justified. Nothing was broken. See INC-9'],
  ] as const)('keeps a verdict of %s readable, and reads it again', (verdict, note, kept) => {
    expect(reviewEvidence(verdict, note)).toBe(kept)
    expect(readReview(kept)).toEqual({ verdict, note })
  })

  it.each([null, '', 'Key 14, see the key book'])('reads no verdict out of %j', (evidence) => {
    expect(readReview(evidence)).toBeNull()
  })
})
