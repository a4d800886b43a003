import 'server-only'
import { z } from 'zod'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { parseGrantView } from '@/lib/grant-url'
import type { FilterOption, LiveAnswer } from '@/lib/grant-views'
import { optionKinds } from '@/lib/grant-views'
import { filterOptions } from './grant-options'
import { liveGrants, PAGE_SIZE } from './grants'

/** What the table's client components ask as they live on: plain input, checked here. */

export const optionsQuestion = z.object({
  kind: z.enum(optionKinds),
  q: z.string().trim().max(200),
})

export async function findOptions(
  ctx: Ctx,
  input: z.output<typeof optionsQuestion>,
): Promise<FilterOption[]> {
  return (await filterOptions(ctx, input.kind, input.q.replaceAll('\u0000', ''))) ?? []
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

export const followQuestion = z.object({
  query: z.string().max(8_000),
  ids: z.array(z.guid()).max(PAGE_SIZE * 4),
  since: z.date(),
  zone: z.string().max(60).refine(isZone),
})

/** The present state of what a table shows; null for whoever may not see it. */
export async function followGrants(
  ctx: Ctx,
  { query, ids, since, zone }: z.output<typeof followQuestion>,
): Promise<LiveAnswer | null> {
  const { view } = parseGrantView(new URLSearchParams(query))
  const { now } = await readClocks(ctx.db)
  const live = await liveGrants(ctx, view, { now, zone }, { ids, since })
  return live && { ...live, now }
}
