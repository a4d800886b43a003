import { describe, expect, it } from 'vitest'
import { catalogueCounts, catalogueShow, filterCatalogue } from './catalogue-filter'
import type { CatalogueApplication, CatalogueRow } from './views'

const row = (name: string, description: string, standing: CatalogueRow['standing']): CatalogueRow => ({
  entitlement: { id: name, name, description, risk: 'low', howToUse: null },
  mode: 'just-in-time',
  lengths: [3600],
  agree: 'either',
  approvers: [],
  usualSeconds: null,
  standing,
})
const waiting = { kind: 'pending', requestId: 'r', decideBy: new Date(0) } as const
const all: CatalogueApplication[] = [
  {
    application: { id: 'a', name: 'Data warehouse', description: 'PostgreSQL', byHand: false },
    owners: [],
    rows: [
      row('prod_read', 'Read every table', { kind: 'free' }),
      row('finance_write', 'Correct ledger rows', waiting),
    ],
  },
  {
    application: { id: 'b', name: 'Stripe', description: null, byHand: true },
    owners: [],
    rows: [row('Refunds', 'Pay back up to 500 euros', { kind: 'closed', why: 'Not for you', ask: null })],
  },
]
const names = (q: string, show: Parameters<typeof filterCatalogue>[2] = 'all') =>
  filterCatalogue(all, q, show).flatMap((a) => a.rows.map((r) => r.entitlement.name))

describe('the catalogue', () => {
  it.each([
    ['', ['prod_read', 'finance_write', 'Refunds']],
    ['PROD', ['prod_read']],
    ['ware ledger', ['finance_write']],
    ['postgresql', ['prod_read', 'finance_write']],
    ['euros stripe', ['Refunds']],
    ['nothing like it', []],
  ])('finds %j', (q, found) => {
    expect(names(q)).toEqual(found)
  })

  it('shows what one waits for, and counts it whatever is searched', () => {
    expect(names('', 'waiting')).toEqual(['finance_write'])
    expect(catalogueCounts(all)).toEqual({ all: 3, held: 0, waiting: 1 })
  })

  it('takes an unknown view for everything', () => {
    expect(catalogueShow('waiting')).toBe('waiting')
    expect(catalogueShow('constructor')).toBe('all')
    expect(catalogueShow(['held'])).toBe('all')
  })
})
