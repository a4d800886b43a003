import { z } from 'zod'
import { auditOptionKinds } from '@/lib/audit-views'
import { noSuch } from '@/lib/not-here'
import { auditOptions } from '@/lib/queries/audit'
import { currentViewer } from '@/lib/session'

const question = z.object({
  kind: z.enum(auditOptionKinds),
  q: z
    .string()
    .trim()
    .max(200)
    .refine((text) => !text.includes('\u0000')),
})

/** What one can filter the log for, as JSON: a search as one types. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const search = new URL(request.url).searchParams
  const asked = question.safeParse({ kind: search.get('kind'), q: search.get('q') ?? '' })
  if (!asked.success) return new Response('This question is not understood.\n', { status: 400 })
  const options = await auditOptions(viewer.ctx, asked.data.kind, { q: asked.data.q })
  if (!options) return noSuch(viewer, 'There is no such page.')
  return Response.json(options, { headers: { 'cache-control': 'no-store' } })
}
