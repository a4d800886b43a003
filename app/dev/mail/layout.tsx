import { notFound } from 'next/navigation'
import { outboxIsOpen } from '@/lib/queries/outbox'

export default function OutboxLayout({ children }: LayoutProps<'/dev/mail'>) {
  if (!outboxIsOpen()) notFound()
  return children
}
