import 'server-only'
import { DrizzleAdapter } from '@auth/drizzle-adapter'
import { and, eq } from 'drizzle-orm'
import type { Adapter, AdapterUser } from 'next-auth/adapters'
import { type Db, schema } from '@/db/client'
import type { SignInWay } from './domain/sign-in'
import { issuerIn } from './issuers'
import { personByEmail } from './services/people'
import { closeSession, type Opening, openSession } from './services/sessions'

/** What is known of the sign-in at hand; filled in while next-auth goes through it. */
export type SessionOpening = { way: SignInWay } & { -readonly [K in keyof Opening]: Opening[K] }

/**
 * next-auth's view of our tables. It differs from the adapter it wraps in six ways: session tokens are stored
 * hashed, and opening one is written into the timeline; addresses match in any case; identities are bound to their
 * issuer's address, not to its place in the settings, and each person has one per issuer; the identity provider's
 * tokens are not kept; people are taken in by our own rules only; and nobody counts as signed in already, for
 * next-auth would then tie a new identity to whoever's session the browser happens to carry.
 * @param opening what is known of the sign-in, read when a session opens
 */
export function authAdapter(db: Db, opening: SessionOpening): Adapter {
  const { person, identity, session, verificationToken } = schema
  const stock = DrizzleAdapter(db, {
    // Its types ask for column names of its own; it runs on property names alone.
    usersTable: person as never,
    accountsTable: identity as never,
    sessionsTable: session as never,
    verificationTokensTable: verificationToken as never,
  })
  return {
    ...stock,
    createUser() {
      throw new Error('people are taken in before they sign in')
    },
    getUserByEmail: async (email) => ((await personByEmail(db, email)) as AdapterUser | undefined) ?? null,
    getUserByAccount: async ({ provider, providerAccountId }) =>
      (await stock.getUserByAccount?.({ provider: boundTo(provider), providerAccountId })) ?? null,
    linkAccount: async ({ userId, type, provider, providerAccountId }) => {
      const row = { userId, type, provider: boundTo(provider), providerAccountId }
      await db.insert(identity).values(row).onConflictDoNothing()
      // Lost against another first sign-in of the same person: this one is not theirs.
      const [bound] = await db
        .select({ userId: identity.userId })
        .from(identity)
        .where(
          and(eq(identity.provider, row.provider), eq(identity.providerAccountId, row.providerAccountId)),
        )
      if (bound?.userId !== userId) throw new Error('this person has another identity at this provider')
    },
    createSession: async ({ sessionToken, userId }) => {
      const { way, ...rest } = opening
      const opened = await openSession(db, userId, way, { ...rest, token: sessionToken })
      if (!opened.ok) throw new Error(opened.message)
      return { sessionToken, userId, expires: opened.value.expires }
    },
    getSessionAndUser: async () => null,
    deleteSession: (token) => closeSession(db, token),
  }
}

/** What an identity of this place in the settings is bound to. */
function boundTo(place: string): string {
  const issuer = issuerIn(place)
  if (!issuer) throw new Error(`no identity provider is set up as ${place}`)
  return issuer.address
}
