import { describe, expect, it } from 'vitest'
import { type Mark, shownFrom } from './scale-marks'

const given: Mark = { key: 'start', x: 0, title: 'Given', text: 'today 07:49', align: 'left' }
const notice: Mark = { key: 'notice', x: 75, title: 'Notice', text: '12:49', align: 'right' }
const end: Mark = { key: 'end', x: 100, title: 'End', text: '13:49', align: 'right' }

describe('the words under a bar', () => {
  it('are all there where they have room; the last of them always is', () => {
    expect(shownFrom([given, notice, end])).toEqual([280, 280, 0])
    expect(shownFrom([given, { ...notice, text: 'tomorrow 12:49' }, end])).toEqual([280, 280, 0])
    expect(shownFrom([given, { ...end, text: 'Thu 26 Nov 13:49' }])).toEqual([280, 0])
  })

  it('are only the end of a lease that is long overdue, where its start has no room either', () => {
    const due: Mark = { key: 'end', x: 35, title: 'Due', text: 'yesterday 01:01', align: 'middle' }
    const long = { ...given, text: 'Fri 27 Nov 19:01' }
    expect(shownFrom([long, { ...notice, x: 29 }, due])).toEqual([560, Number.POSITIVE_INFINITY, 0])
  })

  it('give way in the middle the earlier, the closer they are', () => {
    const near = (x: number) => shownFrom([given, { ...notice, x }, end])[1]
    expect([40, 80, 90, 95].map(near)).toEqual([360, 280, 440, 900])
    expect([1, 99].map(near)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  })

  it('of one spot are the later one', () => {
    const ended: Mark = { key: 'ended', x: 0, title: 'Ended', text: 'today 07:49', align: 'left' }
    expect(shownFrom([given, ended])).toEqual([Number.POSITIVE_INFINITY, 0])
  })

  it('are three ends at most, of which the one in force gives way to the one asked for', () => {
    const asked: Mark = { ...end, key: 'ghost', title: 'Asked for', text: 'tomorrow 01:35' }
    expect(shownFrom([given, { ...end, x: 50 }, asked])).toEqual([280, 280, 0])
    expect(shownFrom([given, { ...end, x: 90 }, asked])[1]).toBe(Number.POSITIVE_INFINITY)
    expect(shownFrom([given, { ...notice, x: 67 }, { ...end, x: 80 }, asked])).toEqual([280, 360, 560, 0])
  })
})
