import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MailView } from '@/components/outbox/mail-view'
import { OutboxFrame } from '@/components/outbox/outbox-frame'
import { outboxQuery } from '@/lib/outbox-url'
import { outboxIsOpen, readOutbox, readOutboxMail } from '@/lib/queries/outbox'
import { currentViewer } from '@/lib/session'
import { moveClock } from '../../../shell/actions'

export const metadata: Metadata = { title: 'Mail' }

export default async function MailPage({ params, searchParams }: PageProps<'/dev/mail/[id]'>) {
  if (!outboxIsOpen()) notFound()
  const query = outboxQuery(await searchParams)
  const mail = await readOutboxMail((await params).id)
  if (!mail) notFound()
  const outbox = await readOutbox(query.to, query.page)
  return (
    <OutboxFrame
      outbox={outbox}
      query={query}
      moveClock={(await currentViewer()) ? moveClock : undefined}
      open={mail.id}
    >
      <MailView mail={mail} query={query} now={outbox.now} zone={outbox.zone} />
    </OutboxFrame>
  )
}
