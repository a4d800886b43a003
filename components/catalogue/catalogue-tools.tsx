'use client'

import type { Route } from 'next'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'
import { Input } from '@/components/ui/input'
import { Kbd } from '@/components/ui/labels'
import { Segmented } from '@/components/ui/tabs'
import type { CatalogueShow } from '@/lib/catalogue-filter'
import { catalogueHref } from '@/lib/catalogue-picks'

type ToolsProps = {
  q: string
  show: CatalogueShow
  counts: Record<CatalogueShow, number>
  /** What is picked stays picked whatever is searched for. */
  picks: readonly string[]
}

/** Search and the three views of the catalogue. The state is the URL; without scripts Enter sends the form. */
export function CatalogueTools({ q, show, counts, picks }: ToolsProps) {
  const router = useRouter()
  const pathname = usePathname()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(q)
  const [, start] = useTransition()

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const target = event.target as HTMLElement | null
      if (event.key !== '/' || event.metaKey || event.ctrlKey || target?.closest('input, textarea, select'))
        return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])

  function search(text: string) {
    setTyped(text)
    start(() => router.replace(catalogueHref(pathname, text, show, picks) as Route, { scroll: false }))
  }

  return (
    <div className="cat-tools">
      <search className="grow">
        <form action={pathname}>
          <Input
            ref={input}
            frameClassName="cat-search"
            icon="search"
            type="search"
            name="q"
            value={typed}
            onChange={(event) => search(event.target.value)}
            placeholder="What do you want to do?"
            aria-label="Search the catalogue"
            autoComplete="off"
            after={<Kbd>/</Kbd>}
          />
          {show === 'all' ? null : <input type="hidden" name="show" value={show} />}
          {picks.map((pick) => (
            <input key={pick} type="hidden" name="pick" value={pick} />
          ))}
        </form>
      </search>
      <Segmented
        label="Show"
        items={(
          [
            ['all', 'All'],
            ['held', 'I hold'],
            ['waiting', 'Waiting'],
          ] as const
        ).map(([value, label]) => ({
          href: catalogueHref(pathname, typed, value, picks),
          label,
          count: counts[value],
          current: show === value,
        }))}
      />
    </div>
  )
}
