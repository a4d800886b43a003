import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'

/** Somebody's account at an identity provider: what it says of them. */
export interface ProviderAccount {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

/** A real OpenID provider on the loopback, at which whoever is told types their password. */
export interface IdentityProvider {
  readonly url: string
  /** Who signs in from now on, wherever a password is asked for. */
  typesHere(account: ProviderAccount): void
  /** How often a password was typed. */
  readonly typed: number
  close(): Promise<void>
}

/** Starts one. @param redirect the one address it sends people back to */
export async function startProvider(redirect: string): Promise<IdentityProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accounts = new Map<string, ProviderAccount>()
  let here: ProviderAccount | null = null
  let typed = 0

  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const configuration: Configuration = {
    clients: [{ client_id: 'leasehold', client_secret: 'only-for-tests', redirect_uris: [redirect] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ ...accounts.get(id), sub: id }) }),
    // Nobody is asked whether the client may know them.
    async loadExistingGrant({ oidc }) {
      if (!oidc.client || !oidc.session?.accountId) return undefined
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  }
  const provider = new Provider(url, configuration)
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next()
    if (!here) throw new Error('nobody was told to sign in')
    accounts.set(here.sub, here)
    typed++
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: here.sub } })
    ctx.respond = false
  })
  server.on('request', provider.callback())
  return {
    url,
    typesHere: (account) => {
      here = account
    },
    get typed() {
      return typed
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
