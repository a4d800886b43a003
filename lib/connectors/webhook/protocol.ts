/** The answers of the signed protocol, as they are read; anything else counts as unreadable. */
import 'server-only'
import { z } from 'zod'

const id = z.string().min(1).max(500)
const label = z.string().max(500)

export const messageTypes = [
  'ping',
  'account.resolve',
  'catalogue.list',
  'grant.check',
  'grant.provision',
  'grant.revoke',
  'operation.poll',
  'sessions.end',
  'grant.holders',
] as const

export type MessageType = (typeof messageTypes)[number]

/** Whose loss leaves the target's state in doubt. */
export const changingTypes: ReadonlySet<MessageType> = new Set([
  'grant.provision',
  'grant.revoke',
  'sessions.end',
])

export const pingAnswer = z.object({ ok: z.boolean(), canWrite: z.boolean(), identity: label.optional() })

export const resolveAnswer = z.object({
  accounts: z
    .array(z.object({ id, email: label.nullish(), name: label.nullish(), active: z.boolean().default(true) }))
    .max(100),
})

export const catalogueAnswer = z.object({
  entitlements: z
    .array(
      z.object({
        id,
        name: label.min(1),
        description: z.string().max(5000).nullish(),
        requestable: z.boolean(),
        reason: label.nullish(),
      }),
    )
    .max(1000),
  next: z.string().max(1000).nullish(),
})

export const holdingAnswer = z.object({
  state: z.enum(['absent', 'direct', 'indirect', 'pending', 'unknown']),
  via: label.nullish(),
})

export const doneAnswer = z.object({ state: z.literal('done'), changed: z.boolean(), ref: label.nullish() })
export const pendingAnswer = z.object({ token: id, pollAfterMs: z.number().nonnegative() })

export const sessionsAnswer = z.object({ ended: z.int().nonnegative() })

export const holdersAnswer = z.object({
  holders: z
    .array(
      z.object({
        account: z.object({ id, email: label.nullish(), name: label.nullish() }),
        state: z.enum(['direct', 'indirect', 'pending']),
        via: label.nullish(),
      }),
    )
    .max(1000),
  next: z.string().max(1000).nullish(),
})

export const errorAnswer = z.object({ error: z.string().max(100), message: z.string().optional() })
