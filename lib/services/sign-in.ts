import 'server-only'
import { and, eq } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { systemCtx } from '@/lib/context'
import { type Result, refuse } from '@/lib/domain/errors'
import { type Env, env } from '@/lib/env'
import { admitPerson, grantAdmin, personByEmail } from './people'

type Rules = Pick<Env, 'ADMIN_EMAILS' | 'SIGN_UP_DOMAINS'>

const { identity, person } = schema

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

/** Who signed in with this identity before. */
export async function personByIdentity(db: Db, provider: string, providerAccountId: string) {
  const [found] = await db
    .select({ email: person.email, name: person.name })
    .from(identity)
    .innerJoin(person, eq(person.id, identity.userId))
    .where(and(eq(identity.provider, provider), eq(identity.providerAccountId, providerAccountId)))
  return found ?? null
}
