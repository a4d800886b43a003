/** Complete listings in a row that must lack an entitlement before it closes: one alone may be a target's slip. */
export const LISTINGS_UNTIL_GONE = 2

/** An entitlement as it is on record. Entitlements are told apart by the target's immutable id, never by name. */
export interface KnownEntitlement {
  readonly id: string
  readonly externalId: string
  readonly name: string
  readonly description: string | null
  readonly requestable: boolean
  readonly reason: string | null
  readonly closedAt: Date | null
  /** Complete listings in a row that lacked it. */
  readonly missedListings: number
}

/** One line of the target's catalogue. */
export interface Listed {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly requestable: boolean
  readonly reason?: string
}

/** New values of an entitlement that is on record. */
export interface EntitlementChange {
  readonly id: string
  readonly set: Partial<Omit<KnownEntitlement, 'id' | 'externalId' | 'closedAt'>> & {
    /** `gone`: closes now. `back`: was closed, or about to be, and is listed again. */
    readonly closes?: 'gone' | 'back'
  }
}

/** One thing a listing changed, by the name people know. */
export interface CatalogueNews {
  readonly kind: 'added' | 'recreated' | 'renamed' | 'gone' | 'reopened' | 'requestable' | 'not_requestable'
  readonly name: string
  /** The entitlement on record; absent for a new one. */
  readonly id?: string
  /** Its former name, or why it cannot be asked for. */
  readonly detail?: string
}

/** What a complete listing changes; or why it changes nothing. */
export type CatalogueMerge =
  | {
      readonly kind: 'merged'
      readonly added: readonly Listed[]
      readonly changes: readonly EntitlementChange[]
      readonly news: readonly CatalogueNews[]
      /** Names that this listing lacked for the first time: they close if the next one lacks them as well. */
      readonly missing: readonly string[]
    }
  /** It came back empty although entitlements are on record. Nothing is ever closed by that. */
  | { readonly kind: 'empty'; readonly offered: number }
  /** It lacks more than half of what was offered, at once. Nothing is taken from it until somebody accepts it. */
  | { readonly kind: 'shrunk'; readonly offered: number; readonly lacking: number }

/** Why an entitlement is closed that the target does not list any more. */
export const GONE = 'Gone from the target'

/**
 * Holds a complete listing against what is on record. `accepted` says that a person has looked at a listing that
 * shrank and takes it as it is; the two listings in a row are waited for all the same.
 */
export function mergeCatalogue(
  known: readonly KnownEntitlement[],
  listing: readonly Listed[],
  { accepted = false }: { accepted?: boolean } = {},
): CatalogueMerge {
  const listed = new Map(listing.map((item) => [item.id, item]))
  const open = known.filter((row) => row.closedAt === null)
  if (listed.size === 0 && open.length > 0) return { kind: 'empty', offered: open.length }
  const lacking = open.filter((row) => !listed.has(row.externalId))
  // What was missed before, and accepted or few at a time, is not missed once more.
  const newly = lacking.filter((row) => row.missedListings === 0)
  if (!accepted && newly.length > 1 && newly.length * 2 > open.length)
    return { kind: 'shrunk', offered: open.length, lacking: newly.length }

  const byExternal = new Map(known.map((row) => [row.externalId, row]))
  const added = [...listed.values()].filter((item) => !byExternal.has(item.id))
  const former = new Set(
    known.filter((row) => row.closedAt !== null || !listed.has(row.externalId)).map((row) => row.name),
  )
  const seen = known.flatMap((row) => {
    const item = listed.get(row.externalId)
    return item ? [seenAgain(row, item)] : []
  })
  const missed = lacking.map((row): { change: EntitlementChange; news: CatalogueNews[] } =>
    row.missedListings + 1 < LISTINGS_UNTIL_GONE
      ? { change: { id: row.id, set: { missedListings: row.missedListings + 1 } }, news: [] }
      : {
          change: { id: row.id, set: { missedListings: 0, closes: 'gone', reason: GONE } },
          news: [{ kind: 'gone', name: row.name, id: row.id }],
        },
  )
  return {
    kind: 'merged',
    added,
    changes: [...seen, ...missed].flatMap(({ change }) => (change ? [change] : [])),
    news: [
      ...added.map(({ name }): CatalogueNews => ({ kind: former.has(name) ? 'recreated' : 'added', name })),
      ...[...seen, ...missed].flatMap(({ news }) => news),
    ],
    missing: newly.map((row) => row.name),
  }
}

/** What a listing says of an entitlement that it has. What people wrote about it stays; only an empty text is filled. */
function seenAgain(
  row: KnownEntitlement,
  item: Listed,
): { change: EntitlementChange | null; news: CatalogueNews[] } {
  const next = {
    name: item.name,
    description: row.description ?? item.description ?? null,
    requestable: item.requestable,
    reason: item.requestable ? null : (item.reason ?? 'The target says that its members are not ours to set'),
    missedListings: 0,
  }
  const set = Object.fromEntries(
    Object.entries(next).filter(([key, value]) => row[key as keyof typeof next] !== value),
  ) as EntitlementChange['set']
  const back = row.closedAt !== null
  const about = { name: item.name, id: row.id }
  const news: CatalogueNews[] = []
  if (back) news.push({ kind: 'reopened', ...about })
  if (item.name !== row.name) news.push({ kind: 'renamed', ...about, detail: row.name })
  if (item.requestable !== row.requestable)
    news.push(
      item.requestable
        ? { kind: 'requestable', ...about }
        : { kind: 'not_requestable', ...about, ...(next.reason ? { detail: next.reason } : {}) },
    )
  const changed = back || Object.keys(set).length > 0
  return {
    change: changed ? { id: row.id, set: { ...set, ...(back ? { closes: 'back' as const } : {}) } } : null,
    news,
  }
}
