/** Access tokens by OAuth 2.0 client credentials (RFC 6749 section 4.4), with a secret or a signed assertion. */
import 'server-only'
import { createHash } from 'node:crypto'
import { importPKCS8, SignJWT } from 'jose'
import { newId } from '@/lib/ids'
import { ConnectorError } from './contract'
import { commonTrouble, type HttpContext, oneLine, send } from './http'

export interface ClientCredentials {
  /** The token endpoint. */
  tokenUrl: string
  clientId: string
  /** Space-separated; absent where the endpoint wants none. */
  scope?: string
  /**
   * `secret` in the body or as HTTP Basic; or a private key in PKCS #8 for `private_key_jwt` (RFC 7523), named by its
   * id or by its certificate’s SHA-256 thumbprint in base64url.
   */
  auth:
    | { kind: 'secret'; secret: string; as?: 'body' | 'basic' }
    | {
        kind: 'key'
        privateKey: string
        keyId?: string
        thumbprint?: string
        algorithm?: 'RS256' | 'PS256' | 'ES256'
      }
}

export interface AccessToken {
  value: string
  /** It was had from an earlier call: a refusal may only mean that it was withdrawn meanwhile. */
  cached: boolean
  /** What the endpoint granted, space-separated; absent where it did not say. */
  scope?: string
}

interface Kept {
  value: string
  scope?: string
  /** Milliseconds since the epoch. */
  until: number
}

/** Tokens of this process, by a digest of what they were had with: nothing of a secret is kept as a key. */
const kept = new Map<string, Kept>()
/** A token that ends within this is not used any more. */
const EARLY_MS = 60_000
const MOST_KEPT = 500

function digestOf(credentials: object): string {
  return createHash('sha256').update(JSON.stringify(credentials)).digest('base64')
}

/** The token had with these credentials, from this process's memory or, where there is none or it ends, by `ask`. */
export async function keptToken(
  ctx: Pick<HttpContext, 'now'>,
  credentials: object,
  ask: () => Promise<{ value: string; scope?: string; seconds: number }>,
): Promise<AccessToken> {
  const digest = digestOf(credentials)
  const now = ctx.now().getTime()
  const found = kept.get(digest)
  if (found && found.until > now + EARLY_MS) {
    const { until: _, ...token } = found
    return { ...token, cached: true }
  }
  const { seconds, ...token } = await ask()
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(digest, { ...token, until: now + seconds * 1000 })
  return { ...token, cached: false }
}

/**
 * A token for these credentials, from this process's memory or from the endpoint. Asking is a look: it changes
 * nothing in the target's access.
 * @throws ConnectorError `auth` where the endpoint refuses us, `misconfigured` for a key that cannot be read
 */
export function accessToken(ctx: HttpContext, credentials: ClientCredentials): Promise<AccessToken> {
  return keptToken(ctx, credentials, () => ask(ctx, credentials))
}

/** Forgets the token of these credentials, for when the target refuses it. */
export function forgetToken(credentials: object): void {
  kept.delete(digestOf(credentials))
}

/**
 * What a refused token means: a kept one was perhaps withdrawn, so it is forgotten and the next try asks anew; a
 * fresh one means that our credential may not do this.
 */
export function refusedToken(host: string, credentials: object, token: AccessToken): ConnectorError {
  forgetToken(credentials)
  return token.cached
    ? new ConnectorError(
        'retryable',
        `${host} no longer takes our access token. The next try asks for a new one.`,
      )
    : new ConnectorError('auth', `${host} refuses our access token.`)
}

async function ask(
  ctx: HttpContext,
  credentials: ClientCredentials,
): Promise<{ value: string; scope?: string; seconds: number }> {
  const { tokenUrl, clientId, scope, auth } = credentials
  const basic = auth.kind === 'secret' && auth.as === 'basic'
  const answer = await send(ctx, {
    method: 'POST',
    url: tokenUrl,
    effect: 'look',
    ...(basic && auth.kind === 'secret' ? { headers: basicHeader(clientId, auth.secret) } : {}),
    form: {
      grant_type: 'client_credentials',
      ...(scope ? { scope } : {}),
      ...(basic ? {} : { client_id: clientId }),
      ...(auth.kind === 'secret' && !basic ? { client_secret: auth.secret } : {}),
      ...(auth.kind === 'key' ? await assertion(ctx, credentials, auth) : {}),
    },
  })
  const { status, host } = answer
  const body = (answer.body ?? {}) as Record<string, unknown>
  if (status === 200 && typeof body.access_token === 'string') {
    const seconds = Number(body.expires_in)
    return {
      value: body.access_token,
      ...(typeof body.scope === 'string' ? { scope: body.scope } : {}),
      seconds: Number.isFinite(seconds) ? seconds : 300,
    }
  }
  if (status === 400 || status === 401 || status === 403) {
    const why = [body.error, body.error_description].filter((part) => typeof part === 'string').join(': ')
    throw new ConnectorError('auth', `${host} gives us no access token (${oneLine(why) || status}).`)
  }
  throw (
    commonTrouble(answer, ctx.now()) ??
    new ConnectorError('retryable', `${host} answered the request for a token unreadably (${status}).`)
  )
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basicHeader(clientId: string, secret: string): Record<string, string> {
  const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
  return {
    authorization: `Basic ${Buffer.from(`${form(clientId)}:${form(secret)}`).toString('base64')}`,
  }
}

async function assertion(
  ctx: HttpContext,
  { tokenUrl, clientId }: ClientCredentials,
  auth: Extract<ClientCredentials['auth'], { kind: 'key' }>,
): Promise<Record<string, string>> {
  const algorithm = auth.algorithm ?? 'RS256'
  const key = await importPKCS8(auth.privateKey.trim(), algorithm).catch(() => {
    throw new ConnectorError('misconfigured', 'The private key cannot be read: PEM in PKCS #8 is expected.')
  })
  const seconds = Math.floor(ctx.now().getTime() / 1000)
  const jwt = await new SignJWT({})
    .setProtectedHeader({
      alg: algorithm,
      ...(auth.keyId ? { kid: auth.keyId } : {}),
      ...(auth.thumbprint ? { 'x5t#S256': auth.thumbprint } : {}),
    })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setJti(newId())
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
    .sign(key)
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  }
}
