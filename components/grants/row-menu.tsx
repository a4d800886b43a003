'use client'

import { IconButton } from '@/components/ui/button'
import { Menu, MenuItem, MenuLink, MenuSeparator } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { changedView, type GrantView, grantsHref, plainView } from '@/lib/grant-url'
import type { GrantListRow } from '@/lib/grant-views'

export interface RowMenuProps {
  readonly row: GrantListRow
  readonly view: GrantView
  readonly onRevoke: (row: GrantListRow) => void
  /** Why this person may not revoke it; null when they may. */
  readonly locked: string | null
}

/** Why a grant cannot be revoked now; null when it can. */
export function notRevocable(row: GrantListRow): string | null {
  if (row.state === 'revoking') return 'It is being taken back already'
  if (row.state === 'ended' || row.state === 'failed') return 'It has ended'
  return null
}

/** What can be done with one row. */
export function RowMenu({ row, view, onRevoke, locked }: RowMenuProps) {
  const toast = useToast()
  const href = grantsHref(view, row.id)
  async function copy() {
    const url = new URL(grantsHref(plainView, row.id), window.location.origin).href
    try {
      await navigator.clipboard.writeText(url)
      toast({ title: 'Link copied' })
    } catch {
      toast({ title: 'The browser did not let us copy', description: url, tone: 'bad' })
    }
  }
  const reason = notRevocable(row) ?? locked ?? undefined
  return (
    <Menu
      trigger={
        <IconButton icon="ellipsis" label={`Actions for ${row.person.name}, ${row.entitlement.name}`} />
      }
    >
      <MenuLink href={href} icon="file-text">
        Open details
      </MenuLink>
      <MenuItem icon="link" onSelect={() => void copy()}>
        Copy link
      </MenuItem>
      <MenuLink href={grantsHref(changedView(plainView, { people: [row.person.id] }))} icon="user">
        All grants of {row.person.name}
      </MenuLink>
      <MenuLink
        href={grantsHref(changedView(plainView, { entitlements: [row.entitlement.id] }))}
        icon="key-round"
      >
        Everyone with {row.entitlement.name}
      </MenuLink>
      <MenuSeparator />
      <MenuItem icon="ban" danger reason={reason} onSelect={() => onRevoke(row)}>
        Revoke now…
      </MenuItem>
    </Menu>
  )
}
