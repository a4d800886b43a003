import 'server-only'
import { and, eq, isNull } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { systemCtx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { hashToken, newToken } from '@/lib/ids'
import { change } from './change'

/** A session lasts this long from signing in, whatever is done in it; unshifted time. */
export const SESSION_SECONDS = 7 * 86_400

/** A session as its browser gets it; only the token's hash is stored. */
export interface OpenedSession {
  readonly token: string
  readonly expires: Date
}

/** How somebody proved who they are. */
export type SignInWay = 'oidc' | 'email' | 'demo'

const { session, person, organisation } = schema

/**
 * Opens a session for an active person and writes it into their timeline.
 * @param token the cookie's value, where somebody else has made it already
 * @returns refused `forbidden` for a deactivated person, `not_found` for an unknown one
 */
export async function openSession(
  db: Db,
  personId: string,
  by: SignInWay,
  token: string = newToken(),
): Promise<Result<OpenedSession>> {
  return change(systemCtx('sign-in', db), {
    gate: 'person.sign_in',
    subject: { type: 'person', id: personId },
    run: async (tx) => {
      const who = await tx.query.person.findFirst({ where: eq(person.id, personId) })
      if (!who) throw new RefusalError(refuse('not_found', 'There is no such person'))
      if (who.deactivatedAt) throw new RefusalError(refuse('forbidden', 'This account is deactivated'))
      const { wall } = await readClocks(tx)
      const expires = new Date(wall.getTime() + SESSION_SECONDS * 1000)
      await tx.insert(session).values({ sessionToken: hashToken(token), userId: personId, expires })
      return { result: { token, expires }, entry: { verb: 'signed_in', data: { by } } }
    },
  })
}

/** Whose session this token opens, with both clocks; null when it is unknown or over, or the person deactivated. */
export async function readSession(db: Db, token: string) {
  const [rows, clocks] = await Promise.all([
    db
      .select({
        expires: session.expires,
        person: {
          id: person.id,
          name: person.name,
          email: person.email,
          admin: person.admin,
          auditor: person.auditor,
          team: person.team,
          title: person.title,
          timeZone: person.timeZone,
          locale: person.locale,
        },
        organisation: {
          name: organisation.name,
          timeZone: organisation.timeZone,
          floorSeconds: organisation.floorSeconds,
        },
      })
      .from(session)
      .innerJoin(person, eq(person.id, session.userId))
      .innerJoin(organisation, eq(organisation.id, 1))
      .where(and(eq(session.sessionToken, hashToken(token)), isNull(person.deactivatedAt))),
    readClocks(db),
  ])
  const found = rows[0]
  if (!found || found.expires <= clocks.wall) return null
  return { ...found, now: clocks.now, offsetMs: clocks.offsetMs }
}

/** Ends one session, by its token. */
export async function closeSession(db: Db, token: string): Promise<void> {
  await db.delete(session).where(eq(session.sessionToken, hashToken(token)))
}
