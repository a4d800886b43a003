import 'server-only'
import { and, eq, isNull, ne } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { PersonFormPage } from '@/lib/people-views'

const { organisation, person } = schema

/** IANA names one can choose, with those in use, in order. */
export function zoneChoices(...used: (string | null)[]): string[] {
  const names = used.filter((name): name is string => name !== null)
  return [...new Set([...names, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
}

/** What the form about a person is filled with; null for a new one. Null for whoever may not change people. */
export async function personForm(ctx: Ctx, id: string | null): Promise<PersonFormPage | null> {
  if (!can(ctx.actor, id ? 'person.edit' : 'person.create', {})) return null
  const { db } = ctx
  const row = id ? await db.query.person.findFirst({ where: eq(person.id, id) }) : undefined
  const [org] = await db.select({ timeZone: organisation.timeZone }).from(organisation)
  const managers = await db
    .select({ id: person.id, name: person.name, team: person.team })
    .from(person)
    .where(and(isNull(person.deactivatedAt), id ? ne(person.id, id) : undefined))
    .orderBy(person.name, person.id)
  const usualZone = org?.timeZone ?? 'UTC'
  return {
    person: row
      ? {
          id: row.id,
          version: row.version,
          name: row.name,
          email: row.email,
          title: row.title,
          team: row.team,
          managerId: row.managerId,
          timeZone: row.timeZone,
          locale: row.locale,
        }
      : null,
    managers,
    usualZone,
    zones: zoneChoices(usualZone, row?.timeZone ?? null),
  }
}
