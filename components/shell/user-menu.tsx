'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Icon } from '@/components/ui/icon'
import { Menu, MenuItem, MenuRadios, MenuSeparator } from '@/components/ui/menu'
import type { Theme } from './theme'
import { useTheme } from './use-theme'

export type UserMenuProps = {
  name: string
  /** "Halden · admin". */
  sub: string
  theme: Theme
  /** Server action that ends the session. */
  signOut: () => Promise<void>
  /** Page about oneself; left out of the menu when there is none. */
  youHref?: string
}

/** Who is signed in, the theme, and the way out. */
export function UserMenu({ name, sub, theme: initial, signOut, youHref }: UserMenuProps) {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [theme, setTheme] = useTheme(initial)
  return (
    <>
      <Menu
        align="start"
        side="top"
        trigger={
          <button type="button" className="side-user" aria-label={`${name}, ${sub}. Theme and sign out`}>
            <Avatar name={name} />
            <span className="grow">
              <span className="b trunc side-name">{name}</span>
              <small className="trunc">{sub}</small>
            </span>
            <Icon name="chevrons-up-down" size={14} className="ink3" />
          </button>
        }
      >
        {youHref ? (
          <MenuItem icon="user" onSelect={() => router.push(youHref as Route)}>
            You
          </MenuItem>
        ) : null}
        <ThemeRadios theme={theme} onChange={setTheme} />
        <MenuSeparator />
        <MenuItem icon="log-out" onSelect={() => form.current?.requestSubmit()}>
          Sign out
        </MenuItem>
      </Menu>
      {/* Outside the menu, which is gone by the time the form is sent. */}
      <form ref={form} action={signOut} hidden />
    </>
  )
}

function ThemeRadios({ theme, onChange }: { theme: Theme; onChange: (theme: Theme) => void }) {
  return (
    <MenuRadios
      label="Theme"
      value={theme}
      onValueChange={onChange}
      options={[
        { value: 'light', label: 'Light', icon: 'sun' },
        { value: 'dark', label: 'Dark', icon: 'moon' },
        { value: 'system', label: 'As the system', icon: 'monitor' },
      ]}
    />
  )
}
