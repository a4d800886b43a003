import 'server-only'
import { asc, inArray, or, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { AuditView } from '@/lib/audit-url'
import type { AuditOption, AuditOptionKind, AuditPage, AuditRow } from '@/lib/audit-views'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { type AuditEntry, auditEntries } from './audit-entries'
import { auditObjects } from './audit-objects'
import { type AuditPlace, auditPlaces, auditPlan } from './audit-streams'
import { contains } from './grant-filters'
import type { Look } from './grants'

export const AUDIT_PAGE_SIZE = 50
const MOST_OPTIONS = 100

/** One page of the log, newest first; null for whoever is neither admin nor auditor. */
export async function auditPage(
  ctx: Ctx,
  view: AuditView,
  look: Look,
  size = AUDIT_PAGE_SIZE,
): Promise<AuditPage | null> {
  if (!can(ctx.actor, 'audit.see', {})) return null
  const { db } = ctx
  const cursor = decodeAuditCursor(view.cursor)
  const plan = await auditPlan(db, view, look)
  const read = (way: Cursor['way'], beyond: AuditPlace | null) =>
    auditPlaces(db, plan, { beyond, direction: way === 'after' ? 'older' : 'newer', limit: size + 1 })
  let way = cursor?.way ?? 'after'
  let beyond = cursor?.place ?? null
  let places = await read(way, beyond)
  // Fewer before the cursor than fill a page: then this is the first page, and it is shown full.
  if (way === 'before' && places.length <= size) {
    way = 'after'
    beyond = null
    places = await read(way, beyond)
  }
  const more = places.length > size
  const shown = places.slice(0, size)
  if (way === 'before') shown.reverse()
  const first = shown[0]
  const last = shown.at(-1)
  const newer = way === 'before' ? more : beyond !== null
  const older = way === 'before' || more
  return {
    rows: (await auditEntries(db, shown, look)).map(rowOf),
    next: last && older ? encodeAuditCursor({ way: 'after', place: last }) : null,
    previous: first && newer ? encodeAuditCursor({ way: 'before', place: first }) : null,
    note:
      view.cursor !== '' && !cursor
        ? 'The address points to a place in the log that does not exist; this is the newest.'
        : null,
  }
}

function rowOf({ id, at, verb, actor, words, object, subjectType, subjectId }: AuditEntry): AuditRow {
  const { name, sub, href } = object
  return {
    id: String(id),
    at,
    verb,
    actor: actor && { id: actor.id, name: actor.name },
    words,
    object: { type: subjectType, id: subjectId, name, sub, href },
  }
}

interface Cursor {
  readonly way: 'after' | 'before'
  readonly place: AuditPlace
}

/** The cursor as it stands in the address: which way, the moment in milliseconds, the entry. */
export function encodeAuditCursor({ way, place }: Cursor): string {
  return `${way}-${place.at.getTime()}-${place.id}`
}

/** Reads a cursor; null for one that was tampered with. */
export function decodeAuditCursor(text: string): Cursor | null {
  const [, way, at, id] = /^(after|before)-(\d{1,14})-(\d{1,15})$/.exec(text) ?? []
  if (!way || !at || !id) return null
  return {
    way: way === 'after' ? 'after' : 'before',
    place: { at: new Date(Number(at)), id: Number(id) },
  }
}

/** Everybody and every application one can filter for, whoever left included. Null for who may not see the log. */
export async function auditOptions(
  ctx: Ctx,
  kind: AuditOptionKind,
  only: { q?: string; ids?: readonly string[] },
): Promise<AuditOption[] | null> {
  if (!can(ctx.actor, 'audit.see', {})) return null
  const { application, person } = schema
  const pattern = only.q ? contains(only.q) : undefined
  const table = kind === 'person' ? person : application
  const said =
    kind === 'person'
      ? or(sql`${person.name} ilike ${pattern}`, sql`${person.email} ilike ${pattern}`)
      : sql`${application.name} ilike ${pattern}`
  return ctx.db
    .select({
      id: table.id,
      name: table.name,
      sub: kind === 'person' ? sql<string | null>`${person.email}` : sql<string | null>`null`,
    })
    .from(table)
    .where(only.ids ? inArray(table.id, [...only.ids]) : pattern ? said : undefined)
    .orderBy(asc(sql`lower(${table.name})`), asc(table.id))
    .limit(MOST_OPTIONS)
}

/** The names of what the view filters for, by id. What is unknown has none. */
export async function auditNames(ctx: Ctx, view: AuditView): Promise<Record<string, string>> {
  const { people, applications, object } = view
  const [persons, apps, objects] = await Promise.all([
    people.length ? auditOptions(ctx, 'person', { ids: people }) : [],
    applications.length ? auditOptions(ctx, 'application', { ids: applications }) : [],
    object && can(ctx.actor, 'audit.see', {})
      ? auditObjects(ctx.db, [{ subjectType: object.type, subjectId: object.id }])
      : new Map<string, never>(),
  ])
  const named = [...(persons ?? []), ...(apps ?? [])].map(({ id, name }) => [id, name] as const)
  const one = [...objects].map(
    ([key, { name, sub }]) => [key, [name, sub].filter(Boolean).join(', ')] as const,
  )
  return Object.fromEntries([...named, ...one])
}
