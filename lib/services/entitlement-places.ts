import 'server-only'
import { eq, inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'

/** The application of each entitlement. */
export async function applicationsOf(
  db: Reader,
  entitlementIds: readonly string[],
): Promise<Map<string, { id: string; name: string }>> {
  const { application, entitlement } = schema
  const ids = [...new Set(entitlementIds)]
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ entitlementId: entitlement.id, id: application.id, name: application.name })
    .from(entitlement)
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .where(inArray(entitlement.id, ids))
    .orderBy(application.name)
  return new Map(rows.map((r) => [r.entitlementId, { id: r.id, name: r.name }]))
}
