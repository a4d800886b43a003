import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OutboxFrame } from '@/components/outbox/outbox-frame'
import { EmptyState } from '@/components/ui/labels'
import { outboxQuery } from '@/lib/outbox-url'
import { outboxIsOpen, readOutbox } from '@/lib/queries/outbox'
import { currentViewer } from '@/lib/session'
import { moveClock } from '../../shell/actions'

export const metadata: Metadata = { title: 'Mails' }

export default async function OutboxPage({ searchParams }: PageProps<'/dev/mail'>) {
  if (!outboxIsOpen()) notFound()
  const query = outboxQuery(await searchParams)
  const outbox = await readOutbox(query.to, query.page)
  return (
    <OutboxFrame outbox={outbox} query={query} moveClock={(await currentViewer()) ? moveClock : undefined}>
      <EmptyState icon="mail" title="Choose a mail">
        Everything Leasehold would have sent is kept here, as its reader would see it.
      </EmptyState>
    </OutboxFrame>
  )
}
