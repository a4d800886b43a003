import { describe, expect, it } from 'vitest'
import { times } from '@/emails/words'
import { formatClock, formatDay, formatShortDay, formatTime, zoneLabel } from './format'
import { momentIn, wallClock } from './forms/people'
import { isLocale, isZone, offeredLocales, readerZone, styleOf, zoneOf } from './reader-zone'

const now = new Date('2026-11-12T13:02:00Z')
const later = new Date('2026-11-13T16:40:00Z')
const other = new Date('2027-01-05T23:05:00Z')
const us = readerZone('America/New_York', 'en-US')
const se = readerZone('Europe/Stockholm', 'sv-SE')

describe('how somebody reads times', () => {
  it.each([
    ['Europe/Berlin', 'tomorrow 17:40', 'Wed 6 Jan 2027 00:05', '13 Nov', '6 Jan 2027'],
    [us, 'tomorrow 11:40 AM', 'Tue Jan 5, 2027 6:05 PM', 'Nov 13', 'Jan 5, 2027'],
    [se, 'tomorrow 17:40', 'Wed 2027-01-06 00:05', '2026-11-13', '2027-01-06'],
  ])('%s', (zone, near, far, short, shortFar) => {
    expect(formatClock(later, zone, now)).toBe(near)
    expect(formatClock(other, zone, now)).toBe(far)
    expect(formatShortDay(later, zone, now)).toBe(short)
    expect(formatShortDay(other, zone, now)).toBe(shortFar)
  })

  it('counts noon and midnight as twelve', () => {
    const at = (hour: string) => formatTime(new Date(`2026-11-12T${hour}:07Z`), readerZone('UTC', 'en-US'))
    expect(['00:00', '01:05', '12:00', '13:30', '23:59'].map(at)).toEqual([
      '12:00 AM',
      '1:05 AM',
      '12:00 PM',
      '1:30 PM',
      '11:59 PM',
    ])
  })

  it('is the same in mails', () => {
    expect(times({ zone: us, now }).at(later)).toBe('on Fri Nov 13 at 11:40 AM')
    expect(times({ zone: us, now }).zone(later)).toBe('New York time (EST)')
    expect(times({ zone: se, now }).full(later)).toBe('Fri 2026-11-13 17:40')
  })

  it('names and reads the zone as ever', () => {
    expect(zoneLabel(us, now)).toBe('America/New_York (EST)')
    expect(formatDay(now, us, now)).toBe('Today, Thu Nov 12')
    expect(wallClock(later, us)).toBe('2026-11-13T11:40')
    expect(momentIn('2026-11-13T11:40', us)).toEqual(later)
    expect(isZone(us)).toBe(true)
    expect(isZone('Mars/Base;en-US')).toBe(false)
    expect(zoneOf(us)).toBe('America/New_York')
  })

  it('takes a locale that is none for no choice', () => {
    for (const text of ['', 'english!', 'x'.repeat(60), 'de_DE']) expect(isLocale(text)).toBe(false)
    expect(styleOf('UTC;not a locale')).toEqual({ order: 'day-first', twelve: false })
    for (const { value } of offeredLocales) expect(isLocale(value)).toBe(true)
  })
})
