import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { EntitlementFacts } from './facts'
import type { StandingHolder } from './standing-holders'
import { listsHolders } from './target-lists'

/** Whether standing access to an entitlement can become leases at all, and by which policy; or why not. */
export async function whyNot(
  db: Reader,
  { entitlement, application, connection }: EntitlementFacts,
): Promise<Result<{ policyVersionId: string; definition: PolicyDefinition }>> {
  if (!connection)
    return refuse('unavailable', `${application.name} has no connection: people give and take there by hand`)
  if (application.archivedAt || entitlement.closedAt)
    return refuse('unavailable', `${entitlement.name} is closed`)
  if (!listsHolders(connection))
    return refuse('unavailable', `${application.name} cannot be asked who holds ${entitlement.name}`)
  if (!entitlement.requestable)
    return refuse('unavailable', entitlement.reason ?? `Who holds ${entitlement.name} is not ours to set`)
  const { policy, policyEntitlement, policyVersion } = schema
  const [offer] = await db
    .select({ policyVersionId: policyVersion.id, definition: policyVersion.definition })
    .from(policyEntitlement)
    .innerJoin(policy, eq(policy.id, policyEntitlement.policyId))
    .innerJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
    .where(eq(policyEntitlement.entitlementId, entitlement.id))
  if (!offer)
    return refuse(
      'unavailable',
      `No access policy offers ${entitlement.name}, so nobody could ask for it after the end. Publish one first`,
    )
  if (offer.definition.mode === 'permanent')
    return refuse(
      'unavailable',
      `The access policy gives ${entitlement.name} for good. Make it just-in-time first`,
    )
  return ok(offer)
}

/** Why one holder's access cannot become a lease, in a sentence; null where it can. */
export async function standingProblem(
  db: Reader,
  { entitlement }: EntitlementFacts,
  { state, via, fixed, person }: StandingHolder,
): Promise<string | null> {
  if (state === 'indirect')
    return `Held through ${via ?? 'something else'}, so it cannot be taken from one person. Change that there`
  if (state === 'pending') return 'Not accepted there yet, so it is not held'
  if (fixed) return fixed.replace(/\.$/, '')
  if (!person) return 'No person is known for this account. Link it first'
  if (!person.active) return `${person.name} is deactivated. Remove the access instead`
  const { grant, request } = schema
  const mine = await db.query.grant.findFirst({
    where: and(
      eq(grant.personId, person.id),
      eq(grant.entitlementId, entitlement.id),
      inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
    ),
    columns: { state: true, converts: true, preexisting: true },
  })
  if (mine)
    return mine.state === 'scheduled'
      ? mine.converts
        ? 'Becomes a lease already'
        : 'A lease is agreed already'
      : mine.preexisting
        ? 'Has a lease at present that leaves it standing; convert it when that is over'
        : 'Is a lease already'
  const pending = await db.query.request.findFirst({
    where: and(
      eq(request.personId, person.id),
      eq(request.entitlementId, entitlement.id),
      eq(request.state, 'pending'),
    ),
    columns: { id: true },
  })
  return pending ? `${person.name} has asked for it, and that is not decided yet` : null
}
