import { auditOptionKinds } from '@/lib/audit-views'
import { filterAnswer } from '@/lib/filter-answer'
import { auditOptions } from '@/lib/queries/audit'

/** What one can filter the log for. */
export async function GET(request: Request): Promise<Response> {
  return filterAnswer(request, auditOptionKinds, ({ ctx }, kind, q) => auditOptions(ctx, kind, { q }))
}
