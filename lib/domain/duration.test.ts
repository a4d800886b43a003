import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkFloor,
  checkPreset,
  DAY,
  durationWords,
  HOUR,
  LONGEST,
  MINUTE,
  plus,
  slackSeconds,
} from './duration'

describe('durationWords', () => {
  it.each([
    [0, '0 minutes'],
    [1, '1 second'],
    [59, '59 seconds'],
    [15 * MINUTE, '15 minutes'],
    [90 * MINUTE, '1 hour 30 minutes'],
    [6 * HOUR, '6 hours'],
    [DAY, '1 day'],
    [36 * HOUR, '1 day 12 hours'],
    [366 * DAY, '366 days'],
    // Two parts at most: nobody reads the third.
    [DAY + HOUR + MINUTE + 1, '1 day 1 hour'],
  ])('%d s is "%s"', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words)
  })
})

describe('plus', () => {
  it('adds elapsed time: 8 hours are 8 hours across a clock change', () => {
    const beforeTheChange = new Date('2026-10-25T00:30:00+02:00')
    const after = plus(beforeTheChange, 8 * HOUR)
    expect(after.getTime() - beforeTheChange.getTime()).toBe(8 * HOUR * 1000)
    const inBerlin = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/Berlin' })
    expect(inBerlin.format(after)).toBe('07:30')
  })

  it('is undone by its opposite', () => {
    const moments = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: LONGEST }), (moment, seconds) => {
        expect(plus(plus(moment, seconds), -seconds)).toEqual(moment)
      }),
    )
  })
})

describe('slack', () => {
  it.each([
    [0, 15 * MINUTE],
    [15 * MINUTE, 15 * MINUTE],
    [15 * MINUTE + 1, 15 * MINUTE + 1],
    [HOUR, HOUR],
  ])('for an effect delay of %d s is %d s', (delay, slack) => expect(slackSeconds(delay)).toBe(slack))
})

describe('the floor an organisation may set', () => {
  const refusal = (message: string) => ({ ok: false, code: 'invalid', field: 'floorSeconds', message })
  it.each([
    [15 * MINUTE, null],
    [6 * HOUR, null],
    [LONGEST, null],
    [15 * MINUTE - 1, refusal('The minimum can be lowered to 15 minutes, not further')],
    [0, refusal('The minimum can be lowered to 15 minutes, not further')],
    [HOUR + 0.5, refusal('The minimum can be lowered to 15 minutes, not further')],
    [Number.NaN, refusal('The minimum can be lowered to 15 minutes, not further')],
    [LONGEST + 1, refusal('The minimum cannot be longer than 366 days')],
  ])('%d s', (seconds, answer) => expect(checkFloor(seconds)).toEqual(answer))
})

describe('a preset', () => {
  const limits = { floorSeconds: 6 * HOUR, maxSeconds: 3 * DAY }
  const tooShort = 'The minimum is 6 hours'
  const tooLong = 'The maximum of this policy is 3 days'
  const whole = 'Give a whole number of minutes, hours or days'
  const sayNotice = 'Say how long before the end the notice goes out'
  const beforeTheEnd = 'The notice must come before the end'
  it.each([
    [6 * HOUR, HOUR, {}],
    [3 * DAY, 1, {}],
    [6 * HOUR, 6 * HOUR - 1, {}],
    [6 * HOUR - 1, HOUR, { seconds: tooShort }],
    [15 * MINUTE, 5 * MINUTE, { seconds: tooShort }],
    [3 * DAY + 1, HOUR, { seconds: tooLong }],
    [0, HOUR, { seconds: whole, noticeSeconds: beforeTheEnd }],
    [-HOUR, HOUR, { seconds: whole, noticeSeconds: beforeTheEnd }],
    [6.5 * HOUR + 0.5, HOUR, { seconds: whole }],
    [6 * HOUR, 6 * HOUR, { noticeSeconds: beforeTheEnd }],
    [6 * HOUR, 7 * HOUR, { noticeSeconds: beforeTheEnd }],
    [6 * HOUR, 0, { noticeSeconds: sayNotice }],
    [6 * HOUR, -1, { noticeSeconds: sayNotice }],
    [6 * HOUR, 0.5, { noticeSeconds: sayNotice }],
    [HOUR, HOUR, { seconds: tooShort, noticeSeconds: beforeTheEnd }],
  ])('of %d s with a notice %d s before its end', (seconds, noticeSeconds, problems) =>
    expect(checkPreset({ seconds, noticeSeconds }, limits)).toEqual(problems),
  )
})
