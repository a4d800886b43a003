import 'server-only'
import { and, count, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { Result } from '@/lib/domain/errors'
import type { ApplicationRefInput } from './application-input'
import { anyApplication, stop } from './applications'
import { change, fresh } from './change'
import { isDrillOpen } from './drills'

/**
 * Deletes an application that nothing on record is about, with its connection and its secrets. Where an access ever
 * lived, was asked for, or is named by a rule, it can only be archived: what is on record has to be understood later.
 * Admins only.
 */
export function deleteApplication(
  ctx: Ctx,
  { applicationId, version }: ApplicationRefInput,
): Promise<Result<{ name: string }>> {
  return change(ctx, {
    gate: 'application.create',
    subject: { type: 'application', id: applicationId },
    async run(tx) {
      const { account, application, connection, entitlement, finding, work } = schema
      // Whoever asks or agrees holds this row as well, so what is looked for below stays as it is found.
      await tx
        .select({ id: application.id })
        .from(application)
        .where(eq(application.id, applicationId))
        .for('update')
      const row = await anyApplication(tx, applicationId)
      fresh(version, row.version, 'application')
      const why = await whyKept(tx, applicationId)
      if (why) stop('conflict', why)
      const { connectionId } = row
      const offered = tx
        .select({ id: entitlement.id })
        .from(entitlement)
        .where(eq(entitlement.applicationId, applicationId))
      await tx.delete(finding).where(inArray(finding.entitlementId, offered))
      if (connectionId) {
        await tx.update(connection).set({ drillEntitlementId: null }).where(eq(connection.id, connectionId))
        await tx.delete(account).where(eq(account.connectionId, connectionId))
        await tx
          .delete(work)
          .where(
            or(
              eq(work.connectionId, connectionId),
              and(eq(work.subjectType, 'connection'), eq(work.subjectId, connectionId)),
            ),
          )
      }
      await tx.delete(entitlement).where(eq(entitlement.applicationId, applicationId))
      await tx.delete(application).where(eq(application.id, applicationId))
      if (connectionId) await tx.delete(connection).where(eq(connection.id, connectionId))
      const data = { name: row.name, connectionId }
      return { result: { name: row.name }, entry: { verb: 'deleted', data } }
    },
  })
}

/** Why an application has to stay on record, in one sentence; null where nothing is about it. */
export async function whyKept(db: Reader, applicationId: string): Promise<string | null> {
  const { entitlement, grant, policy, policyVersion, request, separation, separationEntitlement } = schema
  const grants = await db.$count(grant, eq(grant.applicationId, applicationId))
  if (grants > 0)
    return `${grants === 1 ? '1 grant of it is' : `${grants} grants of it are`} on record, and who held what stays known. Archive it instead`
  const mine = eq(entitlement.applicationId, applicationId)
  const [asked] = await db
    .select({ n: count() })
    .from(request)
    .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
    .where(mine)
  if (asked && asked.n > 0) return 'Somebody asked for it once, and that stays on record. Archive it instead'
  const names = (definition: typeof policy.draft | typeof policyVersion.definition) =>
    sql`exists (select 1 from ${entitlement} where ${mine} and ${definition} -> 'entitlementIds' ? ${entitlement.id}::text)`
  const [published] = await db
    .select({ name: policyVersion.name })
    .from(policyVersion)
    .where(names(policyVersion.definition))
    .limit(1)
  if (published)
    return `The access policy “${published.name}” offered what it gives, and its versions stay as they are. Archive it instead`
  const [draft] = await db.select({ name: policy.name }).from(policy).where(names(policy.draft)).limit(1)
  if (draft) return `The draft of “${draft.name}” names what it gives. Take it out there first`
  const [rule] = await db
    .select({ name: separation.name })
    .from(separationEntitlement)
    .innerJoin(separation, eq(separation.id, separationEntitlement.separationId))
    .innerJoin(entitlement, eq(entitlement.id, separationEntitlement.entitlementId))
    .where(and(mine, isNull(separation.archivedAt)))
    .limit(1)
  if (rule) return `The rule “${rule.name}” names what it gives. Take it out there first`
  const row = await db.query.application.findFirst({ where: eq(schema.application.id, applicationId) })
  const { accessReview } = schema
  const reviews = await db.$count(accessReview, eq(accessReview.applicationId, applicationId))
  if (reviews > 0) return 'An access review looked at it, and that stays on record. Archive it instead'
  return row?.connectionId && (await isDrillOpen(db, row.connectionId))
    ? 'The last removal drill is not cleaned up yet. Run it once more first'
    : null
}
