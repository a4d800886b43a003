import 'server-only'
import { z } from 'zod'
import { noSuch } from './not-here'
import { currentViewer, type Viewer } from './session'

/**
 * Answers what one can filter a list for, as JSON: a search as one types. `kind` is what is searched, `q` what was
 * typed, at most 200 characters. 400 for a question nobody understands, 404 for whoever may not see the list.
 */
export async function filterAnswer<Kind extends string>(
  request: Request,
  kinds: readonly Kind[],
  options: (viewer: Viewer, kind: Kind, q: string) => Promise<readonly unknown[] | null>,
): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const search = new URL(request.url).searchParams
  const kind = kinds.find((one) => one === search.get('kind'))
  const q = typed.safeParse(search.get('q') ?? '')
  if (!kind || !q.success) return new Response('This question is not understood.\n', { status: 400 })
  const found = await options(viewer, kind, q.data)
  if (!found) return noSuch(viewer, 'There is no such page.')
  return Response.json(found, { headers: { 'cache-control': 'no-store' } })
}

const typed = z
  .string()
  .trim()
  .max(200)
  .refine((text) => !text.includes('\u0000'))
