import 'server-only'

/** What of a list, kept in the order of its keys, comes after a cursor, and the cursor of what follows. */
export function pageAfter<Item>(
  sorted: readonly Item[],
  key: (item: Item) => string,
  after: string,
  size: number,
): { items: Item[]; next: string | null } {
  const rest = sorted.filter((item) => key(item) > after)
  const items = rest.slice(0, size)
  return { items, next: rest.length > size ? key(items.at(-1)!) : null }
}
