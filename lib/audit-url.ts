import { type SubjectType, subjectTypes, type TimelineVerb, timelineVerbs } from './domain/timeline'
import {
  type DayRange,
  type FilterReader,
  isOneOf,
  isUuidText,
  type RawSearch,
  readFilters,
} from './filter-url'

/** The state of the audit log as its URL holds it: bookmarkable, and nothing else remembers it. */
export interface AuditView {
  readonly people: readonly string[]
  /** Whether these people did it, or it is about them. */
  readonly part: AuditPart
  readonly applications: readonly string[]
  /** Kinds of objects. */
  readonly kinds: readonly SubjectType[]
  /** One object alone. */
  readonly object: AuditObject | null
  readonly verbs: readonly TimelineVerb[]
  readonly time: TimeFilter | null
  /** Where the page starts; checked where it is used. Empty for the first page. */
  readonly cursor: string
}

export const auditParts = ['any', 'actor', 'about'] as const
export type AuditPart = (typeof auditParts)[number]
export const partLabels: Record<AuditPart, string> = {
  any: 'Did it, or it is about them',
  actor: 'Did it',
  about: 'It is about them',
}

export interface AuditObject {
  readonly type: SubjectType
  readonly id: string
}

export const timePresets = ['1h', '24h', '7d', '30d'] as const
export type TimePreset = (typeof timePresets)[number]
export const timeLabels: Record<TimePreset, string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
}
/** The length of each, in milliseconds. */
export const timeSpans: Record<TimePreset, number> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
}

/** Back from now, or days in the reader's zone, both inclusive. */
export type TimeFilter =
  | { readonly kind: 'preset'; readonly preset: TimePreset }
  | (DayRange & { readonly kind: 'range' })

export const plainAuditView: AuditView = {
  people: [],
  part: 'any',
  applications: [],
  kinds: [],
  object: null,
  verbs: [],
  time: null,
  cursor: '',
}

/**
 * Reads the URL. Values that are none are left out and named in `notes`, one sentence each: a bookmark with a
 * typing error still opens, and says what it does not do.
 */
export function parseAuditView(search: RawSearch): { view: AuditView; notes: string[] } {
  const filters = readFilters(search)
  const { notes, get, many } = filters
  const part = auditParts.find((candidate) => candidate === get('part'))
  if (get('part') !== '' && !part)
    notes.push('The address names a part in it that does not exist; it is left out.')
  const people = many('person', isUuidText, 'a person')
  const view: AuditView = {
    people,
    part: people.length > 0 ? (part ?? 'any') : 'any',
    applications: many('application', isUuidText, 'an application'),
    kinds: many('kind', isOneOf(subjectTypes), 'a kind of object'),
    object: parseObject(get('object'), notes),
    verbs: many('verb', isOneOf(timelineVerbs), 'something that'),
    time: parseTime(filters),
    cursor: get('at'),
  }
  return { view, notes: [...new Set(notes)] }
}

function parseObject(text: string, notes: string[]): AuditObject | null {
  if (text === '') return null
  const [name = '', id = ''] = text.split(':')
  const type = subjectTypes.find((candidate) => candidate === name)
  if (type && isUuidText(id)) return { type, id }
  notes.push('The address names an object that cannot exist; left out.')
  return null
}

function parseTime({ get, notes, days }: FilterReader): TimeFilter | null {
  const preset = get('time')
  if (preset !== '') {
    const found = timePresets.find((candidate) => candidate === preset)
    if (found) return { kind: 'preset', preset: found }
    notes.push('The address names a time that does not exist; it is left out.')
  }
  const range = days()
  return range && { kind: 'range', ...range }
}

/** The query string of a view, canonical and without the leading `?`; empty for the plain log. */
export function auditQuery(view: AuditView): string {
  const entries: [string, string][] = []
  const put = (name: string, value: string) => {
    if (value !== '') entries.push([name, value])
  }
  put('person', view.people.join(','))
  put('part', view.people.length === 0 || view.part === 'any' ? '' : view.part)
  put('application', view.applications.join(','))
  put('kind', view.kinds.join(','))
  put('object', view.object ? `${view.object.type}:${view.object.id}` : '')
  put('verb', view.verbs.join(','))
  if (view.time?.kind === 'preset') put('time', view.time.preset)
  if (view.time?.kind === 'range') {
    put('from', view.time.from ?? '')
    put('to', view.time.to ?? '')
  }
  put('at', view.cursor)
  // Commas and colons stay readable; everything else is escaped as usual.
  return new URLSearchParams(entries).toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
}

export const AUDIT_PATH = '/settings/audit'
export const DELIVERY_PATH = `${AUDIT_PATH}/delivery`
export const REFUSALS_PATH = `${AUDIT_PATH}/refusals`

/** The address of the log in this view. */
export function auditHref(view: AuditView): string {
  const query = auditQuery(view)
  return query ? `${AUDIT_PATH}?${query}` : AUDIT_PATH
}

/** CSV for spreadsheets, JSON Lines for programs, and JSON Lines as OCSF events for a SIEM. */
export const auditFormats = ['csv', 'jsonl', 'ocsf'] as const
export type AuditFormat = (typeof auditFormats)[number]

/** Where the entries of a view are had as a file. */
export function auditExportHref(view: AuditView, format: AuditFormat): string {
  const query = auditQuery({ ...view, cursor: '' })
  return `${AUDIT_PATH}/export?format=${format}${query ? `&${query}` : ''}`
}

/** The view after a change of what it shows: always its first page, since the old position means nothing there. */
export function changedAudit(view: AuditView, changes: Partial<Omit<AuditView, 'cursor'>>): AuditView {
  const next = { ...view, ...changes, cursor: '' }
  return next.people.length === 0 ? { ...next, part: 'any' } : next
}

/** How many filters are on. */
export function auditFilterCount(view: AuditView): number {
  const lists = [view.people, view.applications, view.kinds, view.verbs]
  return lists.filter((list) => list.length > 0).length + (view.object ? 1 : 0) + (view.time ? 1 : 0)
}
