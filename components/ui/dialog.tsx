'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import clsx from 'clsx'
import type { ReactElement, ReactNode } from 'react'

export type DialogProps = {
  title: ReactNode
  description?: ReactNode
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  wide?: boolean
  /** Over a dialog that is open already and waits for this one. */
  above?: boolean
  /** The buttons, the safe one first. */
  actions?: ReactNode
  children?: ReactNode
}

/** A modal question or form. For "are you sure" use `ConfirmDialog`. */
export function Dialog({
  title,
  description,
  trigger,
  open,
  onOpenChange,
  wide,
  above,
  actions,
  children,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange ? (next) => onOpenChange(next) : undefined}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={clsx('dialog-scrim', above && 'is-above')} />
        <Base.Viewport className={clsx('dialog-wrap', above && 'is-above')}>
          <Base.Popup className={clsx('dialog', wide && 'dialog-wide')}>
            <Base.Title>{title}</Base.Title>
            {description ? <Base.Description className="dialog-sub">{description}</Base.Description> : null}
            {children ? <div className="dialog-body">{children}</div> : null}
            {actions ? <div className="dialog-acts">{actions}</div> : null}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** Closes the dialog around it. Its words say what is kept ("Keep the access"). */
export function DialogClose({ children }: { children: ReactElement }) {
  return <Base.Close render={children} />
}
