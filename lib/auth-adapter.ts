import 'server-only'
import { DrizzleAdapter } from '@auth/drizzle-adapter'
import type { Adapter, AdapterUser } from 'next-auth/adapters'
import { type Db, schema } from '@/db/client'
import { personByEmail } from './services/people'
import { closeSession, openSession, type SignInWay } from './services/sessions'

/**
 * next-auth's view of our tables. It differs from the adapter it wraps in five ways: session tokens are stored
 * hashed, and opening one is written into the timeline; addresses match in any case; the identity provider's
 * tokens are not kept; people are taken in by our own rules only; and nobody counts as signed in already, for
 * next-auth would then tie a new identity to whoever's session the browser happens to carry.
 * @param way how the person at hand proves who they are, asked when a session opens
 */
export function authAdapter(db: Db, way: () => SignInWay): Adapter {
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
    linkAccount: async ({ userId, type, provider, providerAccountId }) => {
      await db.insert(identity).values({ userId, type, provider, providerAccountId }).onConflictDoNothing()
    },
    createSession: async ({ sessionToken, userId }) => {
      const opened = await openSession(db, userId, way(), sessionToken)
      if (!opened.ok) throw new Error(opened.message)
      return { sessionToken, userId, expires: opened.value.expires }
    },
    getSessionAndUser: async () => null,
    deleteSession: (token) => closeSession(db, token),
  }
}
