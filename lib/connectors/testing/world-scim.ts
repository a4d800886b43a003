import { randomUUID } from 'node:crypto'
import type { ConnectorConfig } from '../contract'
import { scimConnector } from '../scim'
import { type ScimManners, type ScimServer, startScimServer } from './scim-server'
import { startTokenEndpoint } from './token-endpoint'
import { type Person, pauseOf, type World } from './world'

export interface ScimWorld extends World {
  server: ScimServer
  /** The same connection by a bearer token; servers that misbehave have nothing else. */
  byToken: ConnectorConfig
}

/** When the bearer token says that it ends; milliseconds since the epoch. */
export const END_OF_BEARER = Date.UTC(2038, 0, 1)

/** A token that can be read like a signed one; whether it is taken is the server's own affair. */
function signedLooking(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS256' })}.${part(claims)}.${randomUUID()}`
}

/** A world behind a real SCIM server that is signed in to with tokens of a real token endpoint. */
export async function scimWorld(manners: ScimManners = 'good'): Promise<ScimWorld> {
  const endpoint = manners === 'good' ? await startTokenEndpoint() : null
  const bearer = signedLooking({ exp: END_OF_BEARER / 1000, jti: randomUUID() })
  let operator = ''
  const server = await startScimServer({
    manners,
    authenticate: async (authorization) => {
      const token = authorization.replace(/^Bearer /, '')
      if (token === bearer || (await endpoint?.knows(token))) return operator
      throw new Error('Who are you?')
    },
  })
  const { store } = server
  operator = store.addUser({ userName: 'leasehold-service' }).id
  // A page of members is never empty, so that "shows its members" can be seen.
  store.join(store.addGroup({ displayName: 'services' }).id, operator)

  const common = { baseUrl: server.url, matchBy: 'emails.value', provisioned: false, pageSize: 3 }
  const behaviour = { removal: 'path-filter', effectDelaySeconds: 0 }
  const byToken = { ...common, ...behaviour, auth: 'bearer-token', token: bearer, secretIn: 'body' }
  const { tokenUrl, secret = bearer, scope } = endpoint ?? {}
  const byClient = { auth: 'oauth-client', clientId: 'body', clientSecret: secret, tokenUrl, scope }
  const settings = endpoint ? { ...byToken, ...byClient, token: undefined } : byToken
  const wrong = `wrong+secret/${randomUUID()}`
  const closed = await startScimServer({ authenticate: async () => '' })
  await closed.close()

  return {
    against: 'a real server: scimmy, with oidc-provider as its token endpoint',
    server,
    connector: scimConnector as unknown as World['connector'],
    settings,
    byToken,
    identity: 'leasehold-service',
    wrongCredential: endpoint ? { ...settings, clientSecret: wrong } : { ...settings, token: wrong },
    unreachable: { ...settings, baseUrl: closed.url },
    canaries: [secret, wrong, bearer, encodeURIComponent(wrong)],
    morePerPage: 5,
    async addEntitlement(name = `group ${randomUUID()}`) {
      return { id: store.addGroup({ displayName: name }).id, name }
    },
    async addUnmanaged() {
      const name = `synced ${randomUUID()}`
      return { id: store.addGroup({ displayName: name, externalId: randomUUID() }).id, name }
    },
    async addPerson({ awkward } = {}): Promise<Person> {
      const userName = awkward ? `Zoë "Z" O'Neil; \\ ${randomUUID()}` : `person-${randomUUID()}`
      const email = awkward ? `"zoë\\"${randomUUID()}"@example.com` : `${randomUUID()}@example.com`
      const { id } = store.addUser({ userName, emails: [{ value: email, primary: true }] })
      return { person: { email, name: userName }, account: { id, name: userName, email } }
    },
    async addTwins() {
      const email = `${randomUUID()}@example.com`
      for (const one of ['one', 'two'])
        store.addUser({ userName: `${one}-${randomUUID()}`, emails: [{ value: email }] })
      return { email, name: 'Twin' }
    },
    async holdIndirectly(entitlement, account) {
      const { id, displayName } = store.addGroup({ displayName: `inner ${randomUUID()}` })
      store.join(id, account.id)
      store.join(entitlement.id, id, 'Group')
      return displayName
    },
    async holdDirectly(entitlement, accounts) {
      for (const { id } of accounts) store.join(entitlement.id, id)
    },
    removeAccount: async ({ id }) => store.removeUser(id),
    removeEntitlement: async ({ id }) => void store.groups.delete(id),
    renameEntitlement: async ({ id }, name) => {
      store.groups.get(id)!.displayName = name
    },
    holders: async ({ id }) => store.holders(id),
    async faulty(kind) {
      server.fault({ kind })
      const next = server.requests.length + 1
      return { settings, reached: () => server.received(next), landed: server.land }
    },
    async throttle(spelling) {
      server.fault({ kind: 'reply', status: 429, headers: { 'retry-after': pauseOf(spelling) } })
    },
    async close() {
      await server.close()
      await endpoint?.close()
    },
  }
}
