import 'server-only'
import NextAuth, { type NextAuthConfig } from 'next-auth'
import { database } from '@/db/client'
import { authAdapter } from './auth-adapter'
import { env } from './env'
import { newToken } from './ids'
import { log, logUnknown } from './log'
import { nextPath } from './next-path'
import { idTokenClaims, readClaims } from './oidc-claims'
import { vouchedAddress } from './oidc-email'
import { SESSION_SECONDS, type SignInWay } from './services/sessions'
import { admit, mayEnter, personByIdentity } from './services/sign-in'
import { takeClaims } from './services/sign-in-claims'
import { sessionCookie } from './session'
import { LINK_SECONDS, sendSignInLink } from './sign-in-mail'

/** Built per request, so that nothing is read or connected while the product is being built. */
export const { handlers, signIn } = NextAuth(() => {
  const settings = env()
  const { db } = database()
  // next-auth believes the Host header unless it is told its address.
  process.env.AUTH_URL ||= settings.APP_URL
  let way: SignInWay = 'oidc'
  const config: NextAuthConfig = {
    secret: settings.AUTH_SECRET,
    trustHost: true,
    adapter: authAdapter(db, () => way),
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
      ...oidcProvider(),
    ],
    callbacks: {
      async signIn({ account, profile, user, email }) {
        way = account?.type === 'email' ? 'email' : 'oidc'
        const proven = await provenAddress(account, profile, user.email)
        if (!proven) return '/sign-in?error=unverified'
        const entry = email?.verificationRequest ? await mayEnter(db, proven.email) : await admit(db, proven)
        if (entry.ok) {
          if (account?.type === 'oidc' && entry.value)
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

  /** The address that is proven to be theirs: the one of a known identity, else the one the provider vouches for. */
  async function provenAddress(
    account: { type: string; provider: string; providerAccountId: string } | null | undefined,
    profile: { email?: string | null; email_verified?: unknown; name?: string | null } | undefined,
    typed: string | null | undefined,
  ): Promise<{ email: string; name?: string | null } | null> {
    if (!account) return null
    if (account.type === 'email') return typed ? { email: typed } : null
    const known = await personByIdentity(db, account.provider, account.providerAccountId)
    if (known) return known
    const vouched = vouchedAddress(profile, settings.OIDC_TRUST_EMAIL === 'yes')
    return vouched ? { email: vouched, name: profile?.name } : null
  }
})

/** The organisation's identity provider, where one is configured. */
function oidcProvider(): NextAuthConfig['providers'] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env()
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return []
  return [
    {
      id: 'oidc',
      type: 'oidc',
      name: OIDC_NAME,
      issuer: OIDC_ISSUER,
      clientId: OIDC_CLIENT_ID,
      clientSecret: OIDC_CLIENT_SECRET,
      checks: ['pkce', 'state', 'nonce'],
      authorization: { params: { scope: 'openid email profile' } },
      // Many providers put the address into the user info only.
      idToken: false,
      // Safe, because `signIn` above lets only verified addresses through.
      allowDangerousEmailAccountLinking: true,
      profile: (profile) => ({
        id: String(profile.sub),
        name: profile.name,
        email: typeof profile.email === 'string' ? profile.email.trim().toLowerCase() : null,
      }),
    },
  ]
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
