import { z } from 'zod'
import { reviewVerdicts } from '@/lib/review-words'

/** Emergency access as its card sends it: for oneself, at once, for the policy's emergency length. */
export const emergencyForm = z
  .object({
    entitlementId: z.uuid(),
    reason: z
      .string({ error: 'Say what the emergency is' })
      .trim()
      .min(1, 'Say what the emergency is')
      .max(2000, 'At most 2,000 characters'),
    known: z.boolean({ error: 'Say that you know' }),
  })
  .transform(({ entitlementId, reason }) => ({
    entitlementId,
    reason,
    seconds: null,
    startAt: null,
    emergency: true,
  }))

export const reviewForm = z.object({
  taskId: z.uuid(),
  version: z.number().int().positive(),
  verdict: z.enum(reviewVerdicts, { error: 'Say whether it was justified' }),
  evidence: z
    .string({ error: 'Say what you looked at and what you found' })
    .trim()
    .min(1, 'Say what you looked at and what you found')
    .max(1900, 'At most 1,900 characters'),
})
