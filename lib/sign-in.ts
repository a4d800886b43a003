import 'server-only'
import { headers } from 'next/headers'
import { NextRequest, NextResponse } from 'next/server'
import { AuthError } from 'next-auth'
import { z } from 'zod'
import { type Caller, tooOften } from './action'
import { handlers, signIn } from './auth'
import { type Result, refuse } from './domain/errors'
import { env } from './env'
import { issuerIn } from './issuers'
import { nextPath } from './next-path'
import { limits, take } from './rate'
import { openSession } from './services/sessions'
import { linksAreMailed } from './services/sign-in'
import { currentViewer, endCurrentSession, sessionToken, setSessionCookie, writeCookies } from './session'

/** Where to go next: a path of this site, or the identity provider. */
type Onward = Result<{ to: string }>

const next = z.string().optional().transform(nextPath)
const email = z
  .string({ error: 'Type your work e-mail address' })
  .trim()
  .toLowerCase()
  .max(254, 'This is too long for an e-mail address')
  .pipe(z.email('This is not an e-mail address'))

export const linkInput = z.object({ email, next })

/** Sends a sign-in link to an address that may enter. The answer is the same for one that may not. */
export async function askForLink({ db }: Caller, input: z.output<typeof linkInput>): Promise<Result<null>> {
  if (!(await linksAreMailed(db)))
    return refuse('unavailable', 'Here people sign in at their identity provider. No links are mailed')
  const taken = await take(db, limits.signInByAddress, input.email)
  if (!taken.ok) return tooOften(taken.retryAfterSeconds)
  // A refusal of next-auth's is a redirect to our error page here: not followed, so nobody learns who is known.
  await signIn('email', { email: input.email, redirectTo: input.next, redirect: false })
  return { ok: true, value: null }
}

export const confirmInput = z.object({ email, token: z.string().max(200), next })

/** Uses a sign-in link up and opens the session. next-auth knows only a GET for that, so we make it ourselves. */
export async function confirmLink(_: Caller, input: z.output<typeof confirmInput>): Promise<Onward> {
  const url = new URL('/api/auth/callback/email', env().APP_URL)
  url.search = new URLSearchParams({
    email: input.email,
    token: input.token,
    callbackUrl: input.next,
  }).toString()
  const sent = new Headers(await headers())
  const kept = { cookie: sent.get('cookie') ?? '', 'user-agent': sent.get('user-agent') ?? '' }
  const answer = await handlers.GET(new NextRequest(url, { headers: kept }))
  const target = new URL(answer.headers.get('location') ?? '/sign-in?error=other', env().APP_URL)
  if (target.pathname === '/sign-in') return { ok: true, value: { to: `${target.pathname}${target.search}` } }
  await writeCookies(new NextResponse(null, { headers: answer.headers }).cookies.getAll())
  return { ok: true, value: { to: input.next } }
}

export const leaveInput = z.object({ next })

/** Ends the session to sign in as somebody else, and come back to the same page. */
export async function leave(_: Caller, input: z.output<typeof leaveInput>): Promise<Onward> {
  await endCurrentSession()
  return { ok: true, value: { to: `/sign-in?next=${encodeURIComponent(input.next)}` } }
}

export const providerInput = z.object({
  next,
  /** The provider's place in the settings. */
  provider: z.string({ error: 'Choose where to sign in' }).max(20),
  /** Set: prove once more who you are, also where the provider knows you still. */
  again: z.string().optional(),
})

/** Starts signing in at one of the organisation's identity providers. */
export async function signInWithProvider(_: Caller, input: z.output<typeof providerInput>): Promise<Onward> {
  const issuer = issuerIn(input.provider)
  if (!issuer) return refuse('unavailable', 'Single sign-on is not set up here')
  const viewer = input.again ? await currentViewer() : null
  // Whoever proves it once more keeps their session until the new one takes its place.
  if (!viewer) await endCurrentSession()
  const fresh = viewer ? { prompt: 'login', max_age: '0', login_hint: viewer.person.email } : undefined
  try {
    const to: string = await signIn(issuer.id, { redirectTo: input.next, redirect: false }, fresh)
    return { ok: true, value: { to } }
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    return refuse('unavailable', `${issuer.name} does not answer. Try again in a minute`)
  }
}

export const demoInput = z.object({ personId: z.uuid(), next })

/** Signs in as one of the seeded people, by choosing one. In the demo and in tests only. */
export async function signInAsDemo({ db }: Caller, input: z.output<typeof demoInput>): Promise<Onward> {
  if (env().LEASEHOLD_MODE === 'production') return refuse('forbidden', 'People are only chosen in the demo')
  const userAgent = (await headers()).get('user-agent')
  const opened = await openSession(db, input.personId, 'demo', { userAgent, replaces: await sessionToken() })
  if (!opened.ok) return opened
  await setSessionCookie(opened.value)
  return { ok: true, value: { to: input.next } }
}
