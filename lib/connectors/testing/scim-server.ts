/**
 * A real SCIM server, `scimmy` behind express, over a store in memory. Around it, and never inside it: versions of
 * groups, faults as in `fake.ts`, and the ways in which servers of this kind are known to misbehave.
 */
import { createServer, type IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Request, type Response } from 'express'
import SCIMMY from 'scimmy'
import { SCIMMYRouters } from 'scimmy-routers'
import { ScimStore, type StoredGroup } from './scim-store'

/**
 * - `good`: repeats count once, versions are offered and kept to (412).
 * - `wiping`: adds repeat a member, and a removal by path filter takes everybody.
 * - `late`: changes are answered at once and happen at `land()`; no versions; any `count` is 5; totals are wrong.
 * - `strict`: 404 for removing whoever is no member, 409 for adding whoever is one, 204 for changes, no filters.
 */
export type ScimManners = 'good' | 'wiping' | 'late' | 'strict'

export interface ScimRequest {
  method: string
  /** Below the base address, without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: unknown
}

export type ScimFault = { fits?: (request: ScimRequest) => boolean } & (
  | { kind: 'lose' | 'cut' | 'late' | 'hang' }
  | { kind: 'reply'; status: number; body?: unknown; headers?: Record<string, string>; effect?: boolean }
  /** Something else happens between the request's arrival and its effect. */
  | { kind: 'meanwhile'; act: () => void }
)

export interface ScimServer {
  /** The base address. */
  url: string
  store: ScimStore
  requests: ScimRequest[]
  fault: (fault: ScimFault) => void
  /** Lets every late effect happen now; resolves when all that was asked for is done. */
  land: () => Promise<void>
  received: (count: number) => Promise<void>
  close: () => Promise<void>
}

export interface ScimServerOptions {
  manners?: ScimManners
  /** Whether a request's credential is taken; gives the id of the user whose it is. @throws where it is not */
  authenticate: (authorization: string) => Promise<string>
}

const isChange = ({ method }: ScimRequest) => method === 'PATCH' || method === 'PUT'
const { User, Group } = SCIMMY.Resources

/** Once per process: who is asked about is told by the context of each request. */
let declared = false
function declare(): void {
  if (declared) return
  declared = true
  const missing = (id?: string) => new SCIMMY.Types.Error(404, '', `Resource ${id} not found`)
  const found = <T>(item: T | undefined, id?: string): T => {
    if (item) return item
    throw missing(id)
  }
  /** The store's shapes are those of the schema; its types are stricter about methods nobody calls. */
  const answered = (stored: object) => stored as never
  SCIMMY.Resources.declare(User)
    .egress((resource, store: ScimStore) =>
      answered(
        resource.id
          ? found(store.user(resource.id), resource.id)
          : store.matching(store.allUsers(), resource.filter),
      ),
    )
    .ingress((resource) => Promise.reject(missing(resource.id)))
  SCIMMY.Resources.declare(Group)
    .egress((resource, store: ScimStore) =>
      answered(
        resource.id ? found(store.group(resource.id), resource.id) : store.matchingGroups(resource.filter),
      ),
    )
    .ingress((resource, instance, store: ScimStore) => {
      const group = found(store.groups.get(resource.id ?? ''), resource.id)
      const { displayName, externalId, members } = instance as unknown as StoredGroup
      store.replace(group, { displayName, externalId, members })
      return answered(store.group(group.id)!)
    })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const scimError = (status: number, scimType?: string, detail?: string) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: String(status),
  ...(scimType ? { scimType } : {}),
  ...(detail ? { detail } : {}),
})

/** The id of a group that the request is about. */
const groupIdOf = (path: string) => /^\/Groups\/([^/]+)$/.exec(path)?.[1]

/** Starts one on a free loopback port. */
export async function startScimServer({
  manners = 'good',
  authenticate,
}: ScimServerOptions): Promise<ScimServer> {
  declare()
  const store = new ScimStore({ repeats: manners === 'wiping' })
  const requests: ScimRequest[] = []
  const faults: ScimFault[] = []
  const late: (() => Promise<void>)[] = []
  const running = new Set<Promise<void>>()
  const waiting: (() => void)[] = []

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use('/scim/v2', async (request, response, next) => {
    // Express 5 parses the query anew at each look, and what the routers write into it would be lost.
    Object.defineProperty(request, 'query', { value: { ...request.query }, writable: true })
    const known = await isKnown(request.headers.authorization)
    if (!known || !misbehaves(request, response)) next()
  })
  const handler = (request: Request) => authenticate(request.headers.authorization ?? '')
  app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler, context: () => store }))

  const isKnown = (authorization = '') =>
    authenticate(authorization).then(
      () => true,
      () => false,
    )

  /** What these manners do before the server itself sees the request. @returns whether it is answered already */
  function misbehaves(request: Request, response: Response): boolean {
    const group = store.groups.get(groupIdOf(request.path) ?? '')
    const operation = (request.body as { Operations?: Operation[] } | undefined)?.Operations?.[0]
    const changes = request.method === 'PATCH' || request.method === 'PUT'
    const answer = (status: number, scimType?: string) => {
      response.status(status).type('application/scim+json').send(scimError(status, scimType))
      return true
    }
    if (manners === 'good' && group) {
      if (
        changes &&
        request.headers['if-match'] !== undefined &&
        request.headers['if-match'] !== group.version
      )
        return answer(412)
      response.setHeader('etag', group.version)
    }
    if (!store.tellsMembers && typeof request.query.filter === 'string')
      // Servers that keep the list back answer about one member by the attribute itself.
      request.query.filter = request.query.filter.replace('members eq', 'members.value eq')
    if (manners === 'wiping' && operation?.op === 'remove') operation.path = 'members'
    if (manners === 'late' && request.method === 'GET') {
      const { query } = request as unknown as { query: Record<string, unknown> }
      if ('count' in query) query.count = '5'
      lie(response)
    }
    if (manners === 'strict') {
      if ('filter' in request.query) return answer(400, 'invalidFilter')
      if (group && operation) {
        const held = group.members.some((one) => one.value === idOf(operation))
        if (operation.op === 'remove' && !held) return answer(404)
        if (operation.op === 'add' && held) return answer(409, 'uniqueness')
      }
      if (changes) silent(response)
    }
    return false
  }

  const act = (incoming: IncomingMessage, response: ServerResponse) =>
    new Promise<void>((resolve) => {
      const { end } = response
      response.end = ((...args: Parameters<typeof end>) => {
        resolve()
        return end.apply(response, args)
      }) as typeof end
      app(incoming as Request, response as Response)
    })

  function track(work: Promise<void>): void {
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  function write(response: ServerResponse, status: number, body?: unknown, headers?: Record<string, string>) {
    response.writeHead(status, { 'content-type': 'application/scim+json', ...headers })
    response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse) {
    const text = await textOf(incoming)
    const url = new URL(incoming.url ?? '/', 'http://scim')
    const body = text === '' ? undefined : JSON.parse(text)
    const path = url.pathname.replace(/^\/scim\/v2/, '')
    const { method = 'GET', headers } = incoming
    const request: ScimRequest = { method, path, query: url.searchParams, headers, body }
    Object.assign(incoming, { body })
    requests.push({ ...request, body: structuredClone(body) })
    for (const wake of waiting.splice(0)) wake()
    const fits = (fault: ScimFault) =>
      fault.fits ? fault.fits(request) : fault.kind === 'hang' || fault.kind === 'reply' || isChange(request)
    const index = faults.findIndex(fits)
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]
    if (!fault && manners === 'late' && isChange(request) && (await isKnown(headers.authorization))) {
      late.push(() => act(incoming, nowhere(incoming)))
      return response.writeHead(204).end()
    }
    switch (fault?.kind) {
      case 'hang':
        return
      case 'lose':
        return track(act(incoming, nowhere(incoming)))
      case 'cut':
        return track(act(incoming, nowhere(incoming)).then(() => void incoming.socket.resetAndDestroy()))
      case 'late':
        return void late.push(() => act(incoming, nowhere(incoming)))
      case 'reply':
        if (fault.effect) await act(incoming, nowhere(incoming))
        return write(response, fault.status, fault.body, fault.headers)
      case 'meanwhile':
        fault.act()
    }
    track(act(incoming, response))
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/scim/v2`,
    store,
    requests,
    fault: (fault) => void faults.push(fault),
    land: async () => {
      for (const happen of late.splice(0)) await happen()
      await Promise.all(running)
    },
    received: async (count) => {
      while (requests.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

interface Operation {
  op: string
  path: string
  value?: { value: string }[]
}

const idOf = ({ path, value }: Operation) =>
  value?.[0]?.value ?? (JSON.parse(/ eq (".*")\]$/.exec(path)?.[1] ?? '""') as string)

/** A response that no socket is behind: whoever asked hears nothing of it. */
const nowhere = (incoming: IncomingMessage) => new ServerResponse(incoming)

/** Totals that are wrong, whatever is listed. */
function lie(response: Response): void {
  const { send } = response
  response.send = ((body: unknown) => {
    const list = body as { Resources?: unknown[]; totalResults?: number } | undefined
    if (list && Array.isArray(list.Resources)) list.totalResults = list.Resources.length
    return send.call(response, body)
  }) as typeof send
}

/** Changes are answered without a body. */
function silent(response: Response): void {
  const { send } = response
  response.send = ((body: unknown) => {
    if (response.statusCode === 200 && body !== undefined) {
      response.status(204)
      return response.end()
    }
    return send.call(response, body)
  }) as typeof send
}
