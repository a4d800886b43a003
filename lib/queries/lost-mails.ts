import 'server-only'
import { and, desc, eq, gte, inArray, ne, or, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { DAY, plus } from '@/lib/domain/duration'
import type { LostMail, LostMails } from '@/lib/mail-views'

const { mail, person } = schema
const SHOWN = 10
const LATELY = 30 * DAY

/** The mails that did not arrive lately, whoever they were for. For admins and auditors; null for anybody else. */
export async function lostMails(ctx: Ctx): Promise<LostMails | null> {
  if (!can(ctx.actor, 'organisation.see', {})) return null
  const since = gte(mail.failedAt, plus(await readNow(ctx.db), -LATELY))
  const [mails, lately] = await Promise.all([
    lost(ctx.db, since, SHOWN),
    ctx.db.$count(mail, and(eq(mail.state, 'failed'), since)),
  ])
  return { mails, lately }
}

/**
 * The mails about some requests and a grant that did not arrive. Not scoped. An expiry notice is left out: the
 * grant's own timeline tells of it.
 */
export async function unsafeLostMailsAbout(
  db: Reader,
  about: { requestIds: readonly string[]; grantId: string | null },
): Promise<LostMail[]> {
  const which = or(
    about.requestIds.length ? inArray(mail.requestId, [...about.requestIds]) : undefined,
    about.grantId ? eq(mail.grantId, about.grantId) : undefined,
  )
  return which ? lost(db, and(which, ne(mail.kind, 'expiry-notice')), 50) : []
}

async function lost(db: Reader, which: SQL | undefined, limit: number): Promise<LostMail[]> {
  const rows = await db
    .select({ row: mail, name: person.name })
    .from(mail)
    .leftJoin(person, eq(person.id, mail.personId))
    .where(and(eq(mail.state, 'failed'), which))
    .orderBy(sql`${mail.failedAt} desc nulls last`, desc(mail.id))
    .limit(limit)
  return rows.map(({ row, name }) => ({
    id: row.id,
    subject: row.subject ?? row.kind,
    to: name ?? row.recipient,
    address: row.recipient,
    at: row.failedAt ?? row.createdAt,
    why: row.error ?? 'It was refused',
    about: row.grantId
      ? `/settings/access-management/grants/${row.grantId}`
      : row.requestId
        ? `/requests/${row.requestId}`
        : row.personId
          ? `/settings/people/${row.personId}`
          : null,
  }))
}
