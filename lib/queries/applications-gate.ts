import 'server-only'
import type { Ctx } from '@/lib/context'
import { authorize, type GateVerb } from '@/lib/domain/authorize'
import type { Refusal } from '@/lib/domain/errors'

/** The gate before a call to a target: a stranger must not even make us ask it. Null for yes. */
export function mayCall(ctx: Ctx, verb: GateVerb, ownerIds: readonly string[]): Refusal | null {
  return authorize(ctx.actor, verb, { ownerIds })
}
