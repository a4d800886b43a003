import { eventType } from 'inngest'
import { z } from 'zod'

const aboutGrant = z.object({ grantId: z.uuid() })
const aboutRequest = z.object({ requestId: z.uuid() })

/**
 * The hints that go to the job engine, through the outbox. They carry ids and nothing else: one that is lost,
 * late or repeated does no harm, because the row decides.
 */
export const grantApproved = eventType('grant/approved', { schema: aboutGrant })
export const grantChanged = eventType('grant/changed', { schema: aboutGrant })
export const requestAsked = eventType('request/asked', { schema: aboutRequest })
export const requestChanged = eventType('request/changed', { schema: aboutRequest })
