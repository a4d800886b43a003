import 'server-only'
import type { Route } from 'next'
import type { ResponseCookie } from 'next/dist/compiled/@edge-runtime/cookies'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { database } from '@/db/client'
import type { Ctx } from './context'
import { env } from './env'
import { nextPath } from './next-path'
import { PATH_HEADER } from './page-headers'
import { readerZone } from './reader-zone'
import { closeSession, type OpenedSession, readSession, SESSION_SECONDS } from './services/sessions'

/** Who looks at a page, and with whose eyes: everything a page needs before its queries. */
export interface Viewer {
  readonly ctx: Ctx
  /** The session they look in, by the name it has in lists. */
  readonly sessionId: string
  readonly person: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly admin: boolean
    readonly auditor: boolean
    readonly team: string | null
    readonly title: string | null
    /** As they chose it; null for the organisation's zone, and for dates as usual. */
    readonly timeZone: string | null
    readonly locale: string | null
  }
  /** How they read times: the person's zone, else the organisation's, with their locale (`reader-zone.ts`). */
  readonly zone: string
  /** The domain's clock at this request. */
  readonly now: Date
  /** How far the domain's clock is ahead of the real one, in milliseconds; 0 in production. */
  readonly clockOffsetMs: number
  readonly organisation: { readonly name: string; readonly timeZone: string; readonly floorSeconds: number }
}

/** Who is signed in, or null. One lookup per request. */
export const currentViewer = cache(async (): Promise<Viewer | null> => {
  const token = await sessionToken()
  if (!token) return null
  const { db } = database()
  const found = await readSession(db, token)
  if (!found) return null
  const { session, person, organisation, now, offsetMs } = found
  const { id, name, email, admin, auditor, team, title, timeZone, locale } = person
  return {
    ctx: {
      db,
      actor: {
        kind: 'person',
        id,
        admin,
        auditor,
        active: true,
        session: { way: session.way, fresh: session.fresh },
      },
    },
    sessionId: session.id,
    person: { id, name, email, admin, auditor, team, title, timeZone, locale },
    zone: readerZone(timeZone ?? organisation.timeZone, locale),
    now,
    clockOffsetMs: offsetMs,
    organisation,
  }
})

/** Who is signed in; anybody else is sent to the sign-in page and comes back here afterwards. */
export async function requireViewer(): Promise<Viewer> {
  const viewer = await currentViewer()
  if (viewer) return viewer
  const path = nextPath((await headers()).get(PATH_HEADER))
  redirect((path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`) as Route)
}

/** Name and attributes of the session's cookie: bound to this host on https, a plain name on http. */
export function sessionCookie() {
  const secure = env().APP_URL.startsWith('https:')
  return {
    name: secure ? '__Host-leasehold.session' : 'leasehold.session',
    options: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure },
  }
}

/** The token of the browser's session, whatever it opens. */
export async function sessionToken(): Promise<string | undefined> {
  return (await cookies()).get(sessionCookie().name)?.value
}

/** Hands a new session to the browser. Only in actions. */
export async function setSessionCookie(session: OpenedSession): Promise<void> {
  const { name, options } = sessionCookie()
  const jar = await cookies()
  jar.set(name, session.token, { ...options, maxAge: SESSION_SECONDS })
}

/** Hands cookies that somebody else made to the browser, as they are. Only in actions. */
export async function writeCookies(made: readonly ResponseCookie[]): Promise<void> {
  const jar = await cookies()
  for (const cookie of made) jar.set(cookie)
}

/** Ends the browser's session, here and there. Only in actions. */
export async function endCurrentSession(): Promise<void> {
  const { name, options } = sessionCookie()
  const jar = await cookies()
  const token = jar.get(name)?.value
  if (!token) return
  await closeSession(database().db, token)
  jar.set(name, '', { ...options, maxAge: 0 })
}
