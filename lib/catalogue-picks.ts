import { MOST_AT_ONCE } from '@/lib/domain/request'
import { isUuid } from '@/lib/ids'

/** What was picked in the catalogue, as the address says it (`?pick=…&pick=…`): ids, each once, at most so many. */
export function picksOf(value: string | string[] | undefined): string[] {
  const all = value === undefined ? [] : [value].flat()
  return [...new Set(all.filter(isUuid))].slice(0, MOST_AT_ONCE)
}

/** The rest of the catalogue's address, which picking leaves as it is. */
export interface CataloguePlace {
  readonly q: string
  readonly show: string
  readonly picks: readonly string[]
}

/** The catalogue as it is looked at: what is searched for, which view, and what is picked. */
export function catalogueHref(path: string, q: string, show: string, picks: readonly string[] = []): string {
  const query = new URLSearchParams()
  if (q.trim()) query.set('q', q)
  if (show !== 'all') query.set('show', show)
  for (const pick of picks) query.append('pick', pick)
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/** The catalogue with one more picked, or without it. */
export function pickHref({ q, show, picks }: CataloguePlace, id: string): string {
  const next = picks.includes(id) ? picks.filter((p) => p !== id) : [...picks, id]
  return catalogueHref('/catalogue', q, show, next)
}

/** The form that asks for all that was picked. */
export function askHref(picks: readonly string[], forId?: string | null): string {
  const query = new URLSearchParams(picks.map((pick) => ['pick', pick]))
  if (forId) query.set('for', forId)
  return `/catalogue/ask?${query}`
}
