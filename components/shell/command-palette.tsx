'use client'

import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { AppMark, Avatar } from '@/components/ui/avatar'
import { Icon } from '@/components/ui/icon'
import { Kbd } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { type PaletteGroup, type PaletteItem, searchPalette } from './palette-search'
import { useModKey } from './use-mod-key'

export type CommandPaletteProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  groups: readonly PaletteGroup[]
  /** Asked a moment after typing stops; its groups stand below our own. */
  search?: (query: string) => Promise<PaletteGroup[]>
}

/** Search or go to: every place and every thing one may open, by keyboard. */
export function CommandPalette({ open, onOpenChange, groups, search }: CommandPaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-scrim" />
        <Dialog.Viewport className="pal-wrap">
          <Dialog.Popup className="pop pal" aria-label="Search or go to">
            <Palette groups={groups} search={search} onDone={() => onOpenChange(false)} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

type PaletteProps = Pick<CommandPaletteProps, 'groups' | 'search'> & { onDone: () => void }

function Palette({ groups, search, onDone }: PaletteProps) {
  const router = useRouter()
  const [query, setQuery] = useState('')
  const mod = useModKey()
  const found = useFound(query, search)
  const newTab = useRef(false)
  const shown = useMemo(() => {
    const known = new Set(groups.flatMap((group) => group.items.map((item) => item.id)))
    const more = found
      .map((group) => ({ ...group, items: group.items.filter((item) => !known.has(item.id)) }))
      .filter((group) => group.items.length > 0)
    return [...searchPalette(groups, query), ...more]
  }, [groups, query, found])
  const count = shown.reduce((sum, group) => sum + group.items.length, 0)

  function go(item: PaletteItem, event: MouseEvent<HTMLElement>) {
    const apart = newTab.current || event.metaKey || event.ctrlKey
    newTab.current = false
    onDone()
    if (apart) window.open(item.href, '_blank', 'noopener')
    else router.push(item.href as Route)
  }

  return (
    <Autocomplete.Root
      inline
      open
      items={shown}
      mode="none"
      value={query}
      onValueChange={setQuery}
      itemToStringValue={(item: PaletteItem) => item.label}
      autoHighlight="always"
      keepHighlight
    >
      <div className="pal-in">
        <Icon name="search" />
        <Autocomplete.Input
          aria-label="Search or go to"
          placeholder="Search or go to…"
          // The click that Enter makes does not say which keys were held.
          onKeyDown={(event: KeyboardEvent) => {
            newTab.current = event.key === 'Enter' && (event.metaKey || event.ctrlKey)
          }}
        />
        <Dialog.Close className="kbd">
          Esc<span className="sr">ape closes</span>
        </Dialog.Close>
      </div>
      <Autocomplete.Empty>
        {count === 0 ? (
          <p className="pop-empty">
            Nothing here is called “{query}”.{' '}
            <Link
              className="u"
              href={`/catalogue?q=${encodeURIComponent(query.trim())}` as Route}
              onClick={onDone}
            >
              Look in the catalogue
            </Link>
          </p>
        ) : null}
      </Autocomplete.Empty>
      <Autocomplete.List className="pop-list pal-list">
        {(group: PaletteGroup) => (
          <Autocomplete.Group key={group.label} items={group.items as PaletteItem[]}>
            <Autocomplete.GroupLabel className="pop-label">{group.label}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: PaletteItem) => (
                <Autocomplete.Item
                  key={item.id}
                  value={item}
                  className="pop-item"
                  onClick={(event) => go(item, event as unknown as MouseEvent<HTMLElement>)}
                >
                  <Mark item={item} />
                  <span className="trunc">
                    <Highlight text={item.label} query={query} />
                    {item.sub ? <span className="pl-sub">{item.sub}</span> : null}
                  </span>
                  <span className="n pal-hint">{item.hint}</span>
                  <span className="n pal-open" aria-hidden="true">
                    ↵ {item.hint ? item.hint.toLowerCase() : 'open'}
                  </span>
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <div className="pop-foot not-phone">
        <span className="row row-12">
          <span>
            <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
          </span>
          <span>
            <Kbd>↵</Kbd> open
          </span>
          <span>
            <Kbd>{mod} ↵</Kbd> in a new tab
          </span>
        </span>
        <Autocomplete.Status>{count === 1 ? '1 result' : `${count} results`}</Autocomplete.Status>
      </div>
    </Autocomplete.Root>
  )
}

/** Server results for the query, asked when typing pauses; answers to older queries are dropped. */
function useFound(query: string, search: CommandPaletteProps['search']): PaletteGroup[] {
  const [found, setFound] = useState<{ query: string; groups: PaletteGroup[] }>({ query: '', groups: [] })
  useEffect(() => {
    const text = query.trim()
    if (!search || text.length < 2) return
    let dropped = false
    const timer = setTimeout(() => {
      search(text).then(
        (groups) => {
          if (!dropped) setFound({ query, groups })
        },
        // Without an answer our own list still stands.
        () => undefined,
      )
    }, 180)
    return () => {
      dropped = true
      clearTimeout(timer)
    }
  }, [query, search])
  return found.query === query ? found.groups : []
}

function Mark({ item }: { item: PaletteItem }) {
  if (item.app) return <AppMark name={item.app} />
  if (item.person) return <Avatar name={item.person} size={20} />
  return <Icon name={item.icon ?? 'arrow-right'} />
}

function Highlight({ text, query }: { text: string; query: string }) {
  const word = query.trim().split(/\s+/)[0]?.toLowerCase()
  const at = word ? text.toLowerCase().indexOf(word) : -1
  if (!word || at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <b>{text.slice(at, at + word.length)}</b>
      {text.slice(at + word.length)}
    </>
  )
}
