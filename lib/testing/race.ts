import { CLIENTS } from '@/db/testing.clones'
import type { Result } from '@/lib/domain/errors'

export { CLIENTS }

/** Starts as many acts at once as there are clients, taking turns among the given ones; in a shuffled order. */
export function race<R>(...acts: ((turn: number) => Promise<R>)[]): Promise<R[]> {
  const starts = Array.from({ length: CLIENTS }, (_, i) => ({
    act: acts[i % acts.length]!,
    turn: Math.floor(i / acts.length),
    place: Math.random(),
  }))
  return Promise.all(starts.sort((a, b) => a.place - b.place).map(({ act, turn }) => act(turn)))
}

/** How many were let through. */
export const won = (results: readonly Result<unknown>[]): number => results.filter((r) => r.ok).length

/** The codes of all refusals, each once. */
export const refusals = (results: readonly Result<unknown>[]): string[] => [
  ...new Set(results.flatMap((r) => (r.ok ? [] : [r.code]))),
]
