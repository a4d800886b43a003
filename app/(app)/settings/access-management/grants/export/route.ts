import { download } from '@/lib/download'
import { exportText } from '@/lib/grant-csv'
import { exportFormats, type GrantExportFormat, parseGrantView } from '@/lib/grant-url'
import { noSuch } from '@/lib/not-here'
import { type ExportedGrant, exportColumns, exportGrants } from '@/lib/queries/grant-export'
import { currentViewer } from '@/lib/session'
import { selectedIds } from '../selection'

const types = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/x-ndjson; charset=utf-8' }

/** Streams every grant of the view as CSV or JSON Lines, or just those named in `only`. 404 for whoever may not see the table. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const search = new URL(request.url).searchParams
  const format = exportFormats.find((candidate) => candidate === search.get('format')) ?? 'csv'
  const only = selectedIds.optional().safeParse(search.get('only') ?? undefined)
  if (!only.success) return new Response('This question is not understood.\n', { status: 400 })
  const { view } = parseGrantView(search)
  const look = { now: viewer.now, zone: viewer.zone }
  const batches = await exportGrants(viewer.ctx, view, look, only.data)
  if (!batches) return noSuch(viewer, 'There is no such page.')
  const name = `access-grants-${viewer.now.toISOString().slice(0, 10)}.${format}`
  return download(textsOf(batches, format), { name, type: types[format] })
}

/** The head of a table that has one stands there also above no grant at all. */
async function* textsOf(
  batches: AsyncGenerator<ExportedGrant[]>,
  format: GrantExportFormat,
): AsyncGenerator<string> {
  yield exportText(format, exportColumns, [], true)
  for await (const batch of batches) yield exportText(format, exportColumns, batch)
}
