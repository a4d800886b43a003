import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, type Reader, schema } from '@/db/client'
import { type Ctx, systemCtx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { type Env, env } from '@/lib/env'
import { issuers } from '@/lib/issuers'
import { change } from './change'
import { admitPerson, grantAdmin, personByEmail } from './people'

type Rules = Pick<Env, 'ADMIN_EMAILS' | 'SIGN_UP_DOMAINS'>

const { identity, organisation, person } = schema

/**
 * Whether this address may sign in: whoever is here and active, the admins of the settings, and people of the
 * domains that the settings take in. Anybody else is a stranger, whatever an identity provider says of them.
 */
export async function mayEnter(db: Db, email: string, rules: Rules = env()): Promise<Result<null>> {
  const known = await personByEmail(db, email)
  if (known?.deactivatedAt) return refuse('forbidden', 'This account is deactivated')
  const address = email.trim().toLowerCase()
  const domain = address.slice(address.lastIndexOf('@') + 1)
  if (known || rules.ADMIN_EMAILS.includes(address) || rules.SIGN_UP_DOMAINS.includes(domain))
    return { ok: true, value: null }
  return refuse('not_found', 'Nobody with this address is known here')
}

/**
 * Lets the owner of a proven address in: takes them in as a member where they are new, and makes them an admin
 * where the settings name them.
 */
export async function admit(
  db: Db,
  who: { email: string; name?: string | null },
  rules: Rules = env(),
): Promise<Result<{ personId: string }>> {
  const entry = await mayEnter(db, who.email, rules)
  if (!entry.ok) return entry
  const ctx = systemCtx('sign-in', db)
  const known = await personByEmail(db, who.email)
  const person = known ? ({ ok: true, value: { personId: known.id } } as const) : await admitPerson(ctx, who)
  if (!person.ok || !rules.ADMIN_EMAILS.includes(who.email.trim().toLowerCase())) return person
  return grantAdmin(who.email, ctx)
}

/**
 * Whether sign-in links are mailed. Where the organisation wants single sign-on only, they are not; a provider has to
 * be set up for that, so that losing its settings locks nobody out.
 */
export async function linksAreMailed(db: Reader): Promise<boolean> {
  if (issuers().length === 0) return true
  const [row] = await db.select({ only: organisation.singleSignOnOnly }).from(organisation)
  return !row?.only
}

/** Who signed in with this identity before. @param issuer the provider's own address */
export async function personByIdentity(db: Db, issuer: string, subject: string) {
  const [found] = await db
    .select({ email: person.email, name: person.name })
    .from(identity)
    .innerJoin(person, eq(person.id, identity.userId))
    .where(and(eq(identity.provider, issuer), eq(identity.providerAccountId, subject)))
  return found ?? null
}

/** Whether the person of this address has an identity at this provider already. */
export async function boundElsewhere(db: Db, issuer: string, email: string): Promise<boolean> {
  const [found] = await db
    .select({ subject: identity.providerAccountId })
    .from(identity)
    .innerJoin(person, eq(person.id, identity.userId))
    .where(and(eq(identity.provider, issuer), eq(sql`lower(${person.email})`, email.trim().toLowerCase())))
  return found !== undefined
}

export const forgetIdentitiesInput = z.object({ personId: z.uuid() })

/**
 * Forgets by which accounts identity providers know a person, for one whose account there was made anew: the next
 * one with their vouched address is bound to them. Admins, soon after signing in.
 */
export function forgetIdentities(
  ctx: Ctx,
  { personId }: z.output<typeof forgetIdentitiesInput>,
): Promise<Result<{ forgotten: number }>> {
  return change(ctx, {
    gate: 'identity.forget',
    subject: { type: 'person', id: personId },
    run: async (tx) => {
      const gone = await tx
        .delete(identity)
        .where(eq(identity.userId, personId))
        .returning({ issuer: identity.provider })
      if (gone.length === 0) throw new RefusalError(refuse('conflict', 'No identity provider knows them'))
      const data = { identitiesForgotten: gone.map((row) => row.issuer) }
      return { result: { forgotten: gone.length }, entry: { verb: 'changed', data } }
    },
  })
}
