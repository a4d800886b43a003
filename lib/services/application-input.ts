import 'server-only'
import { z } from 'zod'
import { reasonSchema } from './reason'

const version = z.coerce.number().int().positive()
const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `At most ${max.toLocaleString('en')} characters`)
    .optional()
    .transform((text) => text || null)

const about = {
  name: z
    .string({ error: 'Give the application a name' })
    .trim()
    .min(1, 'Give the application a name')
    .max(80, 'At most 80 characters'),
  description: optionalText(500),
}

const byHand = {
  fulfilmentGroupId: z
    .uuid()
    .optional()
    .transform((id) => id ?? null),
  checklist: optionalText(4_000),
  /** How long people have for a task. */
  taskSeconds: z.coerce
    .number({ error: 'Say how long people have for a task' })
    .int()
    .min(15 * 60, 'At least 15 minutes')
    .max(30 * 86_400, 'At most 30 days')
    .default(3_600),
}

const ownerIds = z
  .array(z.uuid())
  .max(50, 'At most 50 owners')
  .default([])
  .transform((ids) => [...new Set(ids)])

/** Values of a connector's form by field name; what they mean is the connector's schema to judge. */
const settings = z.record(z.string().max(80), z.string().max(40_000).optional()).default({})

export const createApplicationInput = z.object({
  ...about,
  ...byHand,
  ownerIds,
  /** A connector's id; absent for an application that people fulfil by hand. */
  connector: z
    .string()
    .max(40)
    .optional()
    .transform((id) => id ?? null),
  settings,
})
export type CreateApplicationInput = z.output<typeof createApplicationInput>

const ref = { applicationId: z.uuid(), version }

export const editApplicationInput = z.object({ ...ref, ...about, ...byHand })
export type EditApplicationInput = z.output<typeof editApplicationInput>

export const applicationRefInput = z.object(ref)
export type ApplicationRefInput = z.output<typeof applicationRefInput>

export const ownersInput = z.object({ ...ref, ownerIds })
export type OwnersInput = z.output<typeof ownersInput>

/** `version` is the connection's here and below. */
export const connectionSettingsInput = z.object({ ...ref, settings })
export type ConnectionSettingsInput = z.output<typeof connectionSettingsInput>

export const replaceSecretsInput = z.object({
  ...ref,
  /** New values by field; a field left blank keeps what it has. */
  secrets: settings,
  /** Optional secret fields to empty. */
  remove: z.array(z.string().max(80)).max(20).default([]),
})
export type ReplaceSecretsInput = z.output<typeof replaceSecretsInput>

export const pauseInput = z.object({ ...ref, paused: z.stringbool(), reason: reasonSchema.default('') })
export type PauseInput = z.output<typeof pauseInput>

export const applicationIdInput = z.object({ applicationId: z.uuid() })
export type ApplicationIdInput = z.output<typeof applicationIdInput>

const risk = z.enum(['low', 'medium', 'high'], { error: 'Choose how risky it is' }).default('low')
const entitlementWords = { description: optionalText(500), howToUse: optionalText(2_000), risk }

export const addEntitlementInput = z.object({
  applicationId: z.uuid(),
  name: z
    .string({ error: 'Give the entitlement a name' })
    .trim()
    .min(1, 'Give the entitlement a name')
    .max(120, 'At most 120 characters'),
  ...entitlementWords,
})
export type AddEntitlementInput = z.output<typeof addEntitlementInput>

export const editEntitlementInput = z.object({ entitlementId: z.uuid(), version, ...entitlementWords })
export type EditEntitlementInput = z.output<typeof editEntitlementInput>
