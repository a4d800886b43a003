import { describe, expect, test } from 'vitest'
import {
  changedView,
  filterCount,
  type GrantView,
  grantQuery,
  grantsHref,
  parseGrantView,
  plainView,
} from './grant-url'

const id = '01a20ac1-5986-742c-af76-f715d497478b'
const read = (query: string) => parseGrantView(new URLSearchParams(query))

describe('the address of the table', () => {
  test('a view survives the way through its address', () => {
    const view: GrantView = {
      tab: 'active',
      q: 'pay & 50%, “x”',
      applications: [id],
      people: [id],
      entitlements: [],
      statuses: ['overdue', 'ending_soon'],
      expiry: { kind: 'range', from: '2026-11-12', to: null, orNone: true },
      sort: 'person',
      descending: true,
      cursor: 'abc',
      columns: ['status', 'expiry', 'reason'],
    }
    expect(read(grantQuery(view))).toEqual({ view, notes: [] })
    expect(grantQuery(plainView)).toBe('')
    expect(grantsHref(changedView(plainView, { tab: 'overdue' }), id)).toMatch(
      new RegExp(`/grants/${id}\\?show=overdue$`),
    )
  })

  test('what a page is handed reads as the address does', () => {
    expect(parseGrantView({ status: ['active', 'ended'], q: 'x', sort: undefined })).toEqual(
      read('status=active,ended&q=x'),
    )
  })

  test.each([
    ['show=everything', 'tab', 'all'],
    ['status=active,bogus', 'statuses', ['active']],
    ['user=1%20or%201=1', 'people', []],
    ['sort=created', 'sort', 'queue'],
    ['expiry=soon', 'expiry', null],
    ['from=2026-02-30', 'expiry', null],
    ['from=2026-12-01&to=2026-11-01', 'expiry', null],
    ['columns=secrets', 'columns', plainView.columns],
  ] as const)('%s is left out, with a sentence', (query, field, value) => {
    const { view, notes } = read(query)
    expect(view[field]).toEqual(value)
    expect(notes).toHaveLength(1)
  })

  test('a change of what is shown begins at the first page', () => {
    const deep = { ...plainView, cursor: 'abc' }
    expect(changedView(deep, { q: 'x' }).cursor).toBe('')
    expect(filterCount(read(`application=${id}&expiry=none&q=x`).view)).toBe(2)
  })

  test('a search holds no NUL and is cut where it is too long', () => {
    expect(read('q=a%00b').view.q).toBe('ab')
    const { view, notes } = read(`q=${'x'.repeat(300)}`)
    expect(view.q).toHaveLength(200)
    expect(notes).toHaveLength(1)
  })
})
