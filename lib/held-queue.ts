/** One row of an open queue. `gone`: it does not wait for the reader any more, and stays where it is until cleared. */
export interface HeldRow<T> {
  readonly item: T
  readonly gone: boolean
}

type Waiting = { readonly id: string }

/**
 * An open queue after another look: rows stay where they are with what is known of them now, those that left are
 * marked, and new ones come last, so that nothing moves under the pointer. What the reader answered leaves at once.
 */
export function holdQueue<T extends Waiting>(
  rows: readonly HeldRow<T>[],
  items: readonly T[],
  answered: ReadonlySet<string>,
): HeldRow<T>[] {
  const fresh = new Map(items.map((item) => [item.id, item]))
  const kept = rows.flatMap((row): HeldRow<T>[] => {
    const item = fresh.get(row.item.id)
    if (item) return [{ item, gone: false }]
    return answered.has(row.item.id) ? [] : [{ item: row.item, gone: true }]
  })
  const known = new Set(kept.map((row) => row.item.id))
  return [...kept, ...items.filter((item) => !known.has(item.id)).map((item) => ({ item, gone: false }))]
}

/** Whether the rows stand in another order than the items would. */
export function isOutOfOrder<T extends Waiting>(rows: readonly HeldRow<T>[], items: readonly T[]): boolean {
  const shown = rows.filter((row) => !row.gone).map((row) => row.item.id)
  return shown.some((id, i) => items[i]?.id !== id)
}
