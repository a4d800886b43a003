import { once } from 'node:events'
import Provider from 'oidc-provider'
import { cast, emailOf } from '../seed/people.mjs'

/**
 * An OpenID provider for the browser stories. One signs in with the key of a seeded person ("ana") and any
 * password; a name it does not know is a person of another company, who has no business here.
 * @param {{ url: string, port: number, redirect: string, clientId: string, clientSecret: string }} options
 * @returns {Promise<() => void>} closes it
 */
export async function startIdentityProvider({ url, port, redirect, clientId, clientSecret }) {
  const provider = new Provider(url, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    cookies: { keys: ['only for the browser stories'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: async () => claimsOf(id) }),
  })
  const server = provider.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return () => server.close()
}

function claimsOf(id) {
  const person = cast.find(({ key }) => key === id)
  return {
    sub: id,
    email: person ? emailOf(id) : `${id}@elsewhere.example`,
    email_verified: true,
    name: person?.name ?? id,
    groups: id === 'mei' ? ['Platform leads'] : undefined,
  }
}
