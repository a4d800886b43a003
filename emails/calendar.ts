import { createEvent, type DateArray, type EventAttributes } from 'ics'
import type { AccessRef, MailAttachment } from './props'
import { clean, named } from './words'

/** What the calendar entry for an end needs. */
export interface EndEntry extends AccessRef {
  /** The same grant keeps the same entry. */
  grantId: string
  /** A higher number replaces what the calendar has. */
  sequence: number
  endsAt: Date
  now: Date
  url: string
}

const utc = (at: Date): DateArray => [
  at.getUTCFullYear(),
  at.getUTCMonth() + 1,
  at.getUTCDate(),
  at.getUTCHours(),
  at.getUTCMinutes(),
]

/** The end as a calendar entry: in UTC, taking no time, moved (not doubled) by a later one. */
export function endEntry(entry: EndEntry): MailAttachment {
  const what = `${named(entry.entitlement)} on ${named(entry.application)}`
  const event: EventAttributes & { timestamp: number } = {
    uid: `${clean(entry.grantId)}@grants.leasehold`,
    sequence: entry.sequence,
    // The library would take its own clock otherwise.
    timestamp: entry.now.getTime(),
    start: utc(entry.endsAt),
    startInputType: 'utc',
    startOutputType: 'utc',
    duration: { minutes: 5 },
    title: `${what} ends`,
    description: `It ends by itself. What you can do until then: ${entry.url}`,
    url: entry.url,
    status: 'CONFIRMED',
    busyStatus: 'FREE',
    transp: 'TRANSPARENT',
    classification: 'PRIVATE',
    productId: '-//Leasehold//Access//EN',
    method: 'PUBLISH',
  }
  const { error, value } = createEvent(event)
  if (error || !value) throw error ?? new Error('The calendar entry could not be written')
  const clock = entry.endsAt.toISOString().slice(0, 16).replace(':', '').replace('T', '-')
  return {
    filename: `ends-${clock}Z.ics`,
    contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
    content: value,
  }
}
