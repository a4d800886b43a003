import { auditFormats, parseAuditView } from '@/lib/audit-url'
import { download } from '@/lib/download'
import { noSuch } from '@/lib/not-here'
import { exportAudit } from '@/lib/queries/audit-export'
import { currentViewer } from '@/lib/session'

const files = {
  csv: { type: 'text/csv; charset=utf-8; header=present', end: 'csv' },
  jsonl: { type: 'application/x-ndjson; charset=utf-8', end: 'jsonl' },
  ocsf: { type: 'application/x-ndjson; charset=utf-8', end: 'ocsf.jsonl' },
}

/** Streams every entry of the view as CSV, JSON Lines or OCSF events. 404 for whoever may not see the log. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const search = new URL(request.url).searchParams
  const asked = search.get('format') ?? 'csv'
  const format = auditFormats.find((candidate) => candidate === asked)
  if (!format) return new Response('The format is csv, jsonl or ocsf.\n', { status: 400 })
  const { view } = parseAuditView(search)
  const texts = await exportAudit(viewer.ctx, view, { now: viewer.now, zone: viewer.zone }, format)
  if (!texts) return noSuch(viewer, 'There is no such page.')
  const { type, end } = files[format]
  return download(texts, { name: `audit-log-${viewer.now.toISOString().slice(0, 10)}.${end}`, type })
}
