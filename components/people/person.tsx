import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'

/** A person in a table cell or a list: letters, name, team. */
export function PersonCell({ name, sub, note }: { name: string; sub?: ReactNode; note?: ReactNode }) {
  return (
    <span className="row min-w-0">
      <Avatar name={name} />
      <span className="cell2">
        <span className="trunc b">{name}</span>
        {sub ? <small className="trunc">{sub}</small> : null}
      </span>
      {note}
    </span>
  )
}

/** The head of a page about somebody's request: who, their work, and a remark at the right. */
export function Who({
  name,
  title,
  sub,
  aside,
}: {
  name: string
  title: ReactNode
  sub?: ReactNode
  aside?: ReactNode
}) {
  return (
    <div className="who">
      <Avatar name={name} size={32} />
      <span className="grow">
        {title}
        {sub ? <small>{sub}</small> : null}
      </span>
      {aside ? <span className="hold-when who-ago">{aside}</span> : null}
    </div>
  )
}

/** A reason in the person's own words. */
export function Quote({ children, from }: { children: ReactNode; from?: ReactNode }) {
  return (
    <blockquote className="quote">
      {children}
      {from ? <small>{from}</small> : null}
    </blockquote>
  )
}
