import 'server-only'
import { eq } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import type { AuditObjectView } from '@/lib/audit-views'
import type { SubjectType } from '@/lib/domain/timeline'
import { GRANTS_PATH } from '@/lib/grant-url'
import type { TimelinePlace } from '@/lib/timeline-words'

const {
  accessReview,
  application,
  entitlement,
  grant,
  group,
  person,
  policy,
  request,
  scimClient,
  separation,
  task,
} = schema
const MANAGEMENT = '/settings/access-management'

/** An object's names, and what sentences about it speak of. */
export interface AuditObjectFacts extends Omit<AuditObjectView, 'type' | 'id'> {
  readonly place?: Omit<TimelinePlace, 'zone' | 'now'>
  /** The person it is about: a holder, or the person themself. */
  readonly person?: { readonly id: string; readonly name: string; readonly email: string }
  readonly application?: { readonly id: string; readonly name: string }
  readonly entitlement?: { readonly id: string; readonly name: string }
}

type Loader = (db: Reader, ids: string[]) => Promise<(AuditObjectFacts & { id: string })[]>

/** What `type:id` is called now. An object that is gone, or of a kind without names, is not among them. */
export async function auditObjects(
  db: Reader,
  subjects: readonly { subjectType: SubjectType; subjectId: string }[],
): Promise<Map<string, AuditObjectFacts>> {
  const byType = new Map<SubjectType, Set<string>>()
  for (const { subjectType, subjectId } of subjects)
    byType.set(subjectType, (byType.get(subjectType) ?? new Set()).add(subjectId))
  const found = await Promise.all(
    [...byType].map(async ([type, ids]) => {
      const rows = (await loaders[type]?.(db, [...ids])) ?? []
      return rows.map(({ id, ...facts }) => [`${type}:${id}`, facts] as const)
    }),
  )
  return new Map(found.flat())
}

const leased = {
  personId: person.id,
  personName: person.name,
  email: person.email,
  applicationId: application.id,
  applicationName: application.name,
  entitlementId: entitlement.id,
  entitlementName: entitlement.name,
}
type Leased = Record<keyof typeof leased, string>

function lease(row: Leased, href: string, more: AuditObjectFacts['place'] = {}): AuditObjectFacts {
  return {
    name: row.entitlementName,
    sub: `${row.personName} · ${row.applicationName}`,
    href,
    place: {
      application: row.applicationName,
      entitlement: row.entitlementName,
      holder: row.personName,
      ...more,
    },
    person: { id: row.personId, name: row.personName, email: row.email },
    application: { id: row.applicationId, name: row.applicationName },
    entitlement: { id: row.entitlementId, name: row.entitlementName },
  }
}

const loaders: Partial<Record<SubjectType, Loader>> = {
  async grant(db, ids) {
    const rows = await db
      .select({ id: grant.id, ...leased })
      .from(grant)
      .innerJoin(person, eq(person.id, grant.personId))
      .innerJoin(application, eq(application.id, grant.applicationId))
      .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
      .where(isAmong(grant.id, ids))
    return rows.map(({ id, ...row }) => ({ id, ...lease(row, `${GRANTS_PATH}/${id}`) }))
  },
  async request(db, ids) {
    const rows = await db
      .select({ id: request.id, kind: request.kind, steps: request.steps, ...leased })
      .from(request)
      .innerJoin(person, eq(person.id, request.personId))
      .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
      .innerJoin(application, eq(application.id, entitlement.applicationId))
      .where(isAmong(request.id, ids))
    return rows.map(({ id, kind, steps, ...row }) => {
      const more = { extension: kind === 'extension', steps: steps.length }
      return { id, ...lease(row, `/requests/${id}`, more) }
    })
  },
  async task(db, ids) {
    const rows = await db
      .select({ id: task.id, ...leased })
      .from(task)
      .innerJoin(grant, eq(grant.id, task.grantId))
      .innerJoin(person, eq(person.id, grant.personId))
      .innerJoin(application, eq(application.id, grant.applicationId))
      .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
      .where(isAmong(task.id, ids))
    return rows.map(({ id, ...row }) => ({ id, ...lease(row, `/approvals/tasks/${id}`) }))
  },
  async person(db, ids) {
    const { id, name, email } = person
    const rows = await db.select({ id, name, email }).from(person).where(isAmong(id, ids))
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      sub: row.email,
      href: `/settings/people/${row.id}`,
      place: { holder: row.name },
      person: row,
    }))
  },
  async application(db, ids) {
    const { id, name } = application
    const rows = await db.select({ id, name }).from(application).where(isAmong(id, ids))
    return rows.map((row) => ({
      id: row.id,
      ...ofApplication(row, `${MANAGEMENT}/applications/${row.id}`),
      name: row.name,
    }))
  },
  async connection(db, ids) {
    const { connectionId, id, name } = application
    const rows = await db
      .select({ connectionId, id, name })
      .from(application)
      .where(isAmong(connectionId, ids))
    return rows.flatMap(({ connectionId: own, ...row }) =>
      own
        ? [{ id: own, ...ofApplication(row, `${MANAGEMENT}/applications/${row.id}?section=connection`) }]
        : [],
    )
  },
  policy: named(policy, (id) => `${MANAGEMENT}/policies/${id}`),
  group: named(group, (id) => `/settings/people/groups/${id}`),
  scim_client: named(scimClient, () => '/settings/directory'),
  separation: named(separation, (id) => `${MANAGEMENT}/separation/${id}`),
  async access_review(db, ids) {
    const { id, name } = accessReview
    const rows = await db
      .select({ id, name, of: { id: application.id, name: application.name } })
      .from(accessReview)
      .innerJoin(application, eq(application.id, accessReview.applicationId))
      .where(isAmong(id, ids))
    return rows.map((row) => ({
      id: row.id,
      ...ofApplication(row.of, `${MANAGEMENT}/access-reviews/${row.id}`),
      name: row.name,
      sub: row.of.name,
    }))
  },
  async organisation(db, ids) {
    const row = await db.query.organisation.findFirst({ columns: { name: true } })
    return ids.map((id) => ({ id, name: row?.name ?? null, sub: null, href: '/settings/organisation' }))
  },
}

function ofApplication(row: { id: string; name: string }, href: string): AuditObjectFacts {
  return { name: row.name, sub: null, href, place: { application: row.name }, application: row }
}

/** What is known by its name alone. */
function named(
  table: typeof policy | typeof group | typeof separation | typeof scimClient,
  hrefOf: (id: string) => string,
): Loader {
  return async (db, ids) => {
    const rows = await db.select({ id: table.id, name: table.name }).from(table).where(isAmong(table.id, ids))
    return rows.map(({ id, name }) => ({ id, name, sub: null, href: hrefOf(id) }))
  }
}
