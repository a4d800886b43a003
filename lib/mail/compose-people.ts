import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { MailContent } from '@/emails'
import { adminsOf, ownersOf } from '@/lib/services/facts'
import { nameOf } from './facts'
import { type Owed, pageUrl } from './owed'

/** To every admin, and to whoever it is about. It tells what was done, so it goes out whatever became of it since. */
export async function roleChanged({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const { personId, role, given, reason, byId } = row.data
  const yours = reader.id === personId
  return {
    kind: 'role-changed',
    props: {
      ...base,
      person: await nameOf(db, String(personId)),
      role: role === 'auditor' ? 'auditor' : 'admin',
      given: given === true,
      yours,
      by: typeof byId === 'string' ? await nameOf(db, byId) : null,
      reason: typeof reason === 'string' && reason ? reason : null,
      changedAt: row.createdAt,
      url: pageUrl(yours ? '/' : `/settings/people/${personId}`),
    },
  }
}

/** To admins; dropped when somebody else owns the application meanwhile, or it is archived. */
export async function ownershipPassed({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const id = String(row.data.applicationId)
  const found = await db.query.application.findFirst({ where: eq(schema.application.id, id) })
  if (!found || found.archivedAt) return null
  const [owners, admins] = await Promise.all([ownersOf(db, id), adminsOf(db)])
  if (!owners.includes(reader.id) || owners.some((owner) => !admins.includes(owner))) return null
  return {
    kind: 'ownership-passed',
    props: {
      ...base,
      application: found.name,
      left: Array.isArray(row.data.left) ? row.data.left.map(String) : [],
      passedAt: row.createdAt,
      url: pageUrl(`/settings/access-management/applications/${id}`),
    },
  }
}
