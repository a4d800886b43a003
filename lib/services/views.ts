import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { grantQuery, parseGrantView } from '@/lib/grant-url'
import { change } from './change'

const { savedView } = schema
const MOST_VIEWS = 30

export const saveViewInput = z.object({
  name: z.string().trim().min(1, 'Give the view a name').max(60, 'At most 60 characters'),
  /** The table's query string; kept in its canonical form, without the place in the list. */
  query: z.string().max(8_000),
})
export type SaveViewInput = z.infer<typeof saveViewInput>

export const forgetViewInput = z.object({ viewId: z.guid() })

const me = (ctx: Ctx) => (ctx.actor.kind === 'person' ? ctx.actor.id : '')

/** Keeps the table's filters under a name of the actor's own; the same name again replaces what it stood for. */
export function saveView(ctx: Ctx, input: SaveViewInput): Promise<Result<{ name: string }>> {
  const personId = me(ctx)
  const { view } = parseGrantView(new URLSearchParams(input.query))
  const query = grantQuery({ ...view, cursor: '' })
  return change(ctx, {
    gate: 'view.save',
    subject: { type: 'person', id: personId },
    async run(tx, at) {
      const kept = await tx.$count(savedView, eq(savedView.personId, personId))
      const replaces = await tx.query.savedView.findFirst({
        where: and(eq(savedView.personId, personId), eq(savedView.name, input.name)),
      })
      if (!replaces && kept >= MOST_VIEWS)
        throw new RefusalError(refuse('limit', `At most ${MOST_VIEWS} views; delete one first`, 'name'))
      await tx
        .insert(savedView)
        .values({ id: at.newId(), personId, name: input.name, query })
        .onConflictDoUpdate({
          target: [savedView.personId, savedView.name],
          set: { query: sql`excluded.query` },
        })
      const what = `Saved the view “${input.name}” of access grants.`
      return { result: { name: input.name }, entry: { verb: 'changed', data: { what } } }
    },
  })
}

/** Deletes one of the actor's own views. */
export function forgetView(ctx: Ctx, { viewId }: { viewId: string }): Promise<Result<{ name: string }>> {
  const personId = me(ctx)
  return change(ctx, {
    gate: 'view.save',
    subject: { type: 'person', id: personId },
    async run(tx) {
      const [gone] = await tx
        .delete(savedView)
        .where(and(eq(savedView.id, viewId), eq(savedView.personId, personId)))
        .returning()
      if (!gone) throw new RefusalError(refuse('not_found', 'This view is gone already'))
      const what = `Deleted the view “${gone.name}” of access grants.`
      return { result: { name: gone.name }, entry: { verb: 'changed', data: { what } } }
    },
  })
}
