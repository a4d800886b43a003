import 'server-only'
import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { MailContent } from '@/emails'
import { applicationOn } from '@/lib/services/account-questions'
import { keepersOf, ownersOf } from '@/lib/services/facts'
import { becauseOf, namesOf } from './facts'
import { type Owed, pageUrl } from './owed'

/** The question a mail is about, as long as it is open. */
export async function stillAsked(db: Reader, row: Owed['row']) {
  const { accountQuestion } = schema
  const found = await db.query.accountQuestion.findFirst({
    where: eq(accountQuestion.id, String(row.data.questionId)),
  })
  return found && !found.closedAt ? found : null
}

/** To owners and admins; dropped when somebody has said by then whose account it is. */
export async function whoseAccount({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const question = await stillAsked(db, row)
  if (!question) return null
  const found = await applicationOn(db, question.connectionId)
  const person = await db.query.person.findFirst({ where: eq(schema.person.id, question.personId) })
  if (!found || !person) return null
  const { grant, entitlement } = schema
  const waiting = await db
    .select({ name: entitlement.name })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .where(
      and(
        eq(grant.applicationId, found.id),
        eq(grant.personId, person.id),
        inArray(grant.state, ['scheduled', 'provisioning']),
      ),
    )
    .orderBy(entitlement.name)
  return {
    kind: 'whose-account',
    props: {
      ...base,
      application: found.name,
      person: person.name,
      email: person.email,
      why: question.kind,
      candidates: question.candidates.map(({ name, email, proposed }) => ({
        name,
        ...(email ? { email } : {}),
        ...(proposed ? { proposed } : {}),
      })),
      waiting: waiting.map((one) => one.name),
      because: becauseOf(reader.id, await ownersOf(db, found.id)),
      url: pageUrl(`/settings/access-management/applications/${found.id}?section=accounts`),
    },
  }
}

/** To owners, or to admins where there are none; dropped when a drill went well since. */
export async function drillFailed({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const { drill, connection, entitlement } = schema
  const failed = await db.query.drill.findFirst({ where: eq(drill.id, String(row.data.drillId)) })
  if (!failed?.finishedAt || failed.ok) return null
  const last = await db.query.drill.findFirst({
    where: eq(drill.connectionId, failed.connectionId),
    orderBy: desc(drill.startedAt),
  })
  if (last?.ok) return null
  const proven = await db.query.drill.findFirst({
    where: and(
      eq(drill.connectionId, failed.connectionId),
      eq(drill.ok, true),
      lt(drill.startedAt, failed.startedAt),
    ),
    orderBy: desc(drill.startedAt),
  })
  const found = await applicationOn(db, failed.connectionId)
  const [aside] = await db
    .select({ account: connection.drillAccount, entitlement: entitlement.name })
    .from(connection)
    .innerJoin(entitlement, eq(entitlement.id, connection.drillEntitlementId))
    .where(eq(connection.id, failed.connectionId))
  if (!found || !aside?.account) return null
  const owners = await ownersOf(db, found.id)
  const told = (await keepersOf(db, found.id)).filter((id) => id !== reader.id)
  return {
    kind: 'drill-failed',
    props: {
      ...base,
      application: found.name,
      entitlement: aside.entitlement,
      account: aside.account.name,
      what: String(row.data.what ?? 'It did not end well'),
      failedAt: row.createdAt,
      provenAt: proven?.finishedAt ? shifted(proven.finishedAt, failed.finishedAt, row.createdAt) : null,
      alsoTold: [...(await namesOf(db, told)).values()],
      because: becauseOf(reader.id, owners),
      url: pageUrl(`/settings/access-management/applications/${found.id}`),
    },
  }
}

/** Drills are kept in unshifted time, mails in the domain's: the same distance before the mail. */
const shifted = (at: Date, failedAt: Date, told: Date) =>
  new Date(told.getTime() - (failedAt.getTime() - at.getTime()))
