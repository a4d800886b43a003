/** Lists of a SCIM server, whatever it says about their length. */
import 'server-only'
import type { z } from 'zod'
import { ConnectorError } from '../contract'
import { ask, type Ctx, read } from './client'
import { listShape } from './resources'

/** Where a listing stands: the next index, and what the first page began with and said about the length. */
interface Place {
  startIndex: number
  first: string
  total: number | null
}

export interface Listed<Resource> {
  items: Resource[]
  next: string | null
  /** What the server says there is of it; a hint and never a proof. */
  total: number | null
}

interface Question<Schema> {
  kind: 'Users' | 'Groups'
  shape: Schema
  filter?: string
}

const placeOf = (cursor: string | null): Place =>
  cursor === null ? { startIndex: 1, first: '', total: null } : (JSON.parse(cursor) as Place)

/**
 * One page. Servers send fewer than asked for, or more, say a wrong total, or send the first page again for every
 * index. So the next index is what was really received further on, and the end is an empty page or the first again.
 * @throws ConnectorError `rejected` where the first page comes again and the server says that there is more
 */
export async function listPage<Schema extends z.ZodType<{ id: string }>>(
  ctx: Ctx,
  { kind, shape, filter }: Question<Schema>,
  cursor: string | null,
): Promise<Listed<z.infer<Schema>>> {
  const place = placeOf(cursor)
  const { startIndex, first } = place
  const answer = await ask(ctx, {
    method: 'GET',
    path: `/${kind}`,
    query: {
      startIndex: String(startIndex),
      count: String(ctx.config.pageSize),
      // What is long and not needed here; a server that cannot leave it out sends it.
      excludedAttributes: kind === 'Groups' ? 'members' : 'groups',
      ...(filter ? { filter } : {}),
    },
  })
  // Some servers refuse an index behind the last instead of sending nothing.
  const behind = cursor !== null && startIndex > (place.total ?? 0)
  if (behind && [400, 404].includes(answer.status)) return { items: [], next: null, total: place.total }
  const { Resources, totalResults: total = null } = read(listShape, answer)
  const items = Resources.flatMap((resource) => {
    const result = shape.safeParse(resource)
    if (!result.success) ctx.log('an entry of a list cannot be read', { kind, resource })
    return result.success ? [result.data] : []
  })
  const start = items[0]?.id ?? ''
  if (cursor !== null && start !== '' && start === first) {
    if (total !== null && total > startIndex - 1)
      throw new ConnectorError(
        'rejected',
        `${answer.host} sends the same page again, so its list of ${total} cannot be read to its end.`,
      )
    return { items: [], next: null, total }
  }
  if (Resources.length === 0) return { items, next: null, total }
  const next: Place = {
    startIndex: startIndex + Resources.length,
    first: first || start,
    total: cursor === null ? total : place.total,
  }
  return { items, next: JSON.stringify(next), total }
}
