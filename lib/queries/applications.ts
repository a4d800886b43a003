import 'server-only'
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type {
  ApplicationChoices,
  ApplicationList,
  ApplicationPage,
  EntitlementRow,
} from '@/lib/application-views'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { credentialWarningDays } from '@/lib/domain/credential'
import { DAY, plus } from '@/lib/domain/duration'
import { whyKept } from '@/lib/services/application-delete'
import { membersOf } from '@/lib/services/facts'
import { freezeOf } from '@/lib/services/freeze'
import { listsHolders } from '@/lib/services/target-lists'
import { openQuestions } from './accounts'
import { connectionState, healthDots } from './connection-health'
import { connectionView, connectorName } from './connection-view'
import { failedDrills } from './drills'
import { unsafeOpenFindings } from './findings'
import { unsafePeopleAndGroups } from './names'
import { inManageScope, manageScope } from './scope'
import { unsafeRulesOf } from './separations'

const {
  application,
  applicationOwner,
  connection,
  entitlement,
  grant,
  group,
  person,
  policy,
  policyEntitlement,
} = schema
const live = inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking'])

/** The applications in the actor's scope, by name; null for whoever may not see the list. */
export async function listApplications(ctx: Ctx): Promise<ApplicationList | null> {
  const scope = await manageScope(ctx, 'application.list')
  if (!scope) return null
  const rows = await ctx.db
    .select({ row: application, connection })
    .from(application)
    .leftJoin(connection, eq(connection.id, application.connectionId))
    .where(scope.applicationIds ? inArray(application.id, [...scope.applicationIds]) : undefined)
    .orderBy(sql`${application.archivedAt} is not null`, asc(sql`lower(${application.name})`))
  const { wall, now } = await readClocks(ctx.db)
  const soon = plus(now, credentialWarningDays[0] * DAY)
  const [failing, dots, owners, findings, entitlements, grants] = await Promise.all([
    failedDrills(ctx.db),
    healthDots(ctx.db, wall),
    ownersByApplication(ctx.db),
    unsafeOpenFindings(ctx.db),
    countBy(ctx.db, 'entitlement'),
    countBy(ctx.db, 'grant'),
  ])
  return {
    rows: rows.map(({ row, connection: c }) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      connector: c ? connectorName(c.connector) : null,
      health: connectionState(c, now, c !== null && failing.has(c.id)),
      dots: (c && dots.get(c.id)) ?? [],
      credentialEndsAt:
        c?.credentialExpiresAt && c.credentialExpiresAt <= soon ? c.credentialExpiresAt : null,
      archived: row.archivedAt !== null,
      owners: (owners.get(row.id) ?? []).filter((o) => o.active).map((o) => o.name),
      entitlements: entitlements.get(row.id) ?? 0,
      liveGrants: grants.get(row.id) ?? 0,
      findings: findings.get(row.id) ?? 0,
    })),
    canCreate: can(ctx.actor, 'application.create', {}),
  }
}

/** One application with its entitlements and its connection; null when there is none in the actor's scope. */
export async function applicationPage(ctx: Ctx, id: string): Promise<ApplicationPage | null> {
  const row = await ctx.db.query.application.findFirst({ where: eq(application.id, id) })
  if (!row) return null
  const owners = (await ownersByApplication(ctx.db, id)).get(id) ?? []
  const ownerIds = owners.filter((o) => o.active).map((o) => o.id)
  if (!can(ctx.actor, 'application.see', { ownerIds })) return null
  const [connected, entitlements, liveGrants, policies, freeze, questions, link, findings] =
    await Promise.all([
      row.connectionId ? connectionView(ctx.db, row.connectionId) : null,
      entitlementRows(ctx.db, id),
      ctx.db.$count(grant, and(eq(grant.applicationId, id), live)),
      manageScope(ctx, 'policy.list'),
      freezeOf(ctx.db, id),
      row.connectionId ? openQuestions(ctx.db, row.connectionId) : 0,
      row.connectionId
        ? ctx.db.query.connection.findFirst({ where: eq(connection.id, row.connectionId) })
        : undefined,
      unsafeOpenFindings(ctx.db, id),
    ])
  const open = row.archivedAt === null
  const administers = can(ctx.actor, 'application.create', {})
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    version: row.version,
    archivedAt: row.archivedAt,
    owners,
    connection: connected,
    byHand: row.connectionId
      ? null
      : {
          group: row.fulfilmentGroupId ? await groupOf(ctx.db, row.fulfilmentGroupId) : null,
          checklist: row.checklist,
          taskSeconds: row.taskSeconds,
        },
    entitlements,
    liveGrants,
    kept: administers ? await whyKept(ctx.db, id) : null,
    questions,
    mayConvert:
      open && link !== undefined && listsHolders(link) && can(ctx.actor, 'grants.convert', { ownerIds }),
    findings: findings.get(id) ?? 0,
    freeze,
    frozen: row.frozenAt !== null,
    can: {
      brake: can(ctx.actor, 'application.freeze', { ownerIds }),
      edit: open && can(ctx.actor, 'application.edit', { ownerIds }),
      connect: open && can(ctx.actor, 'connection.edit', { ownerIds }),
      test: open && can(ctx.actor, 'connection.test', { ownerIds }),
      administer: open && administers,
      remove: administers,
      seePolicies: policies !== null && inManageScope(policies, id),
    },
  }
}

/** People and groups to choose from, for those who may make or change an application; null for others. */
export async function applicationChoices(
  ctx: Ctx,
  applicationId: string | null,
): Promise<ApplicationChoices | null> {
  const owners = applicationId ? (await ownersByApplication(ctx.db, applicationId)).get(applicationId) : []
  const ownerIds = (owners ?? []).filter((o) => o.active).map((o) => o.id)
  const may = applicationId
    ? can(ctx.actor, 'application.edit', { ownerIds })
    : can(ctx.actor, 'application.create', {})
  if (!may) return null
  return unsafePeopleAndGroups(ctx.db)
}

async function entitlementRows(db: Reader, applicationId: string): Promise<EntitlementRow[]> {
  const rows = await db
    .select({ row: entitlement, policyId: policy.id, policyName: policy.name })
    .from(entitlement)
    .leftJoin(policyEntitlement, eq(policyEntitlement.entitlementId, entitlement.id))
    .leftJoin(policy, eq(policy.id, policyEntitlement.policyId))
    .where(eq(entitlement.applicationId, applicationId))
    .orderBy(asc(entitlement.name), asc(entitlement.id))
  const counts = await db
    .select({ id: grant.entitlementId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(grant)
    .where(and(eq(grant.applicationId, applicationId), live))
    .groupBy(grant.entitlementId)
  const grants = new Map(counts.map((c) => [c.id, c.count]))
  const apart = await unsafeRulesOf(
    db,
    rows.map(({ row }) => row.id),
  )
  const openNames = new Set(rows.flatMap(({ row }) => (row.closedAt ? [] : [row.name])))
  const order = { requestable: 0, 'not-offered': 1, 'not-requestable': 2, closed: 3 }
  return rows
    .map(({ row, policyId, policyName }): EntitlementRow => {
      const status = row.closedAt
        ? 'closed'
        : !row.requestable
          ? 'not-requestable'
          : policyId
            ? 'requestable'
            : 'not-offered'
      return {
        id: row.id,
        version: row.version,
        name: row.name,
        description: row.description,
        howToUse: row.howToUse,
        risk: row.risk,
        status,
        why: whyOf(row, status, openNames),
        policy: policyId && policyName ? { id: policyId, name: policyName } : null,
        apart: apart.get(row.id) ?? [],
        liveGrants: grants.get(row.id) ?? 0,
      }
    })
    .sort((a, b) => order[a.status] - order[b.status])
}

/** Why it cannot be asked for, or soon may not be. */
function whyOf(
  row: typeof entitlement.$inferSelect,
  status: EntitlementRow['status'],
  openNames: ReadonlySet<string>,
): string | null {
  if (status === 'closed')
    return openNames.has(row.name)
      ? `${row.reason}. The one that has its name now was made since, and is another`
      : row.reason
  if (row.missedListings > 0) return 'The last listing lacked it. It closes if the next one does too'
  return status === 'not-offered' ? 'No policy offers it yet' : status === 'requestable' ? null : row.reason
}

async function ownersByApplication(db: Reader, applicationId?: string) {
  const rows = await db
    .select({
      applicationId: applicationOwner.applicationId,
      id: person.id,
      name: person.name,
      deactivatedAt: person.deactivatedAt,
    })
    .from(applicationOwner)
    .innerJoin(person, eq(person.id, applicationOwner.personId))
    .where(applicationId ? eq(applicationOwner.applicationId, applicationId) : undefined)
    .orderBy(person.name)
  const found = new Map<string, { id: string; name: string; active: boolean }[]>()
  for (const { applicationId: at, id, name, deactivatedAt } of rows)
    found.set(at, [...(found.get(at) ?? []), { id, name, active: deactivatedAt === null }])
  return found
}

async function countBy(db: Reader, what: 'entitlement' | 'grant'): Promise<Map<string, number>> {
  const count = sql<number>`count(*)`.mapWith(Number)
  const rows =
    what === 'grant'
      ? await db
          .select({ id: grant.applicationId, count })
          .from(grant)
          .where(live)
          .groupBy(grant.applicationId)
      : await db
          .select({ id: entitlement.applicationId, count })
          .from(entitlement)
          .where(isNull(entitlement.closedAt))
          .groupBy(entitlement.applicationId)
  return new Map(rows.map((row) => [row.id, row.count]))
}

async function groupOf(db: Reader, id: string) {
  const row = await db.query.group.findFirst({ where: eq(group.id, id) })
  if (!row) return null
  return { id: row.id, name: row.name, size: (await membersOf(db, id)).length }
}
