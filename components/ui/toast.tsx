'use client'

import { Toast as Base } from '@base-ui/react/toast'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon'

type ToastData = { icon: IconName }

export type ToastMessage = {
  /** What happened, after it was seen: "Access revoked", never "Revoking". */
  title: string
  description?: string
  tone?: 'ok' | 'bad' | 'info'
}

const ICONS = { ok: 'circle-check', bad: 'circle-alert', info: 'info' } as const

/** Says results. `useToast()('…')` from any client component below `Toasts`. */
export function useToast(): (message: ToastMessage) => void {
  const manager = Base.useToastManager<ToastData>()
  return ({ title, description, tone = 'ok' }) => {
    manager.add({
      title,
      description,
      data: { icon: ICONS[tone] },
      // Trouble stays until it is read.
      timeout: tone === 'bad' ? 0 : 6_000,
    })
  }
}

/** Holds the toasts of everything inside it. Once, around the app. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Base.Provider limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="toasts" aria-label="Results">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function List() {
  const { toasts } = Base.useToastManager<ToastData>()
  return toasts.map((toast) => (
    <Base.Root key={toast.id} toast={toast} className="toast" swipeDirection={['down', 'right']}>
      <Icon name={toast.data?.icon ?? 'info'} />
      <Base.Content className="toast-text">
        <Base.Title />
        <Base.Description />
      </Base.Content>
      <Base.Close className="icon-btn" aria-label="Dismiss">
        <Icon name="x" size={14} />
      </Base.Close>
    </Base.Root>
  ))
}
