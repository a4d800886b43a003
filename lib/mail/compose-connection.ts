import 'server-only'
import { desc, eq } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ConnectionTroubleProps, MailContent } from '@/emails'
import { getConnector } from '@/lib/connectors/registry'
import { type ConnectionTroubleCode, troubleOf } from '@/lib/services/connection-trouble'
import { keepersOf, ownersOf } from '@/lib/services/facts'
import { becauseOf, namesOf } from './facts'
import { type Owed, pageUrl } from './owed'

const why: Record<ConnectionTroubleCode | 'failing', ConnectionTroubleProps['why']> = {
  auth: 'credentials',
  switched_off: 'switched-off',
  others_moved: 'others-moved',
  failing: 'failing',
}

/** What a mail says is wrong, as long as it lasts. Members that were moved stay so when the next look goes well. */
export async function lasting(db: Reader, row: Owed['row']): Promise<ConnectionTroubleProps['why'] | null> {
  const { code, connectionId } = row.data
  if (code === 'others_moved') return why.others_moved
  const { connection, probe } = schema
  if (code === 'failing') {
    const last = await db.query.probe.findFirst({
      where: eq(probe.connectionId, String(connectionId)),
      orderBy: [desc(probe.at), desc(probe.id)],
    })
    return last?.ok === false ? why.failing : null
  }
  const found = await db.query.connection.findFirst({ where: eq(connection.id, String(connectionId)) })
  const trouble = troubleOf(found ?? null)
  return trouble && trouble.code === code ? why[trouble.code] : null
}

/** The connection whose credential a mail is about, as long as it is that credential and still to end. */
export async function ending(db: Reader, row: Owed['row'], now: Date) {
  const { connection } = schema
  const found = await db.query.connection.findFirst({
    where: eq(connection.id, String(row.data.connectionId)),
  })
  const endsAt = found?.credentialExpiresAt
  return found && endsAt && endsAt > now && endsAt.toISOString() === row.data.endsAt ? found : null
}

/** To owners, or to admins where there are none; dropped when there is a new credential meanwhile. */
export async function credentialEnds({ db, row, reader, base, now }: Owed): Promise<MailContent | null> {
  const connection = await ending(db, row, now)
  const application =
    connection &&
    (await db.query.application.findFirst({ where: eq(schema.application.connectionId, connection.id) }))
  if (!application || !connection.credentialExpiresAt) return null
  return {
    kind: 'credential-ends',
    props: {
      ...base,
      application: application.name,
      target: getConnector(connection.connector).target(connection.config),
      endsAt: connection.credentialExpiresAt,
      ...(await toldAbout(db, application.id, reader.id)),
      url: pageUrl(`/settings/access-management/applications/${application.id}?section=connection`),
    },
  }
}

/** Who else is told of something about an application, and why this reader is. */
async function toldAbout(db: Reader, applicationId: string, readerId: string) {
  const owners = await ownersOf(db, applicationId)
  const told = (await keepersOf(db, applicationId)).filter((id) => id !== readerId)
  return { alsoTold: [...(await namesOf(db, told)).values()], because: becauseOf(readerId, owners) }
}

/** To owners, or to admins where there are none; dropped when the trouble is over meanwhile. */
export async function connectionTrouble({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const trouble = await lasting(db, row)
  const found = await db.query.application.findFirst({
    where: eq(schema.application.connectionId, String(row.data.connectionId)),
  })
  if (!found || !trouble) return null
  return {
    kind: 'connection-trouble',
    props: {
      ...base,
      application: found.name,
      why: trouble,
      answer: String(row.data.message ?? ''),
      since: new Date(String(row.data.since)),
      ...(await toldAbout(db, found.id, reader.id)),
      url: pageUrl(`/settings/access-management/applications/${found.id}`),
    },
  }
}
