'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import { Fragment, type ReactNode } from 'react'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { Mark } from './brand'
import { useShell } from './shell-context'

export type Crumb = { label: ReactNode; href?: string }

export type PageFrameProps = {
  /** From the top of the product to this page; the last one is the page itself. */
  crumbs: readonly Crumb[]
  /** Title in the bar of a phone; the last crumb unless said otherwise. */
  title?: ReactNode
  /** Right side of the top bar, instead of the zone. */
  topRight?: ReactNode
  /** Buttons in the bar of a phone, beside the search. */
  phoneActions?: ReactNode
  /** A list page that scrolls inside itself. */
  bare?: boolean
  /** The screen's class: "screen-home". */
  className?: string
  children: ReactNode
}

/** Top bar, phone bar and the page's `<main>`. The first thing every page renders. */
export function PageFrame(props: PageFrameProps) {
  const { crumbs, topRight, phoneActions, bare, className, children } = props
  const { zoneText, openPalette } = useShell()
  const parent = crumbs[crumbs.length - 2]
  return (
    <>
      <header className="topbar">
        <Crumbs crumbs={crumbs} />
        <div className="topbar-right">{topRight ?? <span>{zoneText}</span>}</div>
      </header>
      <header className="mobilebar">
        {parent?.href ? (
          <Link className="icon-btn" href={parent.href as Route} aria-label="Back">
            <Icon name="chevron-left" size={20} />
          </Link>
        ) : (
          <Mark />
        )}
        <span className="mobilebar-title trunc">{props.title ?? crumbs[crumbs.length - 1]?.label}</span>
        <span className="grow" />
        {phoneActions}
        <button type="button" className="icon-btn" aria-label="Search or go to" onClick={openPalette}>
          <Icon name="search" size={20} />
        </button>
      </header>
      <main id="main" tabIndex={-1} className={clsx(bare ? 'page-bare' : 'page', className)}>
        {children}
      </main>
    </>
  )
}

function Crumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      {crumbs.map((crumb, index) => {
        const last = index === crumbs.length - 1
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path is its order.
          <Fragment key={index}>
            {index > 0 ? <Icon name="chevron-right" size={12} /> : null}
            {crumb.href && !last ? (
              <Link href={crumb.href as Route}>{crumb.label}</Link>
            ) : (
              <span aria-current={last ? 'page' : undefined}>{crumb.label}</span>
            )}
          </Fragment>
        )
      })}
    </nav>
  )
}

/** Says whether the page follows what happens by itself. */
export function LiveDot({ stale = false }: { stale?: boolean }) {
  return <span className={clsx('live', stale && 'is-stale')}>{stale ? 'Reconnecting' : 'Live'}</span>
}

/** The zone of the page's times, for a `topRight` that says more than that. */
export function ZoneNote() {
  return <span>{useShell().zoneText}</span>
}
