import type { Result } from '@/lib/domain/errors'

/** What the seed does has to work: a refusal stops it, in its own words. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(`the seed was refused: ${result.message}`)
}
