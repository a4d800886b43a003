import { describe, expect, it } from 'vitest'
import { noticePlace, presetScale } from './preset-scale'

const HOUR = 3_600
const lengths = (...hours: number[]) =>
  hours.map((h) => ({ seconds: h * HOUR, noticeSeconds: (h * HOUR) / 4 }))

describe('the scale of the lengths', () => {
  it('is one linear scale while the longest is at most 12 times the shortest', () => {
    const { broken, widths, ticks } = presetScale(lengths(6, 24, 72))
    expect(broken).toBe(false)
    expect(widths.map(Math.round)).toEqual([8, 33, 100])
    expect(ticks.map((t) => t.label)).toEqual(['1 d', '2 d', '3 d'])
  })

  it('breaks beyond that: every bar is full and there is no common axis', () => {
    expect(presetScale(lengths(6, 73))).toEqual({ broken: true, widths: [100, 100], ticks: [] })
  })

  it('leaves a length that is not filled in without a bar and without a say', () => {
    const scale = presetScale([...lengths(6, 24), { seconds: 0, noticeSeconds: 0 }])
    expect(scale.broken).toBe(false)
    expect(scale.widths).toEqual([25, 100, 0])
    expect(presetScale([]).widths).toEqual([])
  })

  it('puts the notice before the end, or nowhere', () => {
    expect(noticePlace({ seconds: 100, noticeSeconds: 25 })).toBe(75)
    expect(noticePlace({ seconds: 100, noticeSeconds: 100 })).toBeNull()
    expect(noticePlace({ seconds: 0, noticeSeconds: 10 })).toBeNull()
  })
})
