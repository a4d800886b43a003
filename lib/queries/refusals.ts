import 'server-only'
import { and, desc, eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { isUuid } from '@/lib/ids'
import type { RefusalCode, RefusalsPage } from '@/lib/refusal-views'

const { person, refusal } = schema
const PAGE = 50

/** What of the record of refusals is shown. */
export interface RefusalSearch {
  readonly code: RefusalCode | null
  /** A person's id; whatever is none shows everybody's. */
  readonly person: string | null
  readonly page: number
}

/** Who was turned away, newest first; null for whoever is neither admin nor auditor. */
export async function refusalsPage(ctx: Ctx, search: RefusalSearch): Promise<RefusalsPage | null> {
  if (!can(ctx.actor, 'audit.see', {})) return null
  const { db } = ctx
  const id = search.person && isUuid(search.person) ? search.person : null
  const who = id ? await db.query.person.findFirst({ where: eq(person.id, id) }) : undefined
  const where = and(
    search.code ? eq(refusal.code, search.code) : undefined,
    who ? eq(refusal.personId, who.id) : undefined,
  )
  const [total, { wall }] = await Promise.all([db.$count(refusal, where), readClocks(db)])
  const pages = Math.max(1, Math.ceil(total / PAGE))
  const page = Math.min(search.page, pages)
  const rows = await db
    .select({ refusal, name: person.name })
    .from(refusal)
    .leftJoin(person, eq(person.id, refusal.personId))
    .where(where)
    // The last three only keep pages apart where moments are the same.
    .orderBy(desc(refusal.hour), desc(refusal.lastAt), refusal.personId, refusal.door, refusal.code)
    .limit(PAGE)
    .offset((page - 1) * PAGE)
  return {
    rows: rows.map(({ refusal: { lastAt, personId, door, code, count }, name }) => ({
      at: lastAt,
      person: personId && name ? { id: personId, name } : null,
      door,
      code,
      count,
    })),
    page,
    pages,
    total,
    person: who ? { id: who.id, name: who.name } : null,
    wall,
  }
}
