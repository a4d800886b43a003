import 'server-only'
import { asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { database, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { env } from '@/lib/env'
import { issuers } from '@/lib/issuers'
import { inQuarantine } from '@/lib/services/quarantine-state'
import { linksAreMailed } from '@/lib/services/sign-in'

const SHOWN = 24

/** What the sign-in page may say to somebody nobody knows yet. */
export interface SignInPage {
  readonly organisation: string | null
  /** The identity providers that are set up, by their places in the settings. */
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  /** Links are mailed. */
  readonly links: boolean
  /** This is a restored database that nobody confirmed: links are mailed to admins only. */
  readonly quarantined: boolean
  /** The people one can be in the demo; null outside it. */
  readonly people: readonly DemoPerson[] | null
}

export interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly title: string | null
  /** What one can do as them: "admin", "reads everything", "owns Data warehouse". */
  readonly parts: readonly string[]
}

export async function readSignInPage(): Promise<SignInPage> {
  const { db } = database()
  const [org] = await db.select({ name: schema.organisation.name }).from(schema.organisation)
  return {
    organisation: org?.name ?? null,
    providers: issuers().map(({ id, name }) => ({ id, name })),
    links: await linksAreMailed(db),
    quarantined: await inQuarantine(db),
    people: env().LEASEHOLD_MODE === 'production' ? null : await demoPeople(),
  }
}

export const whoIsHereQuery = z.object({})

/** Who acts in this browser, and whether their sign-in is fresh: what a form that waits for one asks. */
export async function whoIsHere({ actor }: Ctx): Promise<{ id: string; fresh: boolean } | null> {
  return actor.kind === 'person' ? { id: actor.id, fresh: actor.session?.fresh ?? false } : null
}

async function demoPeople(): Promise<DemoPerson[]> {
  const { person, application, applicationOwner } = schema
  const rows = await database()
    .db.select({
      id: person.id,
      name: person.name,
      title: person.title,
      admin: person.admin,
      auditor: person.auditor,
      owns: sql<string[]>`coalesce(array_agg(${application.name} order by ${application.name})
        filter (where ${application.id} is not null), '{}')`,
    })
    .from(person)
    .leftJoin(applicationOwner, eq(applicationOwner.personId, person.id))
    .leftJoin(application, eq(application.id, applicationOwner.applicationId))
    .where(isNull(person.deactivatedAt))
    .groupBy(person.id)
    // Those with a part first: as them there is most to try.
    .orderBy(
      desc(sql`${person.admin} or ${person.auditor} or count(${application.id}) > 0`),
      desc(person.createdAt),
      asc(person.id),
    )
    .limit(SHOWN)
  return rows.map(({ admin, auditor, owns, ...row }) => ({
    ...row,
    parts: [
      ...(admin ? ['admin'] : []),
      ...(auditor ? ['reads everything'] : []),
      ...owns.map((name) => `owns ${name}`),
    ],
  }))
}
