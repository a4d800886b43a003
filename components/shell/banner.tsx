import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '@/components/ui/icon'

/** One line above every page: the clock is shifted, an access is overdue. Acts at the right. */
export function Banner({
  icon = 'clock-fading',
  tone,
  children,
  actions,
}: {
  icon?: IconName
  /** Loud, for what holds up everybody. */
  tone?: 'bad'
  children: ReactNode
  actions?: ReactNode
}) {
  return (
    <aside className={clsx('banner', tone && `banner-${tone}`)} aria-label="Notice">
      <Icon name={icon} />
      <p>{children}</p>
      {actions ? <div className="banner-acts">{actions}</div> : null}
    </aside>
  )
}
