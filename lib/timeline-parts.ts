import { durationWords } from '@/lib/domain/duration'
import type { TimelineVerb } from '@/lib/domain/timeline'
import { formatClock, formatLateness } from '@/lib/format'

/** One timeline entry as the screens get it. `data` is what the entry stored; its moments are ISO strings. */
export interface TimelineEntryView {
  readonly id: string
  readonly subjectType: string
  readonly verb: TimelineVerb
  readonly at: Date
  /** The person who did it; null when the product itself did. */
  readonly actorName: string | null
  readonly data: Readonly<Record<string, unknown>>
}

/** What the sentences speak about, where it is known. */
export interface TimelinePlace {
  /** The reader's zone and now, for the times inside sentences. */
  readonly zone: string
  readonly now: Date
  readonly application?: string
  readonly entitlement?: string
  /** The holder's name. */
  readonly holder?: string
  /** Whether the request the entry belongs to asks for more time. */
  readonly extension?: boolean
  /** How many approval steps there are, for "step 1 of 2". */
  readonly steps?: number
}

/** A sentence: who in bold, then the text; a second line; how late it was. Icon names are the design system's. */
export interface TimelineWords {
  readonly icon: TimelineIcon
  readonly tone?: 'ok' | 'warn' | 'bad' | 'wait' | 'info' | 'off'
  readonly who?: string
  readonly text: string
  readonly detail?: string
  readonly lateness?: string
  /** The lateness is a proof of being on time. */
  readonly latenessOk?: boolean
}

export type TimelineIcon =
  | 'arrow-up-right'
  | 'ban'
  | 'bell-off'
  | 'bell-ring'
  | 'calendar-clock'
  | 'check'
  | 'circle-alert'
  | 'circle-x'
  | 'eye'
  | 'file-text'
  | 'hand'
  | 'hourglass'
  | 'key'
  | 'key-round'
  | 'link'
  | 'log-in'
  | 'log-out'
  | 'message'
  | 'octagon-alert'
  | 'pencil'
  | 'pin'
  | 'play'
  | 'plus'
  | 'power'
  | 'refresh'
  | 'send'
  | 'shield-check'
  | 'timer-off'
  | 'timer-reset'
  | 'trash'
  | 'triangle-alert'
  | 'undo'
  | 'user-check'
  | 'users'
  | 'user-x'

/** What the sentences are put together from: values of an entry's data, read without trust. */

/** Under this an act of ours is on time, and its lateness is shown as the proof of it. */
const ON_TIME_MS = 5_000

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined
export const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
export const quoted = (value: unknown): string | undefined => {
  const said = text(value)
  return said && `“${said}”`
}
export const moment = (value: unknown): Date | undefined => {
  if (value instanceof Date) return value
  if (typeof value !== 'string') return undefined
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? undefined : at
}
export const clock = (value: unknown, place: TimelinePlace): string | undefined => {
  const at = moment(value)
  return at && formatClock(at, place.zone, place.now)
}
export const length = (value: unknown): string => {
  const seconds = number(value)
  return seconds === undefined ? 'permanent access' : durationWords(seconds)
}
export const sentences = (...parts: (string | undefined | false)[]): string | undefined =>
  parts.filter(Boolean).join(' ') || undefined
export const target = (place: TimelinePlace) => place.application ?? 'the target'
export const late = (
  ms: number | undefined,
  after: string,
): Pick<TimelineWords, 'lateness' | 'latenessOk'> =>
  ms === undefined ? {} : { lateness: `${formatLateness(ms)} ${after}`, latenessOk: ms <= ON_TIME_MS }
