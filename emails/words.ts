import { formatDay, formatDuration, formatPrecise, formatTime, zoneLabel } from '@/lib/format'
import { isZone } from '@/lib/reader-zone'
import type { Because, DecisionRef, HeldAccess, MailBase } from './props'

// Invisible or reordering: with them a name could pass for another, or a line for one of ours.
const HIDDEN = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Default_Ignorable_Code_Point}/gu
const BREAKS = /[\p{Z}\t-\r\u0085]+/gu

/** Text on one line, without control, bidirectional and zero-width characters; outer spaces are kept. */
export function cleanPiece(text: string): string {
  return text.replace(BREAKS, ' ').replace(HIDDEN, '').replace(/ {2,}/g, ' ')
}

/** One clean line of what somebody typed: safe in a header, in text and beside our own words. */
export function clean(text: string): string {
  return cleanPiece(text).trim()
}

/** The same for longer words, line by line; no empty lines at the edges, and never two in a row. */
export function cleanLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map(clean)
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .split('\n')
}

/** A name of bounded length, so that one long name cannot push the rest out of a subject. */
export function named(text: string, max = 60): string {
  const line = clean(text)
  const letters = [...line]
  if (letters.length > max)
    return `${letters
      .slice(0, max - 1)
      .join('')
      .trimEnd()}…`
  return line || '(no name)'
}

/** What one calls a person in the second sentence: "Ana". */
export function first(name: string): string {
  const whole = named(name)
  return whole === '(no name)' ? whole : (whole.split(' ')[0] ?? whole)
}

/** "Ben, Jun or Tomás"; from the fifth on the rest is counted. */
export function list(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  const all = names.map((name) => named(name))
  const shown = all.length > 5 ? [...all.slice(0, 4), `${all.length - 4} others`] : all
  if (shown.length < 2) return shown[0] ?? ''
  return `${shown.slice(0, -1).join(', ')} ${word} ${shown[shown.length - 1]}`
}

/** "1 time", "7 times". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Starts a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Ends a sentence that somebody else wrote, once. */
export function sentence(text: string): string {
  const line = clean(text)
  return /[.!?…。]$/u.test(line) ? line : `${line}.`
}

/** "for 1 day", or "permanent" where there is no end. */
export function howLong(seconds: number | null): string {
  return seconds === null ? 'permanent' : `for ${formatDuration(seconds)}`
}

/** A distance as one says it aloud: to the minute, from two hours on to five minutes. Takes milliseconds. */
export function about(ms: number): string {
  const minutes = Math.max(0, ms) / 60_000
  const step = minutes >= 120 ? 5 : 1
  const rounded = Math.round(minutes / step) * step
  return rounded === 0 ? 'less than a minute' : formatDuration(rounded * 60)
}

/** How one mail writes its times: in the reader's zone, and by the date once it is not today. */
export interface Times {
  /** "today at 14:03", "on Fri 13 Nov at 14:03". Never "tomorrow": a mail is read when it is read. */
  at(when: Date): string
  /** "today 14:03", "Fri 13 Nov 14:03". */
  until(when: Date): string
  /** "14:03" today, else "Fri 13 Nov at 14:03". */
  by(when: Date): string
  /** "Fri 13 Nov 14:03", always with its day. */
  full(when: Date): string
  /** "Fri 13 Nov". */
  day(when: Date): string
  /** "14:03". */
  clock(when: Date): string
  /** "14:03:01", for evidence. */
  exact(when: Date): string
  /** "Berlin time (CET)". */
  zone(when: Date): string
  /** Whether that is today. */
  isToday(when: Date): boolean
}

/** The times of one mail. A zone this runtime does not know is written as UTC, and named so. */
export function times(base: { zone: string; now: Date }): Times {
  const zone = isZone(base.zone) ? base.zone : 'UTC'
  const clock = (when: Date) => formatTime(when, zone)
  const day = (when: Date) => formatDay(when, zone, base.now).replace(/^(Today|Tomorrow|Yesterday), /, '')
  const isToday = (when: Date) => formatDay(when, zone, base.now).startsWith('Today')
  const full = (when: Date) => `${day(when)} ${clock(when)}`
  return {
    isToday,
    clock,
    day,
    full,
    at: (when) => (isToday(when) ? `today at ${clock(when)}` : `on ${day(when)} at ${clock(when)}`),
    until: (when) => (isToday(when) ? `today ${clock(when)}` : full(when)),
    by: (when) => (isToday(when) ? clock(when) : `${day(when)} at ${clock(when)}`),
    exact: (when) => formatPrecise(when, zone).slice(0, 8),
    zone: (when) => zoneWords(zone, when),
  }
}

function zoneWords(zone: string, when: Date): string {
  const label = zoneLabel(zone, when)
  const [, name, short] = /^(\S+) \((.+)\)$/.exec(label) ?? []
  if (!name || !short || !name.includes('/') || name.startsWith('Etc/')) return short ?? label
  const city = name.slice(name.lastIndexOf('/') + 1).replaceAll('_', ' ')
  return `${city} time (${short})`
}

/** Each held access on its own line: "Deploy on GitHub, permanent". */
export function heldLines(holds: readonly HeldAccess[], t: Times): string[] {
  const lines = holds.slice(0, 6).map(({ entitlement, application, endsAt }) => {
    const what = `${named(entitlement)} on ${named(application)}`
    return endsAt ? `${what}, until ${t.until(endsAt)}` : `${what}, permanent`
  })
  return holds.length > 6 ? [...lines, `and ${holds.length - 6} more`] : lines
}

/** The reason at the foot: "you own Data warehouse". */
export function becauseWords(because: Because, application: string, person: string): string {
  const words: Record<Because, string> = {
    owner: `you own ${named(application)}`,
    admin: 'you are an administrator',
    manager: `you are ${named(person)}’s manager`,
    named: 'the access policy names you',
    group: 'you belong to a group the access policy names',
    assignee: `you give and take access to ${named(application)} by hand`,
    fallback: 'those who were asked first did not decide, or cannot any more',
    reassigned: 'an administrator had you decide instead',
    substitute: 'somebody who is asked to decide is away and named you',
    separation: 'it needs one more yes, for separation of duties',
    reviewer: `you own ${named(application)} or are an administrator`,
  }
  return words[because]
}

/** Who decided, as the start of a sentence: "Jun Sato, in place of Ben Okafor,". */
export function decidedBy({ by, inPlaceOf }: Pick<DecisionRef, 'by' | 'inPlaceOf'>): string {
  return inPlaceOf ? `${named(by)}, in place of ${named(inPlaceOf)},` : named(by)
}

/** Why the two people of a request get a mail about it. */
export function askedWords({ beneficiary, askedBy }: { beneficiary?: string; askedBy?: string }): string {
  if (askedBy) return `You get this because ${named(askedBy)} asked for you.`
  return beneficiary
    ? `You get this because you asked for ${named(beneficiary)}.`
    : 'You get this because you asked.'
}

/** The record's name as the last sentence of the foot. */
export function reference(base: MailBase): string | undefined {
  return base.reference && `${named(base.reference)}.`
}
