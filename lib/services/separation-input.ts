import 'server-only'
import { z } from 'zod'
import { type ApproverRef, policyLimits } from '@/lib/domain/policy'
import { separationEffects, separationLimits } from '@/lib/domain/separation'

/** One approver as a form sends it: `manager`, `owners`, `person:<id>` or `group:<id>`. */
const approver = z.string().transform((value, context): ApproverRef => {
  if (value === 'manager' || value === 'owners') return { kind: value }
  const [kind, id] = value.split(':')
  if ((kind === 'person' || kind === 'group') && z.uuid().safeParse(id).success) return { kind, id: id ?? '' }
  context.addIssue({ code: 'custom', message: 'Choose from the list' })
  return z.NEVER
})

/** What is empty or too few is left to the rule's own judging, which says everything that is wrong at once. */
const rule = {
  name: z.string().trim().max(80, 'At most 80 characters').default(''),
  reason: z.string().trim().max(500, 'At most 500 characters').default(''),
  entitlementIds: z
    .array(z.uuid())
    .max(10 * separationLimits.most)
    .default([])
    .transform((ids) => [...new Set(ids)]),
  effect: z.enum(separationEffects, { error: 'Choose what happens' }),
  approvers: z
    .array(approver)
    .max(10 * policyLimits.approversPerStep)
    .default([]),
}
const ref = { separationId: z.uuid(), version: z.coerce.number().int().positive() }

export const createSeparationInput = z.object(rule)
export const changeSeparationInput = z.object({ ...ref, ...rule })
export const separationRefInput = z.object(ref)

export type CreateSeparationInput = z.output<typeof createSeparationInput>
export type ChangeSeparationInput = z.output<typeof changeSeparationInput>
export type SeparationRefInput = z.output<typeof separationRefInput>
