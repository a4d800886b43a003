/** Who we are to GitHub: a token somebody made, or an App that signs for one of an hour. */
import 'server-only'
import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { ConnectorError } from '../contract'
import { oneLine, send } from '../http'
import { type AccessToken, keptToken } from '../oauth'
import { type Ctx, type GithubConfig, restBase } from './config'
import { restHeaders, troubleOf } from './trouble'

/** What an App's token is kept by. */
export const appKeys = ({ appId, installationId, privateKey, apiUrl }: GithubConfig) => ({
  github: apiUrl ?? '',
  appId,
  installationId,
  privateKey,
})

/** The credential of a request. @throws ConnectorError `auth` where GitHub gives the App no token */
export async function bearer(ctx: Ctx): Promise<AccessToken> {
  const { config } = ctx
  if (config.auth === 'token') return { value: config.token ?? '', cached: false }
  return keptToken(ctx, appKeys(config), () => installationToken(ctx))
}

/** Signs as the App itself. GitHub takes at most ten minutes, and a clock that runs a little ahead. */
export async function appJwt({ appId, privateKey }: GithubConfig, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000)
  try {
    return await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(appId ?? '')
      .setIssuedAt(seconds - 60)
      .setExpirationTime(seconds + 540)
      .sign(createPrivateKey(privateKey ?? ''))
  } catch {
    throw new ConnectorError('misconfigured', 'The App’s private key cannot be read.')
  }
}

async function installationToken(ctx: Ctx): Promise<{ value: string; seconds: number }> {
  const { config } = ctx
  const answer = await send(ctx, {
    method: 'POST',
    url: `${restBase(config)}/app/installations/${encodeURIComponent(config.installationId ?? '')}/access_tokens`,
    effect: 'look',
    headers: { ...restHeaders, authorization: `Bearer ${await appJwt(config, ctx.now())}` },
  })
  const { status, host } = answer
  const body = (answer.body ?? {}) as { token?: unknown; expires_at?: unknown; message?: unknown }
  if (status === 201 && typeof body.token === 'string') {
    const left = Date.parse(String(body.expires_at)) - ctx.now().getTime()
    return { value: body.token, seconds: Number.isFinite(left) ? Math.floor(left / 1000) : 300 }
  }
  const said = typeof body.message === 'string' ? `: ${oneLine(body.message)}` : ''
  if (status === 404)
    throw new ConnectorError('auth', `${host} knows no such installation of the App${said}.`)
  throw (
    troubleOf(answer, ctx.now()) ??
    new ConnectorError('auth', `${host} gives the App no token (${status}${said}).`)
  )
}
