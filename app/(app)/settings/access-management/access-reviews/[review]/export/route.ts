import { exportText } from '@/lib/grant-csv'
import { isUuid } from '@/lib/ids'
import { noSuch } from '@/lib/not-here'
import { exportReview, reviewColumns } from '@/lib/queries/access-review-export'
import { currentViewer } from '@/lib/session'

type Context = RouteContext<'/settings/access-management/access-reviews/[review]/export'>

/** Every line of an access review as CSV, for an auditor. 404 for whoever may not see it. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const { review: id } = await params
  const found = isUuid(id) ? await exportReview(viewer.ctx, id, viewer.now) : null
  if (!found) return noSuch(viewer, 'There is no such access review.')
  const day = viewer.now.toISOString().slice(0, 10)
  return new Response(exportText('csv', reviewColumns, found.rows, true), {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="access-review-${day}.csv"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
