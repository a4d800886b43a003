import { describe, expect, it } from 'vitest'
import { hasBearer } from './bearer'

const sent = (authorization?: string) => new Headers(authorization === undefined ? {} : { authorization })

describe('the secret of a machine door', () => {
  it('opens with exactly itself', () => {
    expect(hasBearer(sent('Bearer correct horse battery'), 'correct horse battery')).toBe(true)
    for (const wrong of [
      undefined,
      '',
      'Bearer ',
      'Bearer correct horse',
      'correct horse battery',
      'bearer correct horse battery',
    ])
      expect(hasBearer(sent(wrong), 'correct horse battery')).toBe(false)
  })

  it('opens with nothing where none is set', () => {
    for (const tried of [undefined, '', 'Bearer ', 'Bearer undefined'])
      expect(hasBearer(sent(tried), undefined)).toBe(false)
  })
})
