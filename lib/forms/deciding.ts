import { z } from 'zod'
import { isZone } from '@/lib/reader-zone'
import { local, momentIn } from './people'

/** What the forms around a decision send: a question, its answer, a change of what is asked for, who decides instead. */
const words = (missing: string) =>
  z.string({ error: missing }).trim().min(1, missing).max(2000, 'At most 2,000 characters')

export const questionForm = z.object({ requestId: z.uuid(), text: words('Write what you want to know') })

export const answerForm = z.object({
  requestId: z.uuid(),
  questionId: z.uuid(),
  text: words('Write your answer'),
})

export const reassignForm = z.object({
  requestId: z.uuid(),
  personIds: z
    .array(z.uuid(), { error: 'Choose who decides instead' })
    .min(1, 'Choose who decides instead')
    .max(10, 'At most 10 people'),
  reason: words('Say why; it stays in the timeline'),
})

/**
 * `permanent` is sent by policies without lengths. An empty start means "once it is agreed"; it is read on the wall
 * clock of `zone`, but `keptStart`, the start as it stands, keeps its seconds where the clock shows the same minute.
 */
export const editForm = z
  .object({
    requestId: z.uuid(),
    seconds: z.number({ error: 'Choose how long' }).int().positive().optional(),
    permanent: z.boolean().optional(),
    reason: z.string().trim().max(2000, 'At most 2,000 characters').default(''),
    startAt: local,
    keptStart: z.iso.datetime().optional(),
    zone: z.string().refine(isZone, 'This time zone is not known'),
  })
  .superRefine((value, context) => {
    if (value.seconds === undefined && !value.permanent)
      context.addIssue({ code: 'custom', path: ['seconds'], message: 'Choose how long' })
  })
  .transform(({ requestId, seconds, permanent, reason, startAt, keptStart, zone }) => ({
    requestId,
    seconds: permanent ? null : (seconds ?? null),
    reason,
    startAt: startAt ? startOf(startAt, keptStart, zone) : null,
  }))

function startOf(startAt: string, kept: string | undefined, zone: string): Date {
  const at = momentIn(startAt, zone)
  const before = kept ? new Date(kept) : null
  return before && Math.floor(before.getTime() / 60_000) === Math.floor(at.getTime() / 60_000) ? before : at
}

/** At most so many rows of an open queue are asked about at once. */
export const MOST_BECAME = 20

export const becameQuery = z.object({ ids: z.array(z.uuid()).max(MOST_BECAME) })
