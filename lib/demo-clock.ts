import 'server-only'
import { z } from 'zod'
import { database } from '@/db/client'
import type { Ctx } from './context'
import { type Result, refuse } from './domain/errors'
import { advanceClock, parseAdvance } from './engine/advance'

/** Moves the demo's clock forward by "5h", "1d 12h", "30m". */
export async function moveClock(advance: string): Promise<Result<{ now: Date }>> {
  const seconds = parseAdvance(advance)
  if (seconds === null)
    return refuse('invalid', 'Say how far, in days, hours and minutes: 5h, 1d 12h, 30m', 'advance')
  return advanceClock(database(), seconds)
}

export const clockInput = z.object({
  advance: z.string({ error: 'Say how far: 5h, 1d 12h, 30m' }).max(40, 'That is too long'),
})

/** The same from the banner, by whoever is signed in to the demo. */
export function moveClockAs(_: Ctx, input: z.output<typeof clockInput>): Promise<Result<{ now: Date }>> {
  return moveClock(input.advance)
}
