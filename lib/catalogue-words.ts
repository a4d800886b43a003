import type { CatalogueMerge, CatalogueNews } from './domain/catalogue'

/** So many names stand in a sentence; of more, the number says enough. */
const NAMED = 5

const titles: Record<CatalogueNews['kind'], string> = {
  added: 'New',
  recreated: 'Made again under its former name, and so a new one',
  renamed: 'Renamed',
  gone: 'Gone, and closed',
  reopened: 'Listed again, and open',
  requestable: 'Can be asked for now',
  not_requestable: 'Cannot be asked for any more',
}

const order = Object.keys(titles) as CatalogueNews['kind'][]

function said({ kind, name, detail }: CatalogueNews): string {
  if (kind === 'renamed') return `${detail} is ${name} now`
  return kind === 'not_requestable' && detail ? `${name} (${detail.replace(/\.$/, '')})` : name
}

function named(all: readonly string[]): string {
  const more = all.length - NAMED
  return more > 0 ? `${all.slice(0, NAMED).join(', ')} and ${more} more` : all.join(', ')
}

/** What a listing changed, in sentences; null where it changed nothing that people see. */
export function catalogueWords(merge: Extract<CatalogueMerge, { kind: 'merged' }>): string | null {
  const parts = order.flatMap((kind) => {
    const of = merge.news.filter((item) => item.kind === kind)
    return of.length > 0 ? [`${titles[kind]}: ${named(of.map(said))}.`] : []
  })
  if (merge.missing.length > 0)
    parts.push(`Not listed, and closed if the next listing lacks it too: ${named(merge.missing)}.`)
  return parts.length > 0 ? parts.join(' ') : null
}

/** Why an empty listing changed nothing. */
export function emptyWords(offered: number): string {
  const known = offered === 1 ? 'one entitlement is' : `${offered} entitlements are`
  return `The catalogue came back empty although ${known} on record, so nothing changed. An empty list never closes anything.`
}

/** Why a listing that shrank changed nothing. */
export function shrunkWords({ offered, lacking }: { offered: number; lacking: number }): string {
  return `The catalogue lacks ${lacking} of ${offered} entitlements at once, so nothing changed. If that is right, an admin can read it again and accept it.`
}
