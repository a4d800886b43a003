import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OutboxFrame } from '@/components/outbox/outbox-frame'
import { EmptyState } from '@/components/ui/labels'
import { outboxQuery } from '@/lib/outbox-url'
import { outboxIsOpen, readOutbox } from '@/lib/queries/outbox'

export const metadata: Metadata = { title: 'Mails' }

export default async function OutboxPage({ searchParams }: PageProps<'/dev/mail'>) {
  if (!outboxIsOpen()) notFound()
  const query = outboxQuery(await searchParams)
  const outbox = await readOutbox(query.to, query.page)
  return (
    <OutboxFrame outbox={outbox} query={query}>
      <EmptyState icon="mail" title="Choose a mail">
        Everything Leasehold would have sent is kept here, as its reader would see it.
      </EmptyState>
    </OutboxFrame>
  )
}
