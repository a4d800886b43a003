import 'server-only'
import NextAuth, { type NextAuthConfig } from 'next-auth'
import { database } from '@/db/client'
import { authAdapter, type SessionOpening } from './auth-adapter'
import { env } from './env'
import { newToken } from './ids'
import { issuerIn, issuers } from './issuers'
import { log, logUnknown } from './log'
import { nextPath } from './next-path'
import { idTokenClaims, readClaims } from './oidc-claims'
import { provenTime, vouchedAddress } from './oidc-email'
import { SESSION_SECONDS } from './services/sessions'
import { admit, boundElsewhere, linksAreMailed, mayEnter, personByIdentity } from './services/sign-in'
import { takeClaims } from './services/sign-in-claims'
import { sessionCookie } from './session'
import { LINK_SECONDS, sendSignInLink } from './sign-in-mail'

/** Built per request, so that nothing is read or connected while the product is being built. */
export const { handlers, signIn } = NextAuth((request) => {
  const settings = env()
  const { db } = database()
  // next-auth believes the Host header unless it is told its address.
  process.env.AUTH_URL ||= settings.APP_URL
  const opening: SessionOpening = {
    way: 'oidc',
    userAgent: request?.headers.get('user-agent'),
    replaces: request?.cookies.get(sessionCookie().name)?.value,
  }
  const config: NextAuthConfig = {
    secret: settings.AUTH_SECRET,
    trustHost: true,
    adapter: authAdapter(db, opening),
    session: {
      strategy: 'database',
      maxAge: SESSION_SECONDS,
      updateAge: SESSION_SECONDS,
      generateSessionToken: newToken,
    },
    pages: { signIn: '/sign-in', error: '/sign-in', verifyRequest: '/sign-in/sent' },
    cookies: cookies(),
    logger: {
      error: (error) => log.warn({ err: error }, 'sign-in did not work'),
      warn: (code) => log.debug({ code }, 'sign-in'),
      debug: () => {},
    },
    providers: [
      {
        id: 'email',
        type: 'email',
        name: 'E-mail',
        from: settings.MAIL_FROM ?? '',
        maxAge: LINK_SECONDS,
        options: {},
        sendVerificationRequest: ({ identifier, token, url }) => {
          const target = new URL(url).searchParams.get('callbackUrl') ?? '/'
          const next = nextPath(
            target.startsWith(settings.APP_URL) ? target.slice(settings.APP_URL.length) : target,
          )
          sendSignInLink({ email: identifier, token, next })
        },
      },
      ...oidcProviders(),
    ],
    callbacks: {
      async signIn({ account, profile, user, email }) {
        const byMail = account?.type === 'email'
        opening.way = byMail ? 'email' : 'oidc'
        if (byMail && !(await linksAreMailed(db))) return '/sign-in?error=links'
        const proven = byMail
          ? user.email && { email: user.email }
          : await provenAddress(account, profile, opening)
        if (!proven) return '/sign-in?error=unverified'
        if (proven === 'taken') return '/sign-in?error=taken'
        const entry = email?.verificationRequest ? await mayEnter(db, proven.email) : await admit(db, proven)
        if (entry.ok) {
          // The groups of the organisation are said by its own provider, the first, and by nobody else's.
          if (account && account.provider === issuers(settings)[0]?.id && entry.value)
            await hearClaims(entry.value.personId, account, profile)
          return true
        }
        return `/sign-in?error=${entry.code === 'forbidden' ? 'deactivated' : 'unknown'}`
      },
      redirect({ url, baseUrl }) {
        if (/^\/sign-in\?error=[a-z]+$/.test(url)) return `${baseUrl}${url}`
        return `${baseUrl}${nextPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url)}`
      },
    },
  }
  return config

  /** Takes over what the provider says of them. Whatever goes wrong with it, they are who they are. */
  async function hearClaims(
    personId: string,
    account: { id_token?: string },
    profile: Readonly<Record<string, unknown>> | undefined,
  ): Promise<void> {
    const names = {
      groups: settings.OIDC_GROUPS_CLAIM,
      manager: settings.OIDC_MANAGER_CLAIM,
      timeZone: settings.OIDC_ZONE_CLAIM,
      locale: settings.OIDC_LOCALE_CLAIM,
    }
    try {
      // Providers put some claims into the ID token only, which next-auth has checked, and some into the user info only.
      await takeClaims(db, personId, readClaims({ ...idTokenClaims(account.id_token), ...profile }, names))
    } catch (error) {
      logUnknown(error, 'what the identity provider says of somebody')
    }
  }

  /**
   * The address that is proven to be theirs: the one of a known identity, else the one the provider vouches for.
   * `taken` where the person of that address is known to the same provider as somebody else: an address that was
   * given to a new colleague is no way to what the old one holds.
   */
  async function provenAddress(
    account: Account,
    profile: { email?: string | null; email_verified?: unknown; name?: string | null } | undefined,
    into: SessionOpening,
  ): Promise<{ email: string; name?: string | null } | 'taken' | null> {
    const issuer = account && issuerIn(account.provider, settings)
    if (!issuer) return null
    into.issuer = issuer.address
    into.provenAt = provenTime(idTokenClaims(account.id_token))
    const known = await personByIdentity(db, issuer.address, account.providerAccountId)
    if (known) return known
    const vouched = vouchedAddress(profile, issuer)
    if (!vouched) return null
    if (await boundElsewhere(db, issuer.address, vouched)) return 'taken'
    return { email: vouched, name: profile?.name }
  }
})

type Account = { provider: string; providerAccountId: string; id_token?: string } | null | undefined

/** The organisation's identity providers, as many as are configured. */
function oidcProviders(): NextAuthConfig['providers'] {
  return issuers().map(({ id, name, address, clientId, clientSecret }) => ({
    id,
    type: 'oidc',
    name,
    issuer: address,
    clientId,
    clientSecret,
    checks: ['pkce', 'state', 'nonce'],
    // Whoever is asked for a longest age has to say when somebody proved who they are, in `auth_time`.
    authorization: { params: { scope: 'openid email profile', max_age: String(SESSION_SECONDS) } },
    // Many providers put the address into the user info only.
    idToken: false,
    // Safe, because `signIn` above lets only verified addresses through.
    allowDangerousEmailAccountLinking: true,
    profile: (profile) => ({
      id: String(profile.sub),
      name: profile.name,
      email: typeof profile.email === 'string' ? profile.email.trim().toLowerCase() : null,
    }),
  }))
}

/** All of next-auth's cookies under our names, bound to this host on https. */
function cookies(): NextAuthConfig['cookies'] {
  const { name, options } = sessionCookie()
  const named = (part: string, maxAge?: number) => ({
    name: name.replace(/session$/, part),
    options: { ...options, ...(maxAge && { maxAge }) },
  })
  return {
    sessionToken: { name, options },
    callbackUrl: named('next'),
    csrfToken: named('csrf'),
    pkceCodeVerifier: named('pkce', 900),
    state: named('state', 900),
    nonce: named('nonce', 900),
  }
}
