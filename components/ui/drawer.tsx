'use client'

import clsx from 'clsx'
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react'
import { IconButton } from './button'

export type DrawerProps = {
  /** Names the panel for readers: "Grant details". */
  label: string
  onClose: () => void
  onPrevious?: () => void
  onNext?: () => void
  /** Shown in the tooltips of the arrows: "grant". */
  noun?: string
  header: ReactNode
  /** Between the header and the arrows: the state badge. */
  status?: ReactNode
  /** More small acts beside the arrows (copy link). */
  tools?: ReactNode
  footer?: ReactNode
  children: ReactNode
  className?: string
}

/**
 * A panel over the right of a list, with its own URL. Not modal: the list stays usable.
 * Escape closes it, unless something above it (a menu, a dialog) took the key first.
 */
export function Drawer(props: DrawerProps) {
  const {
    label,
    onClose,
    onPrevious,
    onNext,
    noun = 'entry',
    header,
    status,
    tools,
    footer,
    children,
  } = props
  const panel = useRef<HTMLElement>(null)
  const close = useEffectEvent(onClose)

  useEffect(() => {
    const before = document.activeElement
    panel.current?.focus({ preventScroll: true })
    function onKey(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      const above = document.querySelector('.dialog, .pop-float .pop')
      if (!above) close()
    }
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('keydown', onKey)
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])

  return (
    <section
      ref={panel}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      className={clsx('drawer', props.className)}
    >
      <header className="drawer-head">
        <div className="d-id grow">{header}</div>
        {status}
        <span className="drawer-tools">
          {onPrevious || onNext ? (
            <span className="not-phone">
              <IconButton
                icon="chevron-up"
                label={`Previous ${noun}`}
                disabled={!onPrevious}
                onClick={onPrevious}
              />
              <IconButton icon="chevron-down" label={`Next ${noun}`} disabled={!onNext} onClick={onNext} />
            </span>
          ) : null}
          {tools}
          <IconButton icon="x" label="Close details" onClick={onClose} />
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <section className="drawer-body" tabIndex={0} aria-label={`${label}, content`}>
        {children}
      </section>
      {footer ? <footer className="drawer-foot">{footer}</footer> : null}
    </section>
  )
}
