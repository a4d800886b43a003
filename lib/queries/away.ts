import 'server-only'
import { and, asc, eq, gt, inArray, isNull, lte, ne } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { AwayPage, AwayView, StandsInView, SubstituteChoice } from '@/lib/people-views'
import { manageScope } from './scope'

const { delegation, person } = schema

/** Who of these people is away now with somebody who can decide in their place. Not scoped. */
export async function unsafeAway(
  db: Reader,
  personIds: readonly string[],
  now: Date,
): Promise<Map<string, AwayView>> {
  if (personIds.length === 0) return new Map()
  const rows = await db
    .select({ id: delegation.personId, until: delegation.endsAt, substitute: person.name })
    .from(delegation)
    .innerJoin(person, eq(person.id, delegation.substituteId))
    .where(
      and(
        inArray(delegation.personId, [...personIds]),
        lte(delegation.startsAt, now),
        gt(delegation.endsAt, now),
        isNull(person.deactivatedAt),
      ),
    )
  return new Map(rows.map(({ id, ...away }) => [id, away]))
}

/** Whether the actor is away, and in whose place they decide now. */
export async function myAway(
  ctx: Ctx,
  now: Date,
): Promise<{ away: AwayView | null; standsIn: readonly StandsInView[] }> {
  if (ctx.actor.kind !== 'person') return { away: null, standsIn: [] }
  const me = ctx.actor.id
  const [away, standsIn] = await Promise.all([unsafeAway(ctx.db, [me], now), standsInFor(ctx.db, me, now)])
  return { away: away.get(me) ?? null, standsIn: standsIn.filter((s) => s.startsAt <= now) }
}

/**
 * What runs and what is planned of somebody's absences, for themself and for whoever may list people; with who may be
 * named, for whoever may name them. Null for everybody else.
 */
export async function awayPage(ctx: Ctx, personId: string, now: Date): Promise<AwayPage | null> {
  const maySet = can(ctx.actor, 'delegation.set', { beneficiaryId: personId })
  if (!maySet && !(await manageScope(ctx, 'people.list'))) return null
  const [own, standsIn, choices] = await Promise.all([
    ctx.db
      .select({ row: delegation, substitute: person.name, gone: person.deactivatedAt })
      .from(delegation)
      .innerJoin(person, eq(person.id, delegation.substituteId))
      .where(
        and(
          eq(delegation.personId, personId),
          gt(delegation.endsAt, now),
          gt(delegation.endsAt, delegation.startsAt),
        ),
      )
      .orderBy(asc(delegation.startsAt)),
    standsInFor(ctx.db, personId, now),
    maySet ? choicesFor(ctx.db, personId) : [],
  ])
  return {
    own: own.map(({ row: { id, startsAt, endsAt }, substitute, gone }) => ({
      id,
      substitute,
      startsAt,
      endsAt,
      running: startsAt <= now,
      idle: gone !== null,
    })),
    standsIn,
    choices,
  }
}

/** In whose place somebody decides, now or later. */
async function standsInFor(db: Reader, personId: string, now: Date): Promise<StandsInView[]> {
  return db
    .select({
      id: delegation.id,
      name: person.name,
      startsAt: delegation.startsAt,
      endsAt: delegation.endsAt,
    })
    .from(delegation)
    .innerJoin(person, eq(person.id, delegation.personId))
    .where(
      and(
        eq(delegation.substituteId, personId),
        gt(delegation.endsAt, now),
        gt(delegation.endsAt, delegation.startsAt),
        isNull(person.deactivatedAt),
      ),
    )
    .orderBy(asc(delegation.startsAt), asc(person.name))
}

/** Everybody active but the person themself, by whatever account. */
async function choicesFor(db: Reader, personId: string): Promise<SubstituteChoice[]> {
  const self = alias(person, 'self')
  return db
    .select({ id: person.id, name: person.name, team: person.team })
    .from(person)
    .innerJoin(self, eq(self.id, personId))
    .where(and(isNull(person.deactivatedAt), ne(person.emailKey, self.emailKey)))
    .orderBy(asc(person.name), asc(person.id))
}
