'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import { usePathname } from 'next/navigation'
import { Icon } from '@/components/ui/icon'
import { Kbd } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { currentItem, MANAGE, type NavSection } from './nav'
import { useShell } from './shell-context'
import { useModKey } from './use-mod-key'

/** The places of the product, with what waits in each. */
export function SideNav({ sections }: { sections: readonly NavSection[] }) {
  const current = currentItem(sections, usePathname())
  return (
    <div className="side-nav">
      {sections.map((section, index) => (
        <div key={section.label ?? index} className="side-section">
          {section.label ? <p className="side-label">{section.label}</p> : null}
          {section.items.map((item) => (
            <Link
              key={item.href}
              href={item.href as Route}
              className="side-link"
              aria-current={item.href === current ? 'page' : undefined}
            >
              <Icon name={item.icon} />
              {item.label}
              {item.count ? (
                <span className={clsx('side-count', item.hot && 'hot')}>{item.count}</span>
              ) : null}
            </Link>
          ))}
        </div>
      ))}
    </div>
  )
}

/** The tab bar of a phone: the few places at the thumb. */
export function TabBar({ sections, you }: { sections: readonly NavSection[]; you: string }) {
  const path = usePathname()
  const current = currentItem(sections, path)
  const tabs = sections.flatMap((section) => section.items).filter((item) => item.tab)
  const managing = sections.some((section) => section.label)
  const inManage = path === MANAGE || path.startsWith(`${MANAGE}/`)
  return (
    <nav className="tabbar" aria-label="Main, phone">
      {tabs.map((item) => (
        <Link
          key={item.href}
          href={item.href as Route}
          aria-current={item.href === current ? 'page' : undefined}
        >
          <Icon name={item.icon} size={20} />
          {item.label}
          {item.count ? <span className="side-count">{item.count}</span> : null}
        </Link>
      ))}
      {managing ? (
        <Link href={MANAGE as Route} aria-current={inManage ? 'page' : undefined}>
          <Icon name="key" size={20} />
          Manage
        </Link>
      ) : null}
      <Link href={you as Route} aria-current={path === you ? 'page' : undefined}>
        <Icon name="user" size={20} />
        You
      </Link>
    </nav>
  )
}

/** Opens the command palette; looks like the search field it becomes. */
export function SideSearch() {
  const { openPalette } = useShell()
  const mod = useModKey()
  return (
    <button type="button" className="side-search" onClick={openPalette} aria-keyshortcuts="Meta+K Control+K">
      <Icon name="search" />
      Search or go to…
      <Kbd>{mod === '⌘' ? '⌘K' : 'Ctrl K'}</Kbd>
    </button>
  )
}
