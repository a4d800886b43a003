import 'server-only'
import {
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorError,
  type Holder,
  type ListedEntitlement,
  type Page,
} from '@/lib/connectors/contract'
import { getConnector } from '@/lib/connectors/registry'
import type { ConnectionRow } from './changes'
import { callTarget } from './connection-calls'
import type { openRow } from './connections'

const MOST_PAGES = 1_000

/** Whether the holders of this connection can be listed. */
export function listsHolders(row: Pick<ConnectionRow, 'connector' | 'config'>): boolean {
  const connector = getConnector(row.connector)
  return connector.listHolders !== undefined && connector.capabilities(row.config).listHolders
}

/**
 * Everybody who holds an entitlement in the target now, each account once; listed twice, a direct hold is what counts.
 * @throws ConnectorError when the list cannot be read to its end
 */
export async function listHolders(
  row: ConnectionRow,
  entitlement: { id: string; name: string },
): Promise<Holder[]> {
  const found = new Map<string, Holder>()
  const listed = await readToEnd<Holder>(row, (connector, ctx, cursor) => {
    if (!connector.listHolders) throw new ConnectorError('rejected', 'It cannot say who holds what.')
    return connector.listHolders(ctx, { entitlement, cursor })
  })
  for (const holder of listed)
    if (found.get(holder.account.id)?.state !== 'direct') found.set(holder.account.id, holder)
  return [...found.values()]
}

/**
 * Everything that can be leased in the target now, each thing once.
 * @throws ConnectorError when the list cannot be read to its end
 */
export async function listEntitlements(row: ConnectionRow): Promise<ListedEntitlement[]> {
  const listed = await readToEnd<ListedEntitlement>(row, (connector, ctx, cursor) =>
    connector.listEntitlements(ctx, { cursor }),
  )
  return [...new Map(listed.map((item) => [item.id, item])).values()]
}

/** Half a list would call the rest of it gone: all of its pages, or an error. */
async function readToEnd<T>(
  row: ConnectionRow,
  read: (
    connector: ReturnType<typeof openRow>['connector'],
    ctx: ConnectorContext<ConnectorConfig>,
    cursor: string | null,
  ) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const at: string | null = cursor
    const answer: Page<T> = await callTarget(row, (connector, ctx) => read(connector, ctx, at))
    items.push(...answer.items)
    cursor = answer.next
    if (cursor === null) return items
  }
  throw new ConnectorError('rejected', 'The list did not come to an end.')
}
