import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CatalogueMerge, GONE, type KnownEntitlement, type Listed, mergeCatalogue } from './catalogue'

const known = (name: string, more: Partial<KnownEntitlement> = {}): KnownEntitlement => ({
  id: `our-${name}`,
  externalId: `x-${name}`,
  name,
  description: null,
  requestable: true,
  reason: null,
  closedAt: null,
  missedListings: 0,
  ...more,
})
const listed = (name: string, more: Partial<Listed> = {}): Listed => ({
  id: `x-${name}`,
  name,
  requestable: true,
  ...more,
})
const CLOSED = { closedAt: new Date(0), reason: GONE }

function merged(merge: CatalogueMerge): Extract<CatalogueMerge, { kind: 'merged' }> {
  if (merge.kind !== 'merged') throw new Error(`not merged: ${merge.kind}`)
  return merge
}

describe('a complete listing', () => {
  it('says nothing where nothing changed', () => {
    expect(mergeCatalogue([known('a'), known('b')], [listed('b'), listed('a')])).toEqual({
      kind: 'merged',
      added: [],
      changes: [],
      news: [],
      missing: [],
    })
  })

  it.each<[string, KnownEntitlement[], Listed[], object]>([
    [
      'adds what is new',
      [known('a')],
      [listed('a'), listed('b')],
      { added: [listed('b')], changes: [], news: [{ kind: 'added', name: 'b' }] },
    ],
    [
      'renames by the immutable id',
      [known('a')],
      [listed('a', { name: 'alpha' })],
      {
        added: [],
        changes: [{ id: 'our-a', set: { name: 'alpha' } }],
        news: [{ kind: 'renamed', name: 'alpha', id: 'our-a', detail: 'a' }],
      },
    ],
    [
      'only counts what it lacks for the first time',
      [known('a'), known('b')],
      [listed('a')],
      { changes: [{ id: 'our-b', set: { missedListings: 1 } }], news: [], missing: ['b'] },
    ],
    [
      'closes what the second in a row lacks',
      [known('a'), known('b', { missedListings: 1 })],
      [listed('a')],
      {
        changes: [{ id: 'our-b', set: { missedListings: 0, closes: 'gone', reason: GONE } }],
        news: [{ kind: 'gone', name: 'b', id: 'our-b' }],
        missing: [],
      },
    ],
    [
      'forgets one miss when it is listed again',
      [known('a'), known('b', { missedListings: 1 })],
      [listed('a'), listed('b')],
      { changes: [{ id: 'our-b', set: { missedListings: 0 } }], news: [] },
    ],
    [
      'opens again what is listed again under its own id',
      [known('a', CLOSED)],
      [listed('a')],
      {
        added: [],
        changes: [{ id: 'our-a', set: { reason: null, closes: 'back' } }],
        news: [{ kind: 'reopened', name: 'a', id: 'our-a' }],
      },
    ],
    [
      'takes one made again under the same name for a new one; the old stays closed',
      [known('a', CLOSED), known('b')],
      [listed('b'), { id: 'x-new', name: 'a', requestable: true }],
      {
        added: [{ id: 'x-new', name: 'a', requestable: true }],
        changes: [],
        news: [{ kind: 'recreated', name: 'a' }],
      },
    ],
    [
      'says why something cannot be asked for any more',
      [known('a')],
      [listed('a', { requestable: false, reason: 'Synced from HR.' })],
      {
        changes: [{ id: 'our-a', set: { requestable: false, reason: 'Synced from HR.' } }],
        news: [{ kind: 'not_requestable', name: 'a', id: 'our-a', detail: 'Synced from HR.' }],
      },
    ],
    [
      'and that it can be again',
      [known('a', { requestable: false, reason: 'Synced from HR.' })],
      [listed('a')],
      {
        changes: [{ id: 'our-a', set: { requestable: true, reason: null } }],
        news: [{ kind: 'requestable', name: 'a', id: 'our-a' }],
      },
    ],
    [
      'keeps what people wrote, and fills only what is empty',
      [known('a', { description: 'Ours' }), known('b')],
      [listed('a', { description: 'Theirs' }), listed('b', { description: 'Theirs' })],
      { changes: [{ id: 'our-b', set: { description: 'Theirs' } }], news: [] },
    ],
    [
      'counts an entry that comes twice once',
      [],
      [listed('a'), listed('a', { name: 'alpha' })],
      { added: [listed('a', { name: 'alpha' })], news: [{ kind: 'added', name: 'alpha' }] },
    ],
  ])('%s', (_, rows, listing, expected) => {
    expect(mergeCatalogue(rows, listing)).toMatchObject(expected)
  })
})

describe('a listing that cannot be believed', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => known(name))

  it('is one that is empty: it never closes anything, accepted or not', () => {
    for (const accepted of [false, true])
      expect(mergeCatalogue(four, [], { accepted })).toEqual({ kind: 'empty', offered: 4 })
    expect(mergeCatalogue([known('a', CLOSED)], [])).toMatchObject({ kind: 'merged', changes: [] })
  })

  it('is one that lacks more than half at once; half is still believed', () => {
    expect(mergeCatalogue(four, [listed('a')])).toEqual({ kind: 'shrunk', offered: 4, lacking: 3 })
    expect(mergeCatalogue(four, [listed('a'), listed('b')])).toMatchObject({ missing: ['c', 'd'] })
  })

  it('is one that has as many, and none of ours: another directory answers', () => {
    const other = ['q', 'r', 's', 't'].map((name) => listed(name))
    expect(mergeCatalogue(four, other)).toMatchObject({ kind: 'shrunk', lacking: 4 })
  })

  it('once accepted counts as the first of two, and the second needs no further word', () => {
    const first = merged(mergeCatalogue(four, [listed('a')], { accepted: true }))
    expect(first.missing).toEqual(['b', 'c', 'd'])
    const after = four.map((row) => (row.name === 'a' ? row : { ...row, missedListings: 1 }))
    expect(merged(mergeCatalogue(after, [listed('a')])).news.map(({ kind }) => kind)).toEqual([
      'gone',
      'gone',
      'gone',
    ])
  })

  it('is not the loss of a single one, however few there are', () => {
    expect(mergeCatalogue([known('a')], [listed('b')])).toMatchObject({ kind: 'merged', missing: ['a'] })
  })
})

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
const rows = fc
  .uniqueArray(fc.record({ name: names, closed: fc.boolean(), missed: fc.integer({ min: 0, max: 1 }) }), {
    selector: (row) => row.name,
  })
  .map((all) =>
    all.map(({ name, closed, missed }) => known(name, closed ? CLOSED : { missedListings: missed })),
  )
const listing = fc.array(
  fc
    .record({ name: names, requestable: fc.boolean(), label: names })
    .map(({ name, requestable, label }) => listed(name, { requestable, name: label })),
)

/** The rows as they stand after a listing. */
function applied(before: readonly KnownEntitlement[], merge: CatalogueMerge): KnownEntitlement[] {
  if (merge.kind !== 'merged') return [...before]
  const changed = before.map((row) => {
    const change = merge.changes.find(({ id }) => id === row.id)
    if (!change) return row
    const { closes, ...set } = change.set
    return {
      ...row,
      ...set,
      closedAt: closes === 'gone' ? new Date(1) : closes === 'back' ? null : row.closedAt,
    }
  })
  return [
    ...changed,
    ...merge.added.map((item) => known(item.name, { id: `new-${item.id}`, externalId: item.id })),
  ]
}

describe('whatever the rows and the listing', () => {
  it('one listing alone closes nothing that the one before had', () => {
    fc.assert(
      fc.property(rows, listing, fc.boolean(), (before, list, accepted) => {
        const after = applied(before, mergeCatalogue(before, list, { accepted }))
        for (const row of before.filter((r) => !r.closedAt && r.missedListings === 0))
          expect(after.find((r) => r.id === row.id)?.closedAt).toBeNull()
      }),
    )
  })

  it('what is listed is open, and what is on record under an id stays one', () => {
    fc.assert(
      fc.property(rows, listing, (before, list) => {
        const merge = mergeCatalogue(before, list)
        const after = applied(before, merge)
        expect(new Set(after.map((row) => row.externalId)).size).toBe(after.length)
        if (merge.kind !== 'merged') return
        for (const item of list)
          expect(after.find((row) => row.externalId === item.id)).toMatchObject({ closedAt: null })
      }),
    )
  })

  it('the same listing twice more changes nothing the third time', () => {
    fc.assert(
      fc.property(rows, listing, (before, list) => {
        const once = applied(before, mergeCatalogue(before, list, { accepted: true }))
        const twice = applied(once, mergeCatalogue(once, list))
        expect(mergeCatalogue(twice, list)).toMatchObject(
          list.length > 0 ? { kind: 'merged', changes: [], added: [], news: [] } : {},
        )
      }),
    )
  })
})
