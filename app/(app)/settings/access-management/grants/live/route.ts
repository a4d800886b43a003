import { z } from 'zod'
import { parseGrantView } from '@/lib/grant-url'
import type { LiveAnswer } from '@/lib/grant-views'
import { noSuch } from '@/lib/not-here'
import { liveGrants } from '@/lib/queries/grants'
import { currentViewer } from '@/lib/session'
import { selectedIds } from '../selection'

const shown = z.object({
  ids: selectedIds,
  since: z.iso.datetime().transform((text) => new Date(text)),
})

/**
 * The present state of the rows a table shows, as JSON. A plain request and no server action: those wait in the
 * router's line, and a navigation throws away the one under way.
 */
export async function GET(request: Request): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const search = new URL(request.url).searchParams
  const asked = shown.safeParse({ ids: search.get('ids') ?? '', since: search.get('since') ?? '' })
  if (!asked.success) return new Response('This question is not understood.\n', { status: 400 })
  const { view } = parseGrantView(search)
  const { now, zone } = viewer
  const live = await liveGrants(viewer.ctx, view, { now, zone }, asked.data)
  if (!live) return noSuch(viewer, 'There is no such page.')
  const answer: LiveAnswer = { ...live, now }
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } })
}
