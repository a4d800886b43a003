/**
 * How the product writes times and lengths. Pure: every "now" and every zone is handed in. A zone may carry the reader's
 * locale (`reader-zone.ts`).
 */
import { styleOf, zoneOf } from './reader-zone'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400

type Unit = { size: number; long: string; short: string }

const UNITS: readonly Unit[] = [
  { size: DAY, long: 'day', short: 'd' },
  { size: HOUR, long: 'hour', short: 'h' },
  { size: MINUTE, long: 'minute', short: 'min' },
  { size: 1, long: 'second', short: 's' },
]

type Part = { count: number; unit: Unit }

/** Whole units, largest first, without the zero ones; seconds only below one minute. */
function split(seconds: number): Part[] {
  let rest = Math.max(0, Math.floor(seconds))
  const units = rest < MINUTE ? UNITS : UNITS.slice(0, 3)
  const parts: Part[] = []
  for (const unit of units) {
    const count = Math.floor(rest / unit.size)
    rest -= count * unit.size
    if (count > 0) parts.push({ count, unit })
  }
  return parts
}

const short = (parts: Part[]) => parts.map((part) => `${part.count} ${part.unit.short}`).join(' ')

/**
 * A length in words: "6 hours", "1 day 6 hours", "1 hour 30 minutes".
 * Takes seconds, rounded down to the minute (to the second below one minute).
 */
export function formatDuration(seconds: number): string {
  const parts = split(seconds)
  if (parts.length === 0) return '0 minutes'
  return parts.map(({ count, unit }) => `${count} ${unit.long}${count === 1 ? '' : 's'}`).join(' ')
}

/** The same length where room is short: "6 h", "1 d 6 h", "45 min". Takes seconds. */
export function formatDurationShort(seconds: number): string {
  return short(split(seconds)) || '0 min'
}

/**
 * Distance from `now` in at most two neighbouring units, rounded down:
 * "in 3 h 12 min", "38 min ago", and "now" within one second.
 */
export function formatRelative(at: Date, now: Date): string {
  const delta = (at.getTime() - now.getTime()) / 1000
  const text = formatSpan(Math.abs(delta))
  if (text === '') return 'now'
  return delta > 0 ? `in ${text}` : `${text} ago`
}

/** Longer ago than a distance says anything: "ended 341 d ago" is better said by its date. */
export function isLongAgo(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() > 60 * DAY * 1000
}

/** Two neighbouring units at most, so "1 d 14 min" is said as "1 d". Empty below one second. */
function formatSpan(seconds: number): string {
  const [first, second] = split(seconds)
  if (!first) return ''
  const neighbour = second && UNITS.indexOf(second.unit) === UNITS.indexOf(first.unit) + 1
  const weeks = first.unit.size === DAY && first.count >= 14
  if (!neighbour || weeks) return short([first])
  // Two digits keep a column of running times still: "1 h 04 min" under "1 h 12 min".
  const digits = second.unit.size === MINUTE ? 2 : 1
  return `${short([first])} ${String(second.count).padStart(digits, '0')} ${second.unit.short}`
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(key: string, zone: string, options: Intl.DateTimeFormatOptions, locale = 'en-GB') {
  const name = zoneOf(zone)
  const id = `${locale}|${key}|${name}`
  let found = formatters.get(id)
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { timeZone: name, ...options })
    formatters.set(id, found)
  }
  return found
}

type Wall = { year: number; month: number; day: number; weekday: string; monthName: string; clock: string }

function wall(at: Date, zone: string): Wall {
  const options = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const
  const found: Record<string, string> = {}
  for (const part of formatter('wall', zone, options).formatToParts(at)) found[part.type] = part.value
  return {
    year: Number(found.year),
    month: Number(found.month),
    day: Number(found.day),
    weekday: found.weekday ?? '',
    monthName: MONTHS[Number(found.month) - 1] ?? '',
    clock: timeOfDay(found.hour ?? '', found.minute ?? '', zone),
  }
}

/** "17:40", or "5:40 PM" where that is how they read it. */
function timeOfDay(hour: string, minute: string, zone: string): string {
  if (!styleOf(zone).twelve) return `${hour}:${minute}`
  const hours = Number(hour)
  return `${hours % 12 || 12}:${minute} ${hours < 12 ? 'AM' : 'PM'}`
}

/** The time of day to the minute, as the reader reads it: "17:40", "5:40 PM". */
export function formatTime(at: Date, zone: string): string {
  return wall(at, zone).clock
}

// Own names: "Sept" in newer locale data would make the same mail read differently per machine.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Calendar days from `now` to `at` on the wall clock of the zone. */
function daysApart(at: Wall, now: Wall): number {
  const midnight = (w: Wall) => Date.UTC(w.year, w.month - 1, w.day)
  return Math.round((midnight(at) - midnight(now)) / (DAY * 1000))
}

const NEAR: Record<number, string> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }

/**
 * A point in time to the minute in the reader's zone: "today 17:40", "tomorrow 14:03",
 * "Tue 17 Nov 16:20", with the year when it is another one than now's.
 */
export function formatClock(at: Date, zone: string, now: Date): string {
  const there = wall(at, zone)
  const here = wall(now, zone)
  const near = NEAR[daysApart(there, here)]
  return `${near ?? calendarDay(there, here, zone)} ${there.clock}`
}

function calendarDay(there: Wall, here: Wall, zone: string): string {
  return `${there.weekday} ${dateOf(there, zone, there.year !== here.year)}`
}

/** "13 Nov", "Nov 13", "2026-11-13"; with the year where it is asked for, and always where it stands first. */
function dateOf({ year, month, day, monthName }: Wall, zone: string, withYear: boolean): string {
  const { order } = styleOf(zone)
  const two = (n: number) => String(n).padStart(2, '0')
  if (order === 'year-first') return `${year}-${two(month)}-${two(day)}`
  if (order === 'month-first') return `${monthName} ${day}${withYear ? `, ${year}` : ''}`
  return `${day} ${monthName}${withYear ? ` ${year}` : ''}`
}

/** A day in a narrow column, in the reader's zone: "21 Oct", with the year when it is another one. */
export function formatShortDay(at: Date, zone: string, now: Date): string {
  const there = wall(at, zone)
  return dateOf(there, zone, there.year !== wall(now, zone).year)
}

/** The time of day to the tenth of a second, for evidence: "15:32:04.6". Cut, not rounded. */
export function formatPrecise(at: Date, zone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const tenth = Math.floor((((at.getTime() % 1000) + 1000) % 1000) / 100)
  return `${formatter('precise', zone, options).format(at)}.${tenth}`
}

/** A calendar day in the reader's zone: "Today, Thu 12 Nov", "Wed 11 Nov". */
export function formatDay(at: Date, zone: string, now: Date): string {
  const there = wall(at, zone)
  const here = wall(now, zone)
  const day = calendarDay(there, here, zone)
  const near = NEAR[daysApart(there, here)]
  return near ? `${near.charAt(0).toUpperCase()}${near.slice(1)}, ${day}` : day
}

/** How late something was, in milliseconds: "0.6 s" below a minute, then "38 min", "2 h 05 min". */
export function formatLateness(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  // 59.95 s and more would read "60.0 s".
  return formatSpan(Math.max(MINUTE, seconds))
}

/**
 * The zone with its abbreviation at that moment: "Europe/Berlin (CET)".
 * Zones without a common abbreviation show their offset: "Asia/Tashkent (GMT+5)".
 */
export function zoneLabel(zone: string, at: Date): string {
  const names = ['en-GB', 'en-US', 'en-AU'].map((locale) => {
    const parts = formatter('zone', zone, { timeZoneName: 'short' }, locale).formatToParts(at)
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  })
  const named = names.find((name) => name && !/^(GMT|UTC)[+-]/.test(name))
  const label = named ?? names[0]
  const name = zoneOf(zone)
  return !label || label === name ? name : `${name} (${label})`
}

/** Two letters for an avatar: first and last word of the name, "AO" for Ana Oliveira. */
export function initials(name: string): string {
  const person = name.split('@')[0] ?? ''
  const words = person.split(/[\s\-_.]+/).filter((word) => /\p{L}|\p{N}/u.test(word))
  const first = words[0]
  if (!first) return '?'
  const last = words.length > 1 ? words[words.length - 1] : undefined
  const letters = last ? [firstLetter(first), firstLetter(last)] : [...first].slice(0, 2)
  return letters.join('').toLocaleUpperCase('en')
}

const firstLetter = (word: string) => word.match(/\p{L}|\p{N}/u)?.[0] ?? ''
