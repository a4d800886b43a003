import { noSuch } from '@/lib/not-here'
import { extensionLengths } from '@/lib/queries/grant-options'
import { currentViewer } from '@/lib/session'
import { selectedIds } from '../selection'

/** The lengths by which selected grants may be extended, as JSON: seconds. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const ids = selectedIds.safeParse(new URL(request.url).searchParams.get('ids') ?? '')
  if (!ids.success) return new Response('This question is not understood.\n', { status: 400 })
  const lengths = await extensionLengths(viewer.ctx, ids.data)
  if (!lengths) return noSuch(viewer, 'There is no such page.')
  return Response.json(lengths, { headers: { 'cache-control': 'no-store' } })
}
