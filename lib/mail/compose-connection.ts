import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { ConnectionTroubleProps, MailContent } from '@/emails'
import { type ConnectionTroubleCode, troubleOf } from '@/lib/services/connection-trouble'
import { adminsOf, ownersOf } from '@/lib/services/facts'
import { becauseOf, namesOf } from './facts'
import { type Owed, pageUrl } from './owed'

const why: Record<ConnectionTroubleCode, ConnectionTroubleProps['why']> = {
  auth: 'credentials',
  switched_off: 'switched-off',
}

/** To owners, or to admins where there are none; dropped when the trouble is over meanwhile. */
export async function connectionTrouble({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const { application, connection } = schema
  const [found] = await db
    .select({ application, connection })
    .from(connection)
    .innerJoin(application, eq(application.connectionId, connection.id))
    .where(eq(connection.id, String(row.data.connectionId)))
  const trouble = troubleOf(found?.connection ?? null)
  if (!found || !trouble || trouble.code !== row.data.code) return null
  const owners = await ownersOf(db, found.application.id)
  const told = (owners.length > 0 ? owners : await adminsOf(db)).filter((id) => id !== reader.id)
  return {
    kind: 'connection-trouble',
    props: {
      ...base,
      application: found.application.name,
      why: why[trouble.code],
      answer: String(row.data.message ?? ''),
      since: row.createdAt,
      alsoTold: [...(await namesOf(db, told)).values()],
      because: becauseOf(reader.id, owners),
      url: pageUrl(`/settings/access-management/applications/${found.application.id}`),
    },
  }
}
