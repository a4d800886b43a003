import { z } from 'zod'
import { optionKinds } from '@/lib/grant-views'
import { noSuch } from '@/lib/not-here'
import { filterOptions } from '@/lib/queries/grant-options'
import { currentViewer } from '@/lib/session'

const question = z.object({
  kind: z.enum(optionKinds),
  q: z
    .string()
    .trim()
    .max(200)
    .refine((text) => !text.includes('\u0000')),
})

/** What one can filter the table for, as JSON: a search as one types. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const search = new URL(request.url).searchParams
  const asked = question.safeParse({ kind: search.get('kind'), q: search.get('q') ?? '' })
  if (!asked.success) return new Response('This question is not understood.\n', { status: 400 })
  const options = await filterOptions(viewer.ctx, asked.data.kind, asked.data.q)
  if (!options) return noSuch(viewer, 'There is no such page.')
  return Response.json(options, { headers: { 'cache-control': 'no-store' } })
}
