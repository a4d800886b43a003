import 'server-only'
import { and, eq, isNull, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import { deviceWords } from '@/lib/device-words'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { isFresh, type SignInWay } from '@/lib/domain/sign-in'
import { hashToken, newId, newToken } from '@/lib/ids'
import { change } from './change'
import { linksAreMailed } from './sign-in'

/** A session lasts this long from signing in, whatever is done in it; unshifted time. */
export const SESSION_SECONDS = 7 * 86_400

/** A session that is used says so at most this often, in seconds. */
const SEEN_SECONDS = 300

/** A session as its browser gets it; only the token's hash is stored. */
export interface OpenedSession {
  readonly token: string
  readonly expires: Date
}

/** What is known of a sign-in beside who it is and how. */
export interface Opening {
  /** The cookie's value, where somebody else has made it already. */
  readonly token?: string
  /** The identity provider's own address. */
  readonly issuer?: string | null
  /** When the provider says they proved who they are. Absent: now. */
  readonly provenAt?: Date | null
  /** What the browser says it is. */
  readonly userAgent?: string | null
  /** The token of the session that this browser had until now: it ends. */
  readonly replaces?: string | null
}

const { session, person, organisation, verificationToken } = schema

/**
 * Opens a session for an active person and writes it into their timeline.
 * @returns refused `forbidden` for a deactivated person, `not_found` for an unknown one, `unavailable` for a way in
 *   that is closed here
 */
export async function openSession(
  db: Db,
  personId: string,
  way: SignInWay,
  opening: Opening = {},
): Promise<Result<OpenedSession>> {
  const { token = newToken(), issuer = null, provenAt, userAgent, replaces } = opening
  return change(systemCtx('sign-in', db), {
    gate: 'person.sign_in',
    subject: { type: 'person', id: personId },
    run: async (tx) => {
      const who = await tx.query.person.findFirst({ where: eq(person.id, personId) })
      if (!who) throw new RefusalError(refuse('not_found', 'There is no such person'))
      if (who.deactivatedAt) throw new RefusalError(refuse('forbidden', 'This account is deactivated'))
      if (way === 'email' && !(await linksAreMailed(tx)))
        throw new RefusalError(refuse('unavailable', 'Here people sign in at their identity provider'))
      const { wall } = await readClocks(tx)
      const expires = new Date(wall.getTime() + SESSION_SECONDS * 1000)
      if (replaces) await tx.delete(session).where(eq(session.sessionToken, hashToken(replaces)))
      await tx.delete(session).where(and(eq(session.userId, personId), lt(session.expires, wall)))
      await tx.insert(session).values({
        id: newId(),
        sessionToken: hashToken(token),
        userId: personId,
        expires,
        way,
        issuer,
        device: deviceWords(userAgent),
        signedInAt: wall,
        // A provider's clock may be ahead of ours; nobody has proved anything in the future.
        provenAt: provenAt && provenAt < wall ? provenAt : wall,
        lastSeenAt: wall,
      })
      const data = { by: way, ...(issuer && { issuer }) }
      return { result: { token, expires }, entry: { verb: 'signed_in', data } }
    },
  })
}

/** Whose session this token opens, with both clocks; null when it is unknown or over, or the person deactivated. */
export async function readSession(db: Db, token: string) {
  const [rows, clocks] = await Promise.all([
    db
      .select({
        session: {
          id: session.id,
          expires: session.expires,
          way: session.way,
          provenAt: session.provenAt,
          lastSeenAt: session.lastSeenAt,
        },
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
  const { now, wall, offsetMs } = clocks
  if (!found || found.session.expires <= wall) return null
  if (wall.getTime() - found.session.lastSeenAt.getTime() > SEEN_SECONDS * 1000)
    await db.update(session).set({ lastSeenAt: wall }).where(eq(session.id, found.session.id))
  const { id, way, provenAt } = found.session
  return { ...found, session: { id, way, fresh: isFresh(provenAt, wall) }, now, offsetMs }
}

/** Ends one session, by its token. */
export async function closeSession(db: Db, token: string): Promise<void> {
  await db.delete(session).where(eq(session.sessionToken, hashToken(token)))
}

export const endSessionInput = z.object({ personId: z.uuid(), sessionId: z.uuid() })
export const endSessionsInput = z.object({ personId: z.uuid() })

/** Ends one session of a person: their own doing, or an admin's. Ended already, it says so. */
export function endSession(
  ctx: Ctx,
  { personId, sessionId }: z.output<typeof endSessionInput>,
): Promise<Result<{ ended: number }>> {
  return change(ctx, {
    gate: 'session.end',
    subject: { type: 'person', id: personId },
    facts: async () => ({ beneficiaryId: personId }),
    run: async (tx) => {
      const [gone] = await tx
        .delete(session)
        .where(and(eq(session.userId, personId), eq(session.id, sessionId)))
        .returning({ device: session.device })
      if (!gone) throw new RefusalError(refuse('not_found', 'This session has ended already'))
      return { result: { ended: 1 }, entry: { verb: 'signed_out', data: { device: gone.device } } }
    },
  })
}

/**
 * Signs a person out everywhere: every session ends, and so does every sign-in link that is on its way to them.
 * @returns how many sessions ended
 */
export function endSessions(
  ctx: Ctx,
  { personId }: z.output<typeof endSessionsInput>,
): Promise<Result<{ ended: number }>> {
  return change(ctx, {
    gate: 'session.end',
    subject: { type: 'person', id: personId },
    facts: async () => ({ beneficiaryId: personId }),
    run: async (tx) => {
      const row = await tx.query.person.findFirst({ where: eq(person.id, personId) })
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such person'))
      const gone = await tx.delete(session).where(eq(session.userId, personId)).returning({ id: session.id })
      await tx
        .delete(verificationToken)
        .where(eq(sql`lower(${verificationToken.identifier})`, row.email.toLowerCase()))
      const data = { everywhere: true, sessions: gone.length }
      return { result: { ended: gone.length }, entry: { verb: 'signed_out', data } }
    },
  })
}
