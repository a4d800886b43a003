import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { countErasable, type ErasureCount } from '@/lib/services/erasure'

/** What erasing somebody's data would do. */
export interface ErasurePage extends ErasureCount {
  readonly id: string
  readonly name: string
  /** Only what is recorded of people who are deactivated can be erased. */
  readonly active: boolean
}

/** For admins; null for everybody else and for nobody. */
export async function erasurePage(ctx: Ctx, id: string): Promise<ErasurePage | null> {
  if (!can(ctx.actor, 'person.erase', {})) return null
  const row = await ctx.db.query.person.findFirst({ where: eq(schema.person.id, id) })
  if (!row) return null
  const { name, deactivatedAt } = row
  return { id, name, active: deactivatedAt === null, ...(await countErasable(ctx, row)) }
}
