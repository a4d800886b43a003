import { describe, expect, it } from 'vitest'
import { askHref, pickHref, picksOf } from './catalogue-picks'

const [a, b] = ['01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-00000000000b'] as const

describe('picking in the catalogue', () => {
  it.each<[string | string[] | undefined, string[]]>([
    [undefined, []],
    [a, [a]],
    [
      [a, b, a],
      [a, b],
    ],
    [['x', '', b], [b]],
    [
      Array.from({ length: 14 }, (_, i) => `01890000-0000-7000-8000-0000000000${10 + i}`),
      Array.from({ length: 10 }, (_, i) => `01890000-0000-7000-8000-0000000000${10 + i}`),
    ],
  ])('reads %j', (value, expected) => {
    expect(picksOf(value)).toEqual(expected)
  })

  it('adds and takes out, and leaves the search as it is', () => {
    expect(pickHref({ q: '', show: 'all', picks: [] }, a)).toBe(`/catalogue?pick=${a}`)
    expect(pickHref({ q: 'prod read', show: 'all', picks: [a] }, b)).toBe(
      `/catalogue?q=prod+read&pick=${a}&pick=${b}`,
    )
    expect(pickHref({ q: '', show: 'all', picks: [a] }, a)).toBe('/catalogue')
  })

  it('leads to one form for all, also for somebody else', () => {
    expect(askHref([a, b])).toBe(`/catalogue/ask?pick=${a}&pick=${b}`)
    expect(askHref([a], b)).toBe(`/catalogue/ask?pick=${a}&for=${b}`)
  })
})
