import type { ReactNode } from 'react'
import { Icon, type IconName } from '@/components/ui/icon'

/** One line above every page: the clock is shifted, an access is overdue. Acts at the right. */
export function Banner({
  icon = 'clock-fading',
  children,
  actions,
}: {
  icon?: IconName
  children: ReactNode
  actions?: ReactNode
}) {
  return (
    <aside className="banner" aria-label="Notice">
      <Icon name={icon} />
      <p>{children}</p>
      {actions ? <div className="banner-acts">{actions}</div> : null}
    </aside>
  )
}
