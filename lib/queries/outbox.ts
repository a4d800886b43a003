import 'server-only'
import { and, desc, eq, ilike, ne, or } from 'drizzle-orm'
import { database, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { env } from '@/lib/env'
import { isUuid } from '@/lib/ids'

const PAGE = 50
const { mail, person, organisation } = schema

/** Whether this install has an outbox that one can read: the demo's and the tests'. In production nobody can. */
export function outboxIsOpen(): boolean {
  return env().LEASEHOLD_MODE !== 'production'
}

export interface OutboxLine {
  readonly id: string
  readonly kind: string
  readonly state: 'queued' | 'sent' | 'failed' | 'dropped'
  readonly recipient: string
  readonly name: string | null
  readonly subject: string | null
  readonly at: Date
  readonly error: string | null
}

export interface Outbox {
  readonly lines: readonly OutboxLine[]
  readonly more: boolean
  readonly now: Date
  readonly offsetMs: number
  readonly zone: string
  readonly organisation: string
}

/** The mails of the demo, newest first; `to` is part of a name or an address. `page` counts from 1. */
export async function readOutbox(to: string, page: number): Promise<Outbox> {
  const { db } = database()
  const like = `%${to.replace(/[\\%_]/g, '\\$&')}%`
  const wanted = to ? or(ilike(mail.recipient, like), ilike(person.name, like)) : undefined
  const [rows, clocks, [org]] = await Promise.all([
    db
      .select({ ...shown, name: person.name })
      .from(mail)
      .leftJoin(person, eq(person.id, mail.personId))
      .where(and(ne(mail.state, 'dropped'), wanted))
      .orderBy(desc(mail.createdAt), desc(mail.id))
      .limit(PAGE + 1)
      .offset((page - 1) * PAGE),
    readClocks(db),
    db.select().from(organisation),
  ])
  return {
    lines: rows.slice(0, PAGE).map(lineOf),
    more: rows.length > PAGE,
    now: clocks.now,
    offsetMs: clocks.offsetMs,
    zone: org?.timeZone ?? 'UTC',
    organisation: org?.name ?? '',
  }
}

const shown = {
  id: mail.id,
  kind: mail.kind,
  state: mail.state,
  recipient: mail.recipient,
  subject: mail.subject,
  createdAt: mail.createdAt,
  sentAt: mail.sentAt,
  error: mail.error,
}

function lineOf({
  createdAt,
  sentAt,
  ...row
}: Omit<OutboxLine, 'at'> & { createdAt: Date; sentAt: Date | null }) {
  return { ...row, at: sentAt ?? createdAt }
}

export interface OutboxMail extends OutboxLine {
  /** Kept only where the table is the outbox. */
  readonly html: string | null
  readonly text: string | null
  readonly attachments: readonly { filename: string; contentType: string; content: string }[]
}

/** One mail with its body, or null. */
export async function readOutboxMail(id: string): Promise<OutboxMail | null> {
  if (!isUuid(id)) return null
  const { db } = database()
  const [row] = await db
    .select({ ...shown, name: person.name, html: mail.html, text: mail.text, attachments: mail.attachments })
    .from(mail)
    .leftJoin(person, eq(person.id, mail.personId))
    .where(eq(mail.id, id))
  if (!row) return null
  const { html, text, attachments, ...line } = row
  return { ...lineOf(line), html, text, attachments: attachments ?? [] }
}
