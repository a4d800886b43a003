import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon'

export type Tone = 'ok' | 'warn' | 'bad' | 'wait' | 'info' | 'off'

export type BadgeProps = { tone?: Tone; icon?: IconName; line?: boolean; spin?: boolean; children: ReactNode }

/** The state of a thing: icon and word, so that colour is never alone. */
export function Badge({ tone = 'off', icon, line, spin, children }: BadgeProps) {
  return (
    <span className={clsx('badge', `badge-${tone}`, line && 'badge-line')}>
      {icon ? <Icon name={icon} size={14} className={spin ? 'spin' : undefined} /> : null}
      {children}
    </span>
  )
}

/** A key to press. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="kbd">{children}</kbd>
}

export type CalloutProps = {
  tone?: 'info' | 'ok' | 'warn' | 'bad'
  icon?: IconName
  children: ReactNode
  role?: 'status' | 'alert'
}

const CALLOUT_ICONS = {
  info: 'info',
  ok: 'circle-check',
  warn: 'triangle-alert',
  bad: 'octagon-alert',
} as const

/** Something to know before going on. */
export function Callout({ tone = 'info', icon, children, role }: CalloutProps) {
  return (
    <div className={clsx('callout', `callout-${tone}`)} role={role}>
      <Icon name={icon ?? CALLOUT_ICONS[tone]} />
      <div className="grow">{children}</div>
    </div>
  )
}

/** Where nothing is: says so, and what to do next. */
export function EmptyState(props: {
  icon?: IconName
  title: string
  children?: ReactNode
  actions?: ReactNode
  heading?: 'h1' | 'h2' | 'h3'
}) {
  const Heading = props.heading ?? 'h2'
  return (
    <div className="empty">
      {props.icon ? <Icon name={props.icon} size={24} className="i-mark" /> : null}
      <Heading>{props.title}</Heading>
      {props.children ? <p>{props.children}</p> : null}
      {props.actions ? <div className="row">{props.actions}</div> : null}
    </div>
  )
}

/** The shape of what is loading. Hidden from readers; the region around it says it is busy. */
export function Skeleton({
  width,
  height,
  className,
}: {
  width?: number | string
  height?: number | string
  className?: string
}) {
  return <span aria-hidden="true" className={clsx('skel', className)} style={{ width, height }} />
}
