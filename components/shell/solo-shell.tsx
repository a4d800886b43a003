import clsx from 'clsx'
import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Link } from '@/components/ui/link'
import { Brand, Mark } from './brand'

export type SoloShellProps = {
  organisation?: string
  user?: { name: string; href: string }
  /** From `zoneLabel`. */
  zone?: string
  banner?: ReactNode
  className?: string
  /** A wide column, then a narrow one: facts and the form. Left out, one column is centred. */
  children: ReactNode
}

/** Pages behind a link of a mail: no sidebar, one task. Renders on the server alone. */
export function SoloShell({ organisation, user, zone, banner, className, children }: SoloShellProps) {
  return (
    <div className="solo">
      {banner}
      <header className="solo-bar">
        <Brand organisation={organisation} />
        <div className="solo-bar-right">
          {zone ? <span className="not-phone">Times in {zone}</span> : null}
          {user ? (
            <Link className="row solo-user" href={user.href as Route} aria-label={`${user.name}, account`}>
              <Avatar name={user.name} />
              <span className="not-phone">{user.name}</span>
            </Link>
          ) : null}
        </div>
      </header>
      <main className={clsx('solo-main', className)}>{children}</main>
    </div>
  )
}

/** The way in: the mark, what one signs in to, the ways to do it, and the three words of a lease. */
export function SignInShell({
  title,
  sub,
  children,
}: {
  title: ReactNode
  sub?: ReactNode
  children: ReactNode
}) {
  return (
    <main className="si">
      <div className="si-box">
        <span className="si-mark">
          <Mark />
        </span>
        <h1>{title}</h1>
        {sub ? <p className="si-sub">{sub}</p> : null}
        {children}
        <footer className="si-foot" aria-hidden="true">
          <span className="lease is-active">
            <i className="lease-fill" />
            <i className="lease-tick" />
            <i className="lease-end" />
          </span>
          <p>
            <span>It starts.</span>
            <span>You are told.</span>
            <span>It ends.</span>
          </p>
        </footer>
      </div>
    </main>
  )
}
