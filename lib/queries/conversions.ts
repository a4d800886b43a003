import 'server-only'
import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { ConnectorError } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import type { ConversionView, HolderView } from '@/lib/conversion'
import { can } from '@/lib/domain/authorize'
import { plus } from '@/lib/domain/duration'
import { standingProblem, whyNot } from '@/lib/services/conversion-checks'
import { type EntitlementFacts, loadEntitlement, ownersOf } from '@/lib/services/facts'
import { readHolders } from '@/lib/services/standing-holders'
import { listsHolders } from '@/lib/services/target-lists'

const { application, connection, entitlement, grant, person, request } = schema

export interface ConvertPage {
  readonly application: { readonly id: string; readonly name: string }
  /** What could be looked at. */
  readonly entitlements: readonly { readonly id: string; readonly name: string }[]
  readonly chosen: {
    readonly id: string
    readonly name: string
    /** Why nobody's can become a lease; null where it can. */
    readonly problem: string | null
    readonly holders: readonly HolderView[]
  } | null
  readonly planned: readonly ConversionView[]
}

/**
 * Who holds an entitlement for good, read from the target now, and what is planned. Null where the actor may not
 * convert there, or it has no system that tells who holds what.
 */
export async function convertPage(
  ctx: Ctx,
  applicationId: string,
  entitlementId: string | null,
): Promise<ConvertPage | null> {
  const { db, actor } = ctx
  const [found] = await db
    .select({ application, connection })
    .from(application)
    .innerJoin(connection, eq(connection.id, application.connectionId))
    .where(and(eq(application.id, applicationId), isNull(application.archivedAt)))
  if (!found || !listsHolders(found.connection)) return null
  if (!can(actor, 'grants.convert', { ownerIds: await ownersOf(db, applicationId) })) return null
  const entitlements = await db
    .select({ id: entitlement.id, name: entitlement.name })
    .from(entitlement)
    .where(and(eq(entitlement.applicationId, applicationId), isNull(entitlement.closedAt)))
    .orderBy(asc(entitlement.name))
  const place =
    entitlementId && entitlements.some((one) => one.id === entitlementId)
      ? await loadEntitlement(db, entitlementId)
      : null
  return {
    application: { id: found.application.id, name: found.application.name },
    entitlements,
    chosen: place ? await chosenOf(db, place) : null,
    planned: await plannedOf(db, applicationId),
  }
}

async function chosenOf(db: Reader, place: EntitlementFacts): Promise<ConvertPage['chosen']> {
  const { id, name } = place.entitlement
  const offered = await whyNot(db, place)
  if (!offered.ok) return { id, name, problem: offered.message, holders: [] }
  try {
    const holders = await readHolders(db, place.connection!, place.entitlement)
    const views: HolderView[] = []
    for (const holder of holders)
      views.push({
        externalId: holder.account.id,
        account: holder.account.name,
        email: holder.account.email ?? null,
        person: holder.person
          ? { id: holder.person.id, name: holder.person.name, email: holder.person.email }
          : null,
        how: holder.person?.how ?? null,
        problem: await standingProblem(db, place, holder),
        unlinked: holder.person === null,
      })
    return { id, name, problem: null, holders: views }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return { id, name, problem: `Who holds it could not be read. ${error.message}`, holders: [] }
  }
}

async function plannedOf(db: Reader, applicationId: string): Promise<ConversionView[]> {
  const by = alias(person, 'by')
  const rows = await db
    .select({ grant, person: person.name, entitlement: entitlement.name, plannedBy: by.name })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .leftJoin(request, and(eq(request.grantId, grant.id), eq(request.approval, 'conversion')))
    .leftJoin(by, eq(by.id, request.askerId))
    .where(
      and(
        eq(grant.applicationId, applicationId),
        eq(grant.converts, true),
        or(eq(grant.state, 'scheduled'), inArray(grant.state, ['provisioning', 'active'])),
      ),
    )
    .orderBy(asc(grant.startAt), asc(person.name))
  return rows.map((row) => ({
    grantId: row.grant.id,
    person: row.person,
    entitlement: row.entitlement,
    startAt: row.grant.startAt,
    endsAt:
      row.grant.endsAt ??
      (row.grant.durationSeconds === null ? null : plus(row.grant.startAt, row.grant.durationSeconds)),
    state: row.grant.state === 'scheduled' ? 'planned' : 'runs',
    plannedBy: row.plannedBy,
  }))
}
