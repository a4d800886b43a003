import { isUuid } from '@/lib/ids'
import { noSuch } from '@/lib/not-here'
import { evidencePack } from '@/lib/queries/evidence'
import { currentViewer } from '@/lib/session'

/** The evidence pack of one grant as one JSON file. 404 as the grant's own page. */
export async function GET(
  _request: Request,
  { params }: RouteContext<'/settings/access-management/grants/[id]/evidence/pack'>,
): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const { id } = await params
  const pack = isUuid(id) ? await evidencePack(viewer.ctx, id, viewer.now) : null
  if (!pack) return noSuch(viewer, 'There is no such grant.')
  return new Response(`${JSON.stringify(pack, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="evidence-${id}.json"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
