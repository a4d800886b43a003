import { filterAnswer } from '@/lib/filter-answer'
import { optionKinds } from '@/lib/grant-views'
import { filterOptions } from '@/lib/queries/grant-options'

/** What one can filter the table for. */
export async function GET(request: Request): Promise<Response> {
  return filterAnswer(request, optionKinds, ({ ctx }, kind, q) => filterOptions(ctx, kind, q))
}
