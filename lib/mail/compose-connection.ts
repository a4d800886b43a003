import 'server-only'
import { eq } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { ConnectionTroubleProps, MailContent } from '@/emails'
import {
  type ConnectionTrouble,
  type ConnectionTroubleCode,
  troubleOf,
} from '@/lib/services/connection-trouble'
import { adminsOf, ownersOf } from '@/lib/services/facts'
import { becauseOf, namesOf } from './facts'
import { type Owed, pageUrl } from './owed'

const why: Record<ConnectionTroubleCode, ConnectionTroubleProps['why']> = {
  auth: 'credentials',
  switched_off: 'switched-off',
}

/** The trouble a mail is about, as long as it lasts. */
export async function lasting(db: Reader, row: Owed['row']): Promise<ConnectionTrouble | null> {
  const { connection } = schema
  const found = await db.query.connection.findFirst({
    where: eq(connection.id, String(row.data.connectionId)),
  })
  const trouble = troubleOf(found ?? null)
  return trouble?.code === row.data.code ? trouble : null
}

/** To owners, or to admins where there are none; dropped when the trouble is over meanwhile. */
export async function connectionTrouble({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const trouble = await lasting(db, row)
  const found = await db.query.application.findFirst({
    where: eq(schema.application.connectionId, String(row.data.connectionId)),
  })
  if (!found || !trouble) return null
  const owners = await ownersOf(db, found.id)
  const told = (owners.length > 0 ? owners : await adminsOf(db)).filter((id) => id !== reader.id)
  return {
    kind: 'connection-trouble',
    props: {
      ...base,
      application: found.name,
      why: why[trouble.code],
      answer: String(row.data.message ?? ''),
      since: row.createdAt,
      alsoTold: [...(await namesOf(db, told)).values()],
      because: becauseOf(reader.id, owners),
      url: pageUrl(`/settings/access-management/applications/${found.id}`),
    },
  }
}
