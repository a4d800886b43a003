import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import type { LineOutcome } from '@/lib/directory-plan'
import { can } from '@/lib/domain/authorize'
import type { ImportPage } from '@/lib/people-views'
import { planImport } from '@/lib/services/directory-plans'

/** So many lines of each kind are shown. Errors are shown all: each has to be mended. */
const SHOWN = 200

/** Whether whoever asks may import at all. */
export const mayImport = (ctx: Ctx): boolean => can(ctx.actor, 'directory.import', {})

/** What an uploaded file would do as things stand now; null for whoever may not import. */
export async function importPage(ctx: Ctx, id: string): Promise<ImportPage | null> {
  if (!mayImport(ctx)) return null
  const row = await ctx.db.query.directoryImport.findFirst({ where: eq(schema.directoryImport.id, id) })
  if (!row) return null
  const planned = await planImport(ctx.db, row, ctx.actor.kind === 'person' ? ctx.actor.id : null)
  const of = (outcome: LineOutcome) => planned.lines.filter((line) => line.outcome === outcome)
  const [made, changed, errors] = [of('new'), of('changed'), of('error')]
  return {
    id: row.id,
    kind: row.kind,
    fileName: row.fileName,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    outcome: row.outcome,
    digest: planned.digest,
    unknown: planned.unknown,
    errors,
    made: made.slice(0, SHOWN),
    changed: changed.slice(0, SHOWN),
    counts: {
      made: made.length,
      changed: changed.length,
      unchanged: of('unchanged').length,
      errors: errors.length,
    },
    missing: planned.missing,
  }
}
