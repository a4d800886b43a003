import { z } from 'zod'
import { missedConsequences, reviewerRules } from '@/lib/domain/access-review'
import { isZone } from '@/lib/reader-zone'
import { local, momentIn } from './people'

/** What the form of a new access review sends, with its date on the wall clock of `zone`. */
export const startReviewForm = z
  .object({
    applicationId: z.uuid({ error: 'Choose an application' }),
    name: z
      .string({ error: 'Give it a name' })
      .trim()
      .min(1, 'Give it a name')
      .max(80, 'At most 80 characters'),
    instructions: z.string().trim().max(2000, 'At most 2,000 characters').default(''),
    reviewers: z.enum(reviewerRules, { error: 'Choose who reviews' }),
    reviewerIds: z.array(z.uuid()).max(20, 'At most 20 people').default([]),
    consequence: z.enum(missedConsequences, { error: 'Choose what happens to what is missed' }),
    dueAt: local,
    zone: z.string().refine(isZone, 'This time zone is not known'),
    entitlementIds: z.array(z.uuid()).max(500, 'At most 500').default([]),
  })
  .transform(({ dueAt, zone, ...rest }, context) => {
    if (dueAt) return { ...rest, dueAt: momentIn(dueAt, zone) }
    context.addIssue({ code: 'custom', path: ['dueAt'], message: 'Give a day and a time' })
    return z.NEVER
  })
