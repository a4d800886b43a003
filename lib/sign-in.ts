import 'server-only'
import { headers } from 'next/headers'
import { NextRequest, NextResponse } from 'next/server'
import { AuthError } from 'next-auth'
import { z } from 'zod'
import { type Caller, tooOften } from './action'
import { handlers, signIn } from './auth'
import { type Result, refuse } from './domain/errors'
import { env } from './env'
import { nextPath } from './next-path'
import { limits, take } from './rate'
import { openSession } from './services/sessions'
import { endCurrentSession, setSessionCookie, writeCookies } from './session'

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
  const answer = await handlers.GET(new NextRequest(url, { headers: { cookie: sent.get('cookie') ?? '' } }))
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

export const providerInput = z.object({ next })

/** Starts signing in at the organisation's identity provider. */
export async function signInWithProvider(_: Caller, input: z.output<typeof providerInput>): Promise<Onward> {
  if (!env().OIDC_ISSUER) return refuse('unavailable', 'Single sign-on is not set up here')
  await endCurrentSession()
  try {
    const to: string = await signIn('oidc', { redirectTo: input.next, redirect: false })
    return { ok: true, value: { to } }
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    return refuse('unavailable', `${env().OIDC_NAME} does not answer. Try again in a minute`)
  }
}

export const demoInput = z.object({ personId: z.uuid(), next })

/** Signs in as one of the seeded people, by choosing one. In the demo and in tests only. */
export async function signInAsDemo({ db }: Caller, input: z.output<typeof demoInput>): Promise<Onward> {
  if (env().LEASEHOLD_MODE === 'production') return refuse('forbidden', 'People are only chosen in the demo')
  const opened = await openSession(db, input.personId, 'demo')
  if (!opened.ok) return opened
  await endCurrentSession()
  await setSessionCookie(opened.value)
  return { ok: true, value: { to: input.next } }
}
