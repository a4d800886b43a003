import { isValid, parseISO } from 'date-fns'

/** What Next.js hands a page, or an URL's own search parameters. */
export type RawSearch = Record<string, string | string[] | undefined> | URLSearchParams

/** Days of the calendar as 2026-11-12, both included; at least one of them is there. */
export interface DayRange {
  readonly from: string | null
  readonly to: string | null
}

/** Reads the filters of a list from its address. */
export interface FilterReader {
  /** What of it is no value, one sentence each: a bookmark with a typing error still opens, and says what it does not do. */
  readonly notes: string[]
  /** A parameter's text; those given more than once are joined by commas. Empty where there is none. */
  get(name: string): string
  /** The values of a list that are allowed, each once and at most fifty. `what` names one in a note. */
  many<T extends string>(name: string, allowed: (value: string) => value is T, what: string): T[]
  /** `from` and `to`; null where neither is a day, or the range is the wrong way round. */
  days(): DayRange | null
}

const MOST_PICKED = 50

/** Opens the address of a list for reading. */
export function readFilters(search: RawSearch): FilterReader {
  const notes: string[] = []
  const get =
    search instanceof URLSearchParams
      ? (name: string) => search.getAll(name).join(',')
      : (name: string) => [search[name] ?? ''].flat().join(',')
  const day = (name: string): string | null => {
    const value = get(name)
    if (value === '' || isDay(value)) return value || null
    notes.push(`“${value.slice(0, 20)}” is not a day; write it as 2026-11-12.`)
    return null
  }
  return {
    notes,
    get,
    many(name, allowed, what) {
      const values = [...new Set(get(name).split(',').filter(Boolean))]
      const good = values.filter(allowed)
      if (good.length < values.length) notes.push(`The address names ${what} that cannot exist; left out.`)
      if (good.length > MOST_PICKED) notes.push(`At most ${MOST_PICKED} of one kind can be filtered for.`)
      return good.slice(0, MOST_PICKED)
    },
    days() {
      const [from, to] = [day('from'), day('to')]
      if (from && to && from > to) {
        notes.push('The first day of the range lies after the last one; the range is left out.')
        return null
      }
      return from || to ? { from, to } : null
    },
  }
}

// By hand: read in the browser too, where a schema library weighs more than the list it serves.
export const isUuidText = (value: string): value is string =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)

/** A day of the calendar as 2026-11-12, from 1970 on. */
function isDay(value: string): boolean {
  return /^(19[7-9]|[2-9]\d\d)\d-\d\d-\d\d$/.test(value) && isValid(parseISO(value))
}

/** Whether a text is one of these. */
export function isOneOf<T extends string>(allowed: readonly T[]) {
  return (value: string): value is T => allowed.some((candidate) => candidate === value)
}
