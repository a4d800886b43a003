import { describe, expect, it } from 'vitest'
import { about, clean, cleanLines, first, list, named, times } from './words'

describe('clean', () => {
  it('leaves real names as they are', () => {
    for (const name of ['Tomás Rivera', 'Łukasz Żółć', '山田 太郎', 'محمد علي', "O'Brien-Smith", 'नमिता']) {
      expect(clean(name)).toBe(name)
    }
  })

  it('removes what is not seen or changes the order, and makes one line', () => {
    expect(clean('a\u202eb\u2066c\u200bd\ufeffe\u00adf\u3164g\u{e0041}h')).toBe('abcdefgh')
    expect(clean(' a\r\nb\u2028c\td\u0085e\u0000 ')).toBe('a b c d e')
    expect(clean('a\ud800b')).toBe('ab')
  })

  it('keeps paragraphs where lines are allowed', () => {
    expect(cleanLines('\n one \r\n\n\n\ntwo\u2028three\n')).toEqual(['one', '', 'two', 'three'])
  })
})

describe('names', () => {
  it('bounds them by characters, not by halves of one', () => {
    expect(named('𝒜'.repeat(80))).toBe(`${'𝒜'.repeat(59)}…`)
    expect(named('\u200b\u202e')).toBe('(no name)')
    expect(first(' Ana  Oliveira ')).toBe('Ana')
  })

  it('counts the rest of a long list', () => {
    expect(list([])).toBe('')
    expect(list(['Ben'])).toBe('Ben')
    expect(list(['Ben', 'Jun', 'Mira'], 'or')).toBe('Ben, Jun or Mira')
    expect(list(['A', 'B', 'C', 'D', 'E', 'F'])).toBe('A, B, C, D and 2 others')
  })
})

describe('times', () => {
  const now = new Date('2026-03-29T00:30:00Z')

  it('names the zone as it is at that moment, across a change of clocks', () => {
    const t = times({ zone: 'Europe/Berlin', now })
    expect(t.zone(now)).toBe('Berlin time (CET)')
    const later = new Date('2026-03-29T06:30:00Z')
    expect(t.zone(later)).toBe('Berlin time (CEST)')
    expect(t.at(later)).toBe('today at 08:30')
  })

  it('names zones without a city', () => {
    for (const zone of ['UTC', 'Etc/UTC']) expect(times({ zone, now }).zone(now)).toBe('UTC')
    expect(times({ zone: 'America/Argentina/Buenos_Aires', now }).zone(now)).toMatch(
      /^Buenos Aires time \(.+\)$/,
    )
  })

  it('gives the date once it is not today, and the year once it is another', () => {
    const t = times({ zone: 'Europe/Berlin', now })
    expect(t.at(new Date('2026-03-30T06:30:00Z'))).toBe('on Mon 30 Mar at 08:30')
    expect(t.until(new Date('2026-03-28T20:00:00Z'))).toBe('Sat 28 Mar 21:00')
    expect(t.by(new Date('2027-01-01T06:30:00Z'))).toBe('Fri 1 Jan 2027 at 07:30')
    expect(t.exact(new Date('2026-03-29T06:30:05.900Z'))).toBe('08:30:05')
  })

  it('rounds a distance as one would say it', () => {
    const minutes = (count: number) => about(count * 60_000)
    expect(minutes(0.2)).toBe('less than a minute')
    expect(minutes(59.6)).toBe('1 hour')
    expect(minutes(61.4)).toBe('1 hour 1 minute')
    expect(minutes(238.9)).toBe('4 hours')
    expect(about(-5)).toBe('less than a minute')
  })
})
