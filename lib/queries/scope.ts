import 'server-only'
import { and, eq, isNull } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can, type GateVerb } from '@/lib/domain/authorize'

/** What of the management side the actor sees: everything, or what belongs to the applications they own. */
export interface ManageScope {
  readonly applicationIds: readonly string[] | null
}

/** Asks the gate once for everything and once as an owner; null for whoever may not see such a list at all. */
export async function manageScope(
  ctx: Ctx,
  verb: Extract<
    GateVerb,
    | 'policy.list'
    | 'application.list'
    | 'people.list'
    | 'grants.list'
    | 'separation.list'
    | 'access_review.list'
  >,
): Promise<ManageScope | null> {
  const { actor, db } = ctx
  if (can(actor, verb, {})) return { applicationIds: null }
  if (actor.kind !== 'person') return null
  const { application, applicationOwner } = schema
  const owned = await db
    .select({ id: applicationOwner.applicationId })
    .from(applicationOwner)
    .innerJoin(application, eq(application.id, applicationOwner.applicationId))
    .where(and(eq(applicationOwner.personId, actor.id), isNull(application.archivedAt)))
  if (!can(actor, verb, { ownsAny: owned.length > 0 })) return null
  return { applicationIds: owned.map((row) => row.id) }
}

/** Whether an application lies in the scope. */
export function inManageScope(scope: ManageScope, applicationId: string): boolean {
  return scope.applicationIds === null || scope.applicationIds.includes(applicationId)
}
