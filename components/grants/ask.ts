import { GRANTS_PATH } from '@/lib/grant-url'
import type { FilterOption, LiveAnswer, OptionKind } from '@/lib/grant-views'

/** What the living table asks the server between two pages. Throws when there is no answer. */

const WAIT_MS = 15_000

async function ask(path: string, reviver?: (key: string, value: unknown) => unknown): Promise<unknown> {
  const answer = await fetch(`${GRANTS_PATH}/${path}`, {
    cache: 'no-store',
    signal: AbortSignal.timeout(WAIT_MS),
  })
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  return JSON.parse(await answer.text(), reviver)
}

/** The present state of shown rows, and how many new ones match since then. */
export function askLive(query: string, ids: readonly string[], since: Date): Promise<LiveAnswer> {
  const shown = `ids=${ids.join(',')}&since=${since.toISOString()}`
  return ask(`live?${query ? `${query}&` : ''}${shown}`, reviveMoments) as Promise<LiveAnswer>
}

/** What one can filter for by one kind. */
export function askOptions(kind: OptionKind, q: string): Promise<FilterOption[]> {
  return ask(`options?${new URLSearchParams({ kind, q })}`) as Promise<FilterOption[]>
}

/** The lengths, in seconds, by which these grants may be extended, whatever is left of their caps. */
export function askLengths(ids: readonly string[]): Promise<number[]> {
  return ask(`lengths?ids=${ids.join(',')}`) as Promise<number[]>
}

/** JSON has no dates. By name and not by shape: a reason that looks like a date stays a text. */
function reviveMoments(key: string, value: unknown): unknown {
  const named = key === 'now' || key === 'overdueSince' || /[a-z]At$/.test(key)
  return named && typeof value === 'string' ? new Date(value) : value
}
