import type { CatalogueApplication, CatalogueRow } from '@/lib/views'

/** Which rows of the catalogue are shown: everything, what one holds, what one waits for. */
export type CatalogueShow = 'all' | 'held' | 'waiting'

/** A value from a URL; whatever is not one shows everything. */
export function catalogueShow(value: string | string[] | undefined): CatalogueShow {
  return value === 'held' || value === 'waiting' ? value : 'all'
}

const shown: Record<CatalogueShow, (row: CatalogueRow) => boolean> = {
  all: () => true,
  held: ({ standing }) => standing.kind === 'held',
  waiting: ({ standing }) =>
    standing.kind === 'pending' || (standing.kind === 'held' && standing.lease.pending !== null),
}

/** Every word that was typed must stand somewhere in the row or its application. */
export function filterCatalogue(
  applications: readonly CatalogueApplication[],
  q: string,
  show: CatalogueShow,
): CatalogueApplication[] {
  const words = q.toLocaleLowerCase('en').split(/\s+/).filter(Boolean)
  return applications.flatMap((entry) => {
    const { application } = entry
    const rows = entry.rows.filter((row) => {
      if (!shown[show](row)) return false
      const { name, description, howToUse } = row.entitlement
      const text = [name, description, howToUse, application.name, application.description]
        .join(' ')
        .toLocaleLowerCase('en')
      return words.every((word) => text.includes(word))
    })
    return rows.length > 0 ? [{ ...entry, rows }] : []
  })
}

/** How many rows each view has, whatever is searched for. */
export function catalogueCounts(
  applications: readonly CatalogueApplication[],
): Record<CatalogueShow, number> {
  const rows = applications.flatMap((entry) => entry.rows)
  return {
    all: rows.length,
    held: rows.filter(shown.held).length,
    waiting: rows.filter(shown.waiting).length,
  }
}
