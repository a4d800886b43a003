import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareHolders, type DriftGrant, type DriftInput, type KnownFinding, type ReadHolder } from './drift'
import { grantStates } from './grant'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 12, 12, minute))
const holder = (id: string, more: Partial<ReadHolder> = {}): ReadHolder => ({
  id,
  name: id,
  state: 'direct',
  ...more,
})
const grant = (id: string, more: Partial<DriftGrant> = {}): DriftGrant => ({
  id: `g-${id}`,
  state: 'active',
  accountIds: [id],
  movedAt: at(0),
  ...more,
})
const finding = (kind: KnownFinding['kind'], id: string, more: Partial<KnownFinding> = {}): KnownFinding => ({
  id: `f-${id}`,
  kind,
  holderId: id,
  grantId: kind === 'unknown_holder' ? null : `g-${id}`,
  seenAt: at(20),
  ignored: false,
  removing: false,
  ...more,
})
const reading = (more: Partial<DriftInput> = {}): DriftInput => ({
  readAt: at(30),
  formerAt: at(20),
  settleSeconds: 120,
  holders: [],
  grants: [],
  standing: new Set(),
  known: [],
  ...more,
})
const quiet = { baseline: [], unknown: [], missing: [], kept: [], closed: [] }

describe('the first complete reading', () => {
  it('makes the baseline of whoever holds it directly and not by a lease, and finds nothing', () => {
    const holders = [
      holder('ana'),
      holder('ben'),
      holder('cy', { state: 'indirect' }),
      holder('di', { state: 'pending' }),
    ]
    expect(
      compareHolders(reading({ formerAt: null, holders, grants: [grant('ana'), grant('eve')] })),
    ).toEqual({
      ...quiet,
      baseline: [holder('ben')],
    })
  })
})

describe('a later reading', () => {
  it.each<[string, Partial<DriftInput>, object]>([
    [
      'finds nothing in leases and standing rights',
      { holders: [holder('ana'), holder('ben')], grants: [grant('ana')], standing: new Set(['ben']) },
      quiet,
    ],
    [
      'finds a direct holder with neither',
      { holders: [holder('eve')] },
      { ...quiet, unknown: [holder('eve')] },
    ],
    [
      'not one who holds it through something else, or is only invited',
      { holders: [holder('eve', { state: 'indirect' }), holder('mo', { state: 'pending' })] },
      quiet,
    ],
    [
      'finds a lease that the target does not show',
      { grants: [grant('ana')] },
      { ...quiet, missing: [{ grantId: 'g-ana', via: null }] },
    ],
    [
      'also where something else still gives it, which it says',
      { holders: [holder('ana', { state: 'indirect', via: 'staff' })], grants: [grant('ana')] },
      { ...quiet, missing: [{ grantId: 'g-ana', via: 'staff' }] },
    ],
    [
      'not where an invitation is on its way',
      { holders: [holder('ana', { state: 'pending' })], grants: [grant('ana')] },
      quiet,
    ],
    ['nothing of a lease whose account is not known', { grants: [grant('ana', { accountIds: [] })] }, quiet],
    [
      'keeps what is still so',
      {
        holders: [holder('eve')],
        grants: [grant('ana')],
        known: [finding('unknown_holder', 'eve'), finding('missing_holder', 'ana')],
      },
      { ...quiet, kept: ['f-eve', 'f-ana'] },
    ],
    [
      'closes what is gone, or there again',
      {
        holders: [holder('ana')],
        grants: [grant('ana')],
        known: [finding('unknown_holder', 'eve'), finding('missing_holder', 'ana')],
      },
      {
        ...quiet,
        closed: [
          { id: 'f-eve', as: 'gone' },
          { id: 'f-ana', as: 'gone' },
        ],
      },
    ],
    [
      'closes what got a lease, or became standing',
      {
        holders: [holder('eve'), holder('mo')],
        grants: [grant('eve')],
        standing: new Set(['mo']),
        known: [finding('unknown_holder', 'eve'), finding('unknown_holder', 'mo')],
      },
      {
        ...quiet,
        closed: [
          { id: 'f-eve', as: 'leased' },
          { id: 'f-mo', as: 'adopted' },
        ],
      },
    ],
    [
      'closes a missing one with its lease',
      { grants: [grant('ana', { state: 'ended' })], known: [finding('missing_holder', 'ana')] },
      { ...quiet, closed: [{ id: 'f-ana', as: 'gone' }] },
    ],
    [
      'leaves one that is being removed to the removal',
      { known: [finding('unknown_holder', 'eve', { removing: true })] },
      quiet,
    ],
    [
      'leaves an ignored one ignored while it is seen',
      { holders: [holder('eve')], known: [finding('unknown_holder', 'eve', { ignored: true })] },
      { ...quiet, kept: ['f-eve'] },
    ],
    [
      'takes it for new when it was gone in between',
      {
        holders: [holder('eve')],
        known: [finding('unknown_holder', 'eve', { ignored: true, seenAt: at(10) })],
      },
      { ...quiet, unknown: [holder('eve')], kept: ['f-eve'] },
    ],
    [
      'closes the rest of an ended access once nothing of it is listed',
      {
        holders: [holder('ben', { state: 'indirect' })],
        grants: [grant('ben', { state: 'ended' })],
        standing: new Set(['ben']),
        known: [finding('indirect_rest', 'ana'), finding('indirect_rest', 'ben')],
      },
      { ...quiet, kept: ['f-ben'], closed: [{ id: 'f-ana', as: 'gone' }] },
    ],
  ])('%s', (_, more, expected) => {
    expect(compareHolders(reading(more))).toEqual(expected)
  })

  it.each(['scheduled', 'provisioning', 'revoking'] as const)(
    'never finds what is %s, there or not',
    (state) => {
      const grants = [grant('ana', { state, movedAt: null })]
      expect(compareHolders(reading({ grants }))).toEqual(quiet)
      expect(compareHolders(reading({ grants, holders: [holder('ana')] }))).toEqual(quiet)
    },
  )

  it('waits for the settle time after a give and after an end', () => {
    const given = (movedAt: Date) => compareHolders(reading({ grants: [grant('ana', { movedAt })] })).missing
    expect(given(at(28))).toEqual([])
    expect(given(at(27))).toHaveLength(1)
    const ended = (movedAt: Date) =>
      compareHolders(
        reading({ holders: [holder('ana')], grants: [grant('ana', { state: 'ended', movedAt })] }),
      ).unknown
    expect(ended(at(28))).toEqual([])
    expect(ended(at(27))).toHaveLength(1)
    // Given after the reading began: it could not know.
    expect(given(at(31))).toEqual([])
  })
})

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const inputs: fc.Arbitrary<DriftInput> = fc.record({
  readAt: fc.constant(at(30)),
  formerAt: fc.constantFrom(null, at(20)),
  settleSeconds: fc.constantFrom(0, 120, 1200),
  holders: fc.uniqueArray(
    fc
      .record({ id: ids, state: fc.constantFrom('direct' as const, 'indirect' as const, 'pending' as const) })
      .map(({ id, state }) => holder(id, { state })),
    { selector: ({ id }) => id },
  ),
  grants: fc.uniqueArray(
    fc
      .record({ id: ids, state: fc.constantFrom(...grantStates), minute: fc.integer({ min: 0, max: 40 }) })
      .map(({ id, state, minute }) => grant(id, { state, movedAt: at(minute) })),
    { selector: ({ id }) => id },
  ),
  standing: fc.uniqueArray(ids).map((all) => new Set(all)),
  known: fc.uniqueArray(
    fc
      .record({
        kind: fc.constantFrom('unknown_holder' as const, 'missing_holder' as const),
        id: ids,
        ignored: fc.boolean(),
        removing: fc.boolean(),
      })
      .map(({ kind, id, ...more }) => finding(kind, id, { ...more, id: `f-${kind}-${id}` })),
    { selector: ({ id }) => id },
  ),
})

describe('whatever is held, leased, standing and known', () => {
  it('nobody with a lease, a standing right or something on its way is called unknown', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { unknown, missing } = compareHolders(input)
        for (const { id } of unknown) {
          expect(input.standing.has(id)).toBe(false)
          expect(
            input.grants.some((g) => g.accountIds.includes(id) && !['ended', 'failed'].includes(g.state)),
          ).toBe(false)
        }
        for (const { grantId } of missing)
          expect(input.grants.find((g) => g.id === grantId)?.state).toBe('active')
      }),
    )
  })

  it('a finding is kept or closed, never both, and one that is being removed is neither', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { kept, closed } = compareHolders(input)
        const all = [...kept, ...closed.map(({ id }) => id)]
        expect(new Set(all).size).toBe(all.length)
        for (const f of input.known.filter(({ removing }) => removing)) expect(all).not.toContain(f.id)
        for (const f of input.known.filter(({ ignored }) => ignored))
          expect(closed.map(({ id }) => id)).not.toContain(f.id)
      }),
    )
  })

  it('the same reading again finds nothing new', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const first = compareHolders(input)
        const standing = new Set([...input.standing, ...first.baseline.map(({ id }) => id)])
        const opened = [
          ...first.unknown.map(({ id }) =>
            finding('unknown_holder', id, { id: `new-${id}`, seenAt: input.readAt }),
          ),
          ...first.missing.map(({ grantId }) =>
            finding('missing_holder', grantId.slice(2), { id: `new-${grantId}`, seenAt: input.readAt }),
          ),
        ]
        const known = [...input.known, ...opened]
        if (input.formerAt === null) return
        const again = compareHolders({ ...input, standing, known })
        expect([again.unknown, again.missing]).toEqual([[], []])
      }),
    )
  })
})
