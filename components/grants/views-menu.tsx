'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel, MenuLink, MenuSeparator } from '@/components/ui/menu'
import { GRANTS_PATH, type GrantView, grantQuery } from '@/lib/grant-url'
import type { SavedView } from '@/lib/grant-views'
import type { GrantActs } from './acts'

const SaveDialog = dynamic(() => import('./view-dialogs').then((module) => module.SaveDialog))
const DeleteDialog = dynamic(() => import('./view-dialogs').then((module) => module.DeleteDialog))

const given: readonly { name: string; query: string }[] = [
  { name: 'Ending in the next 24 hours', query: 'expiry=next-24h' },
  { name: 'Extensions asked for', query: 'status=extension_asked' },
  { name: 'Without an end', query: 'show=active&expiry=none' },
  { name: 'Ended in the last 7 days', query: 'expiry=ended-7d' },
]

export interface ViewsMenuProps {
  readonly view: GrantView
  readonly saved: readonly SavedView[]
  readonly acts: Pick<GrantActs, 'keepView' | 'dropView'>
}

/** Filters under a name: four that come with the product, and one's own. */
export function ViewsMenu({ view, saved, acts }: ViewsMenuProps) {
  const [saving, setSaving] = useState(false)
  const [forgetting, setForgetting] = useState(false)
  const query = grantQuery({ ...view, cursor: '' })
  const current = saved.find((one) => one.query === query)
  return (
    <>
      <Menu
        trigger={
          <Button icon="bookmark" iconEnd="chevron-down">
            Views
          </Button>
        }
      >
        <ViewLinks view={view} saved={saved} />
        <MenuSeparator />
        <MenuItem icon="plus" onSelect={() => setSaving(true)}>
          Save this view…
        </MenuItem>
        {saved.length > 0 ? (
          <MenuItem icon="trash" onSelect={() => setForgetting(true)}>
            Delete a view…
          </MenuItem>
        ) : null}
      </Menu>
      {saving ? (
        <SaveDialog query={query} name={current?.name} act={acts.keepView} close={() => setSaving(false)} />
      ) : null}
      {forgetting ? (
        <DeleteDialog saved={saved} act={acts.dropView} close={() => setForgetting(false)} />
      ) : null}
    </>
  )
}

/** The views to go to, one's own first. */
export function ViewLinks({ view, saved }: Pick<ViewsMenuProps, 'view' | 'saved'>) {
  const query = grantQuery({ ...view, cursor: '' })
  const href = (to: string) => (to ? `${GRANTS_PATH}?${to}` : GRANTS_PATH)
  return (
    <>
      {saved.length > 0 ? <MenuLabel>Your views</MenuLabel> : null}
      {saved.map((one) => (
        <MenuLink key={one.id} href={href(one.query)} icon={one.query === query ? 'check' : 'bookmark'}>
          {one.name}
        </MenuLink>
      ))}
      <MenuLabel>Comes with Leasehold</MenuLabel>
      {given.map((one) => (
        <MenuLink key={one.query} href={href(one.query)} icon={one.query === query ? 'check' : 'list-filter'}>
          {one.name}
        </MenuLink>
      ))}
    </>
  )
}
