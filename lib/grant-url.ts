import { type GrantStatus, grantStatuses, statusLooks } from '@/lib/grant-status'
import {
  type DayRange,
  type FilterReader,
  isOneOf,
  isUuidText,
  type RawSearch,
  readFilters,
} from './filter-url'
import { withoutNul } from './plain-text'

/** The state of the Access grants table as its URL holds it: bookmarkable, and nothing else remembers it. */
export interface GrantView {
  readonly tab: GrantTab
  /** Free search by substring. */
  readonly q: string
  readonly applications: readonly string[]
  readonly people: readonly string[]
  readonly entitlements: readonly string[]
  readonly statuses: readonly GrantStatus[]
  readonly expiry: ExpiryFilter | null
  readonly sort: GrantSort
  readonly descending: boolean
  /** Where the page starts; checked where it is used. Empty for the first page. */
  readonly cursor: string
  readonly columns: readonly GrantColumn[]
}

export const grantTabs = ['all', 'active', 'inactive', 'overdue'] as const
export type GrantTab = (typeof grantTabs)[number]

export const expiryPresets = ['next-24h', 'next-7d', 'overdue', 'ended-7d', 'none'] as const
export type ExpiryPreset = (typeof expiryPresets)[number]
export const expiryLabels: Record<ExpiryPreset, string> = {
  'next-24h': 'in the next 24 hours',
  'next-7d': 'in the next 7 days',
  overdue: 'overdue',
  'ended-7d': 'ended in the last 7 days',
  none: 'none, permanent',
}

/** A preset, or days in the reader's zone, both inclusive; `orNone` lets access without an end through as well. */
export type ExpiryFilter =
  | { readonly kind: 'preset'; readonly preset: ExpiryPreset }
  | (DayRange & { readonly kind: 'range'; readonly orNone: boolean })

/** `queue` is the order of work: what ends next first, then what has ended, the latest first. */
export const grantSorts = [
  'queue',
  'expiry',
  'granted',
  'person',
  'application',
  'entitlement',
  'status',
] as const
export type GrantSort = (typeof grantSorts)[number]

export const grantColumns = [
  'application',
  'entitlement',
  'status',
  'granted',
  'expiry',
  'notice',
  'reason',
  'policy',
] as const
export type GrantColumn = (typeof grantColumns)[number]
export const columnLabels: Record<GrantColumn, string> = {
  application: 'Application',
  entitlement: 'Entitlement',
  status: 'Status',
  granted: 'Granted',
  expiry: 'Expiry date',
  notice: 'Notice',
  reason: 'Reason',
  policy: 'Access policy',
}
const usualColumns: readonly GrantColumn[] = [
  'application',
  'entitlement',
  'status',
  'granted',
  'expiry',
  'notice',
]

export const plainView: GrantView = {
  tab: 'all',
  q: '',
  applications: [],
  people: [],
  entitlements: [],
  statuses: [],
  expiry: null,
  sort: 'queue',
  descending: false,
  cursor: '',
  columns: usualColumns,
}

/**
 * Reads the URL. Values that are none are left out and named in `notes`, one sentence each: a bookmark with a
 * typing error still opens, and says what it does not do.
 */
export function parseGrantView(search: RawSearch): { view: GrantView; notes: string[] } {
  const filters = readFilters(search)
  const { notes, get, many } = filters
  const one = <T extends string>(name: string, allowed: readonly T[], fallback: T, what: string): T => {
    const value = get(name)
    if (value === '') return fallback
    const found = allowed.find((candidate) => candidate === value)
    if (!found) notes.push(`The address names ${what} that does not exist; it is left out.`)
    return found ?? fallback
  }
  const rawSort = get('sort')
  const sortName = rawSort.replace(/^-/, '')
  const sort = grantSorts.find((candidate) => candidate === sortName)
  if (rawSort !== '' && !sort) notes.push('The address asks for an order that does not exist; left out.')
  const q = get('q').trim()
  if (q.length > 200) notes.push('The search is cut to 200 characters.')
  const columns = get('columns') === '' ? usualColumns : many('columns', isOneOf(grantColumns), 'a column')
  const view: GrantView = {
    tab: one('show', grantTabs, 'all', 'a list'),
    q: withoutNul(q).slice(0, 200),
    applications: many('application', isUuidText, 'an application'),
    people: many('user', isUuidText, 'a person'),
    entitlements: many('entitlement', isUuidText, 'an entitlement'),
    statuses: many('status', isOneOf(grantStatuses), 'a status'),
    expiry: parseExpiry(filters),
    sort: sort ?? 'queue',
    descending: sort !== undefined && rawSort.startsWith('-'),
    cursor: get('at'),
    columns: columns.length === 0 ? usualColumns : grantColumns.filter((c) => columns.includes(c)),
  }
  return { view, notes: [...new Set(notes)] }
}

function parseExpiry({ get, notes, days }: FilterReader): ExpiryFilter | null {
  const preset = get('expiry')
  if (preset !== '') {
    const found = expiryPresets.find((candidate) => candidate === preset)
    if (found) return { kind: 'preset', preset: found }
    notes.push('The address names an expiry range that does not exist; it is left out.')
  }
  const range = days()
  return range && { kind: 'range', ...range, orNone: get('none') === '1' }
}

/** The query string of a view, canonical and without the leading `?`; empty for the plain table. */
export function grantQuery(view: GrantView): string {
  const entries: [string, string][] = []
  const put = (name: string, value: string) => {
    if (value !== '') entries.push([name, value])
  }
  put('show', view.tab === 'all' ? '' : view.tab)
  put('q', view.q)
  put('application', view.applications.join(','))
  put('user', view.people.join(','))
  put('entitlement', view.entitlements.join(','))
  put('status', view.statuses.join(','))
  if (view.expiry?.kind === 'preset') put('expiry', view.expiry.preset)
  if (view.expiry?.kind === 'range') {
    put('from', view.expiry.from ?? '')
    put('to', view.expiry.to ?? '')
    put('none', view.expiry.orNone ? '1' : '')
  }
  const plain = view.sort === 'queue' && !view.descending
  put('sort', plain ? '' : `${view.descending ? '-' : ''}${view.sort}`)
  put('columns', isUsual(view) ? '' : view.columns.join(','))
  put('at', view.cursor)
  // Commas stay readable; everything else is escaped as usual.
  return new URLSearchParams(entries).toString().replaceAll('%2C', ',')
}

/** Whether the columns are those one gets without choosing. */
export function isUsual(view: GrantView): boolean {
  return view.columns.join() === usualColumns.join()
}

export const GRANTS_PATH = '/settings/access-management/grants'

/** The address of the table in this view, or of one grant's details above it. */
export function grantsHref(view: GrantView, grantId?: string): string {
  const query = grantQuery(view)
  return `${GRANTS_PATH}${grantId ? `/${grantId}` : ''}${query ? `?${query}` : ''}`
}

/** The view after a change of what it shows: always its first page, since the old position means nothing there. */
export function changedView(view: GrantView, changes: Partial<Omit<GrantView, 'cursor'>>): GrantView {
  return { ...view, ...changes, cursor: '' }
}

/** How many filters are on, search and tab not counted. */
export function filterCount(view: GrantView): number {
  const lists = [view.applications, view.people, view.entitlements, view.statuses]
  return lists.filter((list) => list.length > 0).length + (view.expiry ? 1 : 0)
}

/** Without any filter or search; tab, order and columns stay. */
export function clearedView(view: GrantView): GrantView {
  const { q, applications, people, entitlements, statuses, expiry } = plainView
  return changedView(view, { q, applications, people, entitlements, statuses, expiry })
}

/** The statuses of a filter in words: "Active, Ending soon". */
export function statusWords(statuses: readonly GrantStatus[]): string {
  return statuses.map((status) => statusLooks[status].label).join(', ')
}

/** CSV for spreadsheets, JSON Lines for programs. */
export const exportFormats = ['csv', 'jsonl'] as const
export type GrantExportFormat = (typeof exportFormats)[number]
