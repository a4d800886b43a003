import { describe, expect, it } from 'vitest'
import { type ComparedGrant, differences, lookingKinds, type Stamp, strangeness } from './quarantine'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 27, 12, minute))
const stamp: Stamp = { systemIdentifier: '7412', databaseOid: 16_384, timeline: 1 }
const known = { ...stamp, id: 'a', markedAt: at(10) }

describe('a database is not the one that was known', () => {
  const cases: [string, Stamp, { id: string; at: Date } | null, RegExp[]][] = [
    ['never, while all is the same', stamp, { id: 'a', at: at(10) }, []],
    ['never by a marker that is written after it', stamp, { id: 'a', at: at(9) }, []],
    ['never by what cannot be read', { ...stamp, systemIdentifier: null, timeline: null }, null, []],
    [
      'in another cluster, whatever its number',
      { ...stamp, systemIdentifier: '8', databaseOid: 5 },
      null,
      [/another PostgreSQL cluster .*8, it was 7412/],
    ],
    [
      'under another number',
      { ...stamp, databaseOid: 20_000 },
      null,
      [/another database of the same cluster/],
    ],
    ['on another timeline', { ...stamp, timeline: 2 }, null, [/timeline 2, it was on 1/]],
    ['older than the marker', stamp, { id: 'a', at: at(11) }, [/2026-11-27T12:11:00.000Z, .* it is older/]],
    ['with the marker of another', stamp, { id: 'b', at: at(9) }, [/belongs to another/]],
    [
      'in several ways at once',
      { ...stamp, databaseOid: 1, timeline: 3 },
      { id: 'a', at: at(30) },
      [/another database/, /timeline 3/, /older/],
    ],
  ]
  it.each(cases)('%s', (_name, found, marker, words) => {
    expect(strangeness(known, found, marker)).toEqual(words.map((word) => expect.stringMatching(word)))
  })

  it('that no marker was ever written for, though there is one', () => {
    expect(strangeness({ ...known, markedAt: null }, stamp, { id: 'a', at: at(1) })).toEqual([
      expect.stringMatching(/knows of none/),
    ])
  })

  it('and then the engine does nothing that could change anything', () => {
    expect(lookingKinds).toEqual(['probe', 'drift'])
  })
})

describe('the record against what a target shows', () => {
  const lease = (more: Partial<ComparedGrant>): ComparedGrant => ({
    id: 'g',
    state: 'active',
    accountId: 'ana',
    runs: true,
    standing: false,
    ...more,
  })
  const ana = { id: 'ana', name: 'Ana' }
  const compare = (
    grants: ComparedGrant[],
    holders: { id: string; name: string }[],
    standing: string[] = [],
  ) => differences(grants, holders, new Map(), new Set(standing)).map(({ kind, grantId }) => [kind, grantId])

  const cases: [string, ComparedGrant[], { id: string; name: string }[], string[], unknown[]][] = [
    ['agrees where a lease is there', [lease({})], [ana], [], []],
    ['lacks a lease that runs', [lease({})], [], [], [['missing', 'g']]],
    [
      'lacks a lease that is over and was not ended here',
      [lease({ runs: false })],
      [],
      [],
      [['missing', 'g']],
    ],
    ['has what is over', [lease({ runs: false })], [ana], [], [['over', 'g']]],
    ['has what is being taken', [lease({ state: 'revoking' })], [ana], [], [['over', 'g']]],
    ['lacks what is being taken, as it should', [lease({ state: 'revoking' })], [], [], []],
    ['lacks or has what is being given', [lease({ state: 'provisioning' })], [], [], []],
    [
      'has what ended: its last lease is named',
      [lease({ id: 'old', state: 'ended' }), lease({ state: 'ended' })],
      [ana],
      [],
      [['stranger', 'g']],
    ],
    [
      'has somebody whose lease has not begun',
      [lease({ state: 'scheduled' })],
      [ana],
      [],
      [['stranger', 'g']],
    ],
    ['has somebody nobody knows', [], [ana], [], [['stranger', null]]],
    ['has whoever holds it for good', [], [ana], ['ana'], []],
    ['has what was there before a lease and stays', [lease({ runs: false, standing: true })], [ana], [], []],
    ['says nothing of a lease without an account', [lease({ accountId: null })], [], [], []],
  ]
  it.each(cases)('%s', (_name, grants, holders, standing, expected) => {
    expect(compare(grants, holders, standing)).toEqual(expected)
  })

  it('goes by the looks at each lease where holders cannot be listed, and says nothing of what was not seen', () => {
    const grants = [
      lease({ id: 'there' }),
      lease({ id: 'gone' }),
      lease({ id: 'unseen' }),
      lease({ id: 'over', runs: false }),
    ]
    const held = new Map([
      ['there', true],
      ['gone', false],
      ['over', true],
    ])
    expect(differences(grants, null, held, new Set()).map(({ kind, grantId }) => [kind, grantId])).toEqual([
      ['missing', 'gone'],
      ['over', 'over'],
    ])
  })
})
