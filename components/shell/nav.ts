import type { IconName } from '@/components/ui/icon'

/** One place in the sidebar. */
export type NavItem = {
  href: string
  label: string
  icon: IconName
  /** How many things wait there; nothing is shown for 0. */
  count?: number
  /** The count is trouble, not work. */
  hot?: boolean
  /** Also stands in the tab bar of a phone; what lies in a named section is behind its "Manage". */
  tab?: boolean
}

/** Where a phone lists the named sections. */
export const MANAGE = '/settings'

export type NavSection = { label?: string; items: readonly NavItem[] }

/** The item whose address is the longest one the path lies under. */
export function currentItem(sections: readonly NavSection[], path: string): string | undefined {
  const under = (href: string) => href === path || (href !== '/' && path.startsWith(`${href}/`))
  const hrefs = sections.flatMap((section) => section.items.map((item) => item.href))
  return hrefs.filter(under).sort((a, b) => b.length - a.length)[0]
}
