import type { IconName } from '@/components/ui/icon'

/** One thing to open. Plain data, so that a page of the server can hand it over. */
export type PaletteItem = {
  id: string
  label: string
  href: string
  /** In grey: what it costs, when it ends. */
  sub?: string
  /** The verb at the right: "Request", "Review". */
  hint?: string
  /** Other words people type for it. */
  keywords?: readonly string[]
  icon?: IconName
  /** Draws the letters of an application or a person instead of an icon. */
  app?: string
  person?: string
}

export type PaletteGroup = { label: string; items: readonly PaletteItem[] }

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Groups with the items that hold every word of the query; the order of groups stays, empty ones go. */
export function searchPalette(groups: readonly PaletteGroup[], query: string): PaletteGroup[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  const first = words[0]
  return groups
    .map((group) => {
      const items = group.items.filter((item) => {
        const text = plain([item.label, item.sub, item.hint, ...(item.keywords ?? [])].join(' '))
        return words.every((word) => text.includes(word))
      })
      const rank = (item: PaletteItem) => (first && plain(item.label).startsWith(first) ? 0 : 1)
      return { ...group, items: [...items].sort((a, b) => rank(a) - rank(b)) }
    })
    .filter((group) => group.items.length > 0)
}
