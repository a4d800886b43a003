import 'server-only'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Freeze } from '@/lib/application-views'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { ownersOf } from '@/lib/services/facts'
import { freezeOf } from '@/lib/services/freeze'
import type { LeaseView } from '@/lib/views'
import { unsafeLeases } from './leases'
import { peopleOf } from './names'

/** So many are listed before they are taken; the rest is counted. */
const LISTED = 200

/** What taking everything back from a person, or on an application, would take. */
export interface TakeBackPreview {
  readonly name: string
  readonly rows: readonly (LeaseView & { readonly holder: string })[]
  readonly more: number
}

/** The preview; null for whoever may not take it, or where there is no such person or application. */
export async function takeBackPreview(
  ctx: Ctx,
  scope: 'person' | 'application',
  id: string,
  now: Date,
): Promise<TakeBackPreview | null> {
  const { grant, person, application } = schema
  const table = scope === 'person' ? person : application
  const [found] = await ctx.db.select({ name: table.name }).from(table).where(eq(table.id, id))
  const ownerIds = scope === 'application' ? await ownersOf(ctx.db, id) : []
  const gate = scope === 'person' ? 'person.take_back' : 'application.take_back'
  if (!found || !can(ctx.actor, gate, { ownerIds })) return null
  const where = and(
    eq(scope === 'person' ? grant.personId : grant.applicationId, id),
    inArray(grant.state, ['scheduled', 'provisioning', 'active']),
  )
  const [rows, all] = await Promise.all([
    unsafeLeases(ctx.db, where, now, { orderBy: sql`${grant.endsAt} desc nulls first`, limit: LISTED }),
    ctx.db.$count(grant, where),
  ])
  const people = await peopleOf(
    ctx.db,
    rows.map((row) => row.personId),
  )
  return {
    name: found.name,
    rows: rows.map((row) => ({ ...row, holder: people.get(row.personId)?.name ?? 'Somebody' })),
    more: all - rows.length,
  }
}

/** What holds giving of an entitlement back at present; everybody may know it. */
export async function freezeOn(ctx: Ctx, entitlementId: string): Promise<Freeze | null> {
  const { entitlement } = schema
  const row = await ctx.db.query.entitlement.findFirst({
    where: eq(entitlement.id, entitlementId),
    columns: { applicationId: true },
  })
  return row ? freezeOf(ctx.db, row.applicationId) : null
}
