import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { exportJWK, importPKCS8 } from 'jose'
import Provider from 'oidc-provider'

/** A real OAuth token endpoint for client credentials, with one client of each kind: `basic`, `body` and `key`. */
export interface TokenEndpoint {
  tokenUrl: string
  /** Of the clients `basic` and `body`. */
  secret: string
  /** Of the client `key`: PKCS #8, key id `k1`, RS256. */
  privateKey: string
  /** The only scope it knows. */
  scope: string
  /** Whether it gave out this token and the token still holds. */
  knows: (token: string) => Promise<boolean>
  close: () => Promise<void>
}

const scope = 'groups.manage'

/** Starts one on a free loopback port. */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const secret = 'a secret+with/odd=characters&more'
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { kty, n, e } = await exportJWK(await importPKCS8(pem, 'RS256', { extractable: true }))
  const base = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  } as const
  const provider = new Provider('http://127.0.0.1', {
    clients: [
      {
        ...base,
        client_id: 'basic',
        client_secret: secret,
        token_endpoint_auth_method: 'client_secret_basic',
      },
      { ...base, client_id: 'body', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
      {
        ...base,
        client_id: 'key',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty, n, e, kid: 'k1', alg: 'RS256', use: 'sig' }] },
      },
    ] as never,
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    scopes: [scope],
    ttl: { ClientCredentials: 600 },
    // It does not know its own port when it is made, so the audience is not judged.
    assertJwtClientAuthClaimsAndHeader: async () => {},
  })
  const server = provider.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    tokenUrl: `http://127.0.0.1:${port}/token`,
    secret,
    privateKey: pem,
    scope,
    knows: async (token) => (await provider.ClientCredentials.find(token)) !== undefined,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
