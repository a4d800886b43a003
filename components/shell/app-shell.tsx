import type { ReactNode } from 'react'
import { Toasts } from '@/components/ui/toast'
import { Brand } from './brand'
import type { NavSection } from './nav'
import type { PaletteGroup } from './palette-search'
import { ShellProvider } from './shell-context'
import { SideNav, SideSearch, TabBar } from './side-nav'
import type { Theme } from './theme'
import { UserMenu } from './user-menu'

export type AppShellProps = {
  nav: readonly NavSection[]
  user: { name: string /** "Halden · admin". */; sub: string }
  theme: Theme
  /** From `zoneLabel`: "Europe/Berlin (CET)". */
  zone: string
  palette: readonly PaletteGroup[]
  searchPalette?: (query: string) => Promise<PaletteGroup[]>
  signOut: () => Promise<void>
  /** The page about oneself, reached from the tab bar of a phone. */
  youHref: string
  /** Above every page: a shifted clock, an overdue access. Use `Banner`. */
  banner?: ReactNode
  /** Pages: each starts with a `PageFrame`. */
  children: ReactNode
}

/** Sidebar, palette, toasts and the place for a page. */
export function AppShell(props: AppShellProps) {
  return (
    <Toasts>
      <ShellProvider
        zoneText={`Times in ${props.zone}`}
        palette={props.palette}
        searchPalette={props.searchPalette}
      >
        <div className="app">
          <a className="skip" href="#main">
            Skip to the page
          </a>
          <nav className="side" aria-label="Main">
            <Brand />
            <SideSearch />
            <SideNav sections={props.nav} />
            <UserMenu
              name={props.user.name}
              sub={props.user.sub}
              theme={props.theme}
              signOut={props.signOut}
              youHref={props.youHref}
            />
          </nav>
          <div className="main">
            {props.banner}
            {props.children}
            <TabBar sections={props.nav} you={props.youHref} />
          </div>
        </div>
      </ShellProvider>
    </Toasts>
  )
}
