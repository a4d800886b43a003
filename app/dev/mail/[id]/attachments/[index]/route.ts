import { attachmentName } from '@/lib/header-values'
import { outboxIsOpen, readOutboxMail } from '@/lib/queries/outbox'

type Context = RouteContext<'/dev/mail/[id]/attachments/[index]'>

/** One attachment of a mail in the outbox, as a file. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  const { id, index } = await params
  const mail = outboxIsOpen() ? await readOutboxMail(id) : null
  const file = mail?.attachments[Number(index)]
  if (!file) return new Response('Not found', { status: 404 })
  return new Response(file.content, {
    headers: {
      'content-type': file.contentType,
      'content-disposition': `attachment; filename="${attachmentName(file.filename)}"`,
    },
  })
}
