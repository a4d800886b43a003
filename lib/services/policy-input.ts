import 'server-only'
import { z } from 'zod'
import { LONGEST } from '@/lib/domain/duration'
import {
  durationModes,
  extensionApprovals,
  type PolicyDefinition,
  policyLimits,
  risks,
} from '@/lib/domain/policy'
import { withoutNul } from '@/lib/plain-text'

/** A length in whole seconds; 0 stands for "not filled in yet", which a draft may be. */
const seconds = z
  .number()
  .int()
  .min(0)
  .max(10 * LONGEST)
const ids = z.array(z.uuid()).max(2_000)

/**
 * The shape of a definition, at any state of completeness: what it says is judged when publishing.
 * Unknown keys are dropped, so that nothing else gets into a stored draft.
 */
export const definitionSchema: z.ZodType<PolicyDefinition> = z.object({
  entitlementIds: z
    .array(z.uuid())
    .max(policyLimits.entitlements)
    .transform((list) => [...new Set(list)]),
  requesters: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('anyone') }),
    z.object({ kind: z.literal('some'), groupIds: ids, personIds: ids }),
  ]),
  reasonRequired: z.boolean(),
  steps: z
    .array(
      z.object({
        approvers: z
          .array(
            z.discriminatedUnion('kind', [
              z.object({ kind: z.literal('manager') }),
              z.object({ kind: z.literal('owners') }),
              z.object({ kind: z.literal('person'), id: z.uuid() }),
              z.object({ kind: z.literal('group'), id: z.uuid() }),
            ]),
          )
          .max(policyLimits.approversPerStep),
        quorum: z.union([z.literal('all'), z.number().int().min(1).max(1_000)]),
        escalateSeconds: seconds.optional(),
      }),
    )
    .max(policyLimits.steps),
  decideWithinSeconds: seconds,
  startWithinSeconds: seconds,
  mode: z.enum(durationModes),
  presets: z.array(z.object({ seconds, noticeSeconds: seconds })).max(policyLimits.presets),
  maxSeconds: seconds,
  extension: z.object({
    allowed: z.boolean(),
    maxCount: z.number().int().min(0).max(1_000),
    maxTotalSeconds: seconds,
  }),
  extensionApproval: z.object({ how: z.enum(extensionApprovals), automaticSeconds: seconds }),
  graceSeconds: seconds,
  automatic: z
    .object({
      groupIds: ids,
      maxSeconds: seconds.nullable(),
      maxRisk: z.enum(risks).nullable(),
      heldWithinDays: z.number().int().min(0).max(10_000).nullable(),
    })
    .nullable(),
  reminders: z.array(z.number().int().min(0).max(1_000)).max(policyLimits.reminders),
  emergency: z.object({ allowed: z.boolean(), seconds }),
  convertStanding: z.boolean(),
})

const name = z
  .string({ error: 'Give the policy a name' })
  .trim()
  .min(1, 'Give the policy a name')
  .max(80, 'At most 80 characters')
const description = z
  .string()
  .trim()
  .max(500, 'At most 500 characters')
  .optional()
  .transform((text) => text || null)
const version = z.coerce.number().int().positive()

export const createPolicyInput = z.object({ name, description })

export const saveDraftInput = z.object({
  policyId: z.uuid(),
  version,
  name,
  description,
  definition: definitionSchema,
})
export type SaveDraftInput = z.output<typeof saveDraftInput>

/** The same from a form, where the definition travels as JSON text in one field. */
export const saveDraftForm = saveDraftInput.extend({
  definition: z
    .string()
    .max(60_000, 'This draft is too large')
    .transform((text, ctx) => {
      const read = definitionSchema.safeParse(parseJson(text))
      if (read.success) return read.data
      for (const issue of read.error.issues)
        ctx.addIssue({ code: 'custom', message: issue.message, path: issue.path })
      return z.NEVER
    }),
})

export const policyRefInput = z.object({ policyId: z.uuid(), version })
export type PolicyRefInput = z.output<typeof policyRefInput>

/** Publishing and archiving; a ticked `lapsePending` lets the requests lapse that older versions judge. */
export const replacePolicyInput = policyRefInput.extend({
  lapsePending: z
    .literal('on')
    .optional()
    .transform((ticked) => ticked === 'on'),
})
export type ReplacePolicyInput = PolicyRefInput & { readonly lapsePending?: boolean }

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value) => (typeof value === 'string' ? withoutNul(value) : value))
  } catch {
    return null
  }
}
