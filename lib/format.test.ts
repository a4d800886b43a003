import { describe, expect, it } from 'vitest'
import {
  formatClock,
  formatDay,
  formatDuration,
  formatDurationShort,
  formatLateness,
  formatPrecise,
  formatRelative,
  initials,
  zoneLabel,
} from './format'

const HOUR = 3_600
const DAY = 24 * HOUR
const berlin = 'Europe/Berlin'
/** Thu 12 Nov 2026, 14:27:46 in Berlin. */
const now = new Date('2026-11-12T13:27:46.000Z')

describe('lengths', () => {
  it.each([
    [6 * HOUR, '6 hours', '6 h'],
    [DAY, '1 day', '1 d'],
    [24 * HOUR + 6 * HOUR, '1 day 6 hours', '1 d 6 h'],
    [90 * 60, '1 hour 30 minutes', '1 h 30 min'],
    [45 * 60, '45 minutes', '45 min'],
    [60, '1 minute', '1 min'],
    [59, '59 seconds', '59 s'],
    [1, '1 second', '1 s'],
    [0, '0 minutes', '0 min'],
    [-5, '0 minutes', '0 min'],
    [366 * DAY, '366 days', '366 d'],
    [DAY + HOUR + 60 + 59, '1 day 1 hour 1 minute', '1 d 1 h 1 min'],
  ])('%d s is "%s" and "%s"', (seconds, long, short) => {
    expect(formatDuration(seconds)).toBe(long)
    expect(formatDurationShort(seconds)).toBe(short)
  })
})

describe('distance from now', () => {
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  it.each([
    [3 * HOUR + 12 * 60 + 59, 'in 3 h 12 min'],
    [-38 * 60, '38 min ago'],
    [HOUR + 4 * 60, 'in 1 h 04 min'],
    [0, 'now'],
    [0.9, 'now'],
    [-0.9, 'now'],
    [40, 'in 40 s'],
    [-1, '1 s ago'],
    [DAY, 'in 1 d'],
    [DAY + 14 * 60, 'in 1 d'],
    [2 * DAY + 4 * HOUR + 120, 'in 2 d 4 h'],
    [20 * DAY + 4 * HOUR, 'in 20 d'],
    [-(6 * HOUR), '6 h ago'],
  ])('%d s away is "%s"', (seconds, text) => {
    expect(formatRelative(at(seconds), now)).toBe(text)
  })
})

describe('a point in time', () => {
  it.each([
    ['2026-11-12T16:40:00Z', 'today 17:40'],
    ['2026-11-13T13:03:00Z', 'tomorrow 14:03'],
    ['2026-11-11T14:32:00Z', 'yesterday 15:32'],
    ['2026-11-17T15:20:00Z', 'Tue 17 Nov 16:20'],
    ['2027-01-04T08:00:00Z', 'Mon 4 Jan 2027 09:00'],
    ['2026-11-12T23:00:00Z', 'tomorrow 00:00'],
    ['2026-09-01T10:00:00Z', 'Tue 1 Sep 12:00'],
  ])('%s is "%s" in Berlin', (at, text) => {
    expect(formatClock(new Date(at), berlin, now)).toBe(text)
  })

  it('counts days on the wall clock of the reader, also over a clock change', () => {
    const beforeChange = new Date('2026-10-24T21:30:00Z') // Sat 23:30, CEST
    const after = new Date('2026-10-25T22:30:00Z') // Sun 23:30, CET: 25 hours later
    expect(formatClock(after, berlin, beforeChange)).toBe('tomorrow 23:30')
    expect(formatClock(after, 'America/New_York', beforeChange)).toBe('tomorrow 18:30')
  })

  it('names the day for a heading', () => {
    expect(formatDay(now, berlin, now)).toBe('Today, Thu 12 Nov')
    expect(formatDay(new Date('2026-11-11T10:00:00Z'), berlin, now)).toBe('Yesterday, Wed 11 Nov')
    expect(formatDay(new Date('2026-11-10T10:00:00Z'), berlin, now)).toBe('Tue 10 Nov')
    expect(formatDay(new Date('2025-11-10T10:00:00Z'), berlin, now)).toBe('Mon 10 Nov 2025')
  })

  it('gives evidence to the tenth of a second', () => {
    expect(formatPrecise(new Date('2026-11-11T14:32:04.690Z'), berlin)).toBe('15:32:04.6')
    expect(formatPrecise(new Date('2026-11-11T23:00:00.000Z'), berlin)).toBe('00:00:00.0')
  })
})

describe('lateness', () => {
  it.each([
    [600, '0.6 s'],
    [0, '0.0 s'],
    [-20, '0.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min'],
    [38 * 60_000, '38 min'],
    [125 * 60_000, '2 h 05 min'],
  ])('%d ms is "%s"', (ms, text) => {
    expect(formatLateness(ms)).toBe(text)
  })
})

describe('zones', () => {
  it.each([
    [berlin, '2026-11-12T13:00:00Z', 'Europe/Berlin (CET)'],
    [berlin, '2026-07-12T13:00:00Z', 'Europe/Berlin (CEST)'],
    ['Europe/London', '2026-07-12T13:00:00Z', 'Europe/London (BST)'],
    ['America/New_York', '2026-11-12T13:00:00Z', 'America/New_York (EST)'],
    ['Asia/Tashkent', '2026-11-12T13:00:00Z', 'Asia/Tashkent (GMT+5)'],
    ['UTC', '2026-11-12T13:00:00Z', 'UTC'],
  ])('%s at %s is "%s"', (zone, at, text) => {
    expect(zoneLabel(zone, new Date(at))).toBe(text)
  })
})

describe('initials', () => {
  it.each([
    ['Ana Oliveira', 'AO'],
    ['Tomás de la Rivera', 'TR'],
    ['Émile', 'ÉM'],
    ['ana.oliveira@halden.example', 'AO'],
    ['  ', '?'],
    ['x', 'X'],
  ])('%s is "%s"', (name, text) => {
    expect(initials(name)).toBe(text)
  })
})
