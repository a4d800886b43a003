import { describe, expect, it } from 'vitest'
import { currentItem, type NavSection } from './nav'
import { type PaletteGroup, searchPalette } from './palette-search'
import { readTheme } from './theme'

const sections: NavSection[] = [
  {
    items: [
      { href: '/', label: 'Home', icon: 'house' },
      { href: '/requests', label: 'Requests', icon: 'send' },
    ],
  },
  { items: [{ href: '/settings/access-management/grants', label: 'Access grants', icon: 'key-round' }] },
]

describe('the current place', () => {
  it.each([
    ['/', '/'],
    ['/requests', '/requests'],
    ['/requests/42', '/requests'],
    ['/requestsomething', undefined],
    ['/settings/access-management/grants/7', '/settings/access-management/grants'],
    ['/elsewhere', undefined],
  ])('%s is under %s', (path, href) => {
    expect(currentItem(sections, path)).toBe(href)
  })
})

describe('the theme cookie', () => {
  it.each([
    ['dark', 'dark'],
    ['light', 'light'],
    ['"><script>', 'system'],
    [undefined, 'system'],
  ])('%s is %s', (value, theme) => {
    expect(readTheme(value)).toBe(theme)
  })
})

describe('search or go to', () => {
  const groups: PaletteGroup[] = [
    {
      label: 'My access',
      items: [
        { id: 'a', label: 'prod_read', sub: 'ends in 1 h', href: '/requests/1' },
        { id: 'b', label: 'Give back prod_read', href: '/requests/1#back' },
      ],
    },
    { label: 'Go to', items: [{ id: 'c', label: 'Home', href: '/', keywords: ['start', 'übersicht'] }] },
  ]
  const ids = (query: string) =>
    searchPalette(groups, query).flatMap((group) => group.items.map((item) => item.id))

  it('shows everything without a query', () => expect(ids('')).toEqual(['a', 'b', 'c']))
  it('finds every word, in any order', () => expect(ids('read give')).toEqual(['b']))
  it('puts what begins with the query first', () => expect(ids('prod')).toEqual(['a', 'b']))
  it('knows other words for a place, without accents or case', () => expect(ids('UBERS')).toEqual(['c']))
  it('leaves out groups with nothing in them', () => expect(searchPalette(groups, 'home')).toHaveLength(1))
  it('takes odd characters as they are', () => expect(ids('.*(')).toEqual([]))
})
