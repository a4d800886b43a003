import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { type Json, PATCH_OP } from '@/lib/scim/attributes'
import { connectScimClient } from '@/lib/services/scim-clients'
import { createLeaseWorld, type LeaseWorld, must } from './lease-world'

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string> | undefined> },
) => Promise<Response>
type Route = Partial<Record<string, Handler>>

const root = '/api/scim/v2'
/** The route modules by their address, as the file system has them. */
const routes: readonly [RegExp, () => Promise<unknown>][] = [
  [/^\/Users$/, () => import('@/app/api/scim/v2/Users/route')],
  [/^\/Users\/(?<id>[^/]+)$/, () => import('@/app/api/scim/v2/Users/[id]/route')],
  [/^\/Groups$/, () => import('@/app/api/scim/v2/Groups/route')],
  [/^\/Groups\/(?<id>[^/]+)$/, () => import('@/app/api/scim/v2/Groups/[id]/route')],
  [/^\/ServiceProviderConfig$/, () => import('@/app/api/scim/v2/ServiceProviderConfig/route')],
  [/^\/ResourceTypes$/, () => import('@/app/api/scim/v2/ResourceTypes/route')],
  [/^\/ResourceTypes\/(?<id>[^/]+)$/, () => import('@/app/api/scim/v2/ResourceTypes/[id]/route')],
  [/^\/Schemas$/, () => import('@/app/api/scim/v2/Schemas/route')],
  [/^\/Schemas\/(?<id>[^/]+)$/, () => import('@/app/api/scim/v2/Schemas/[id]/route')],
  [/^\/.*$/, () => import('@/app/api/scim/v2/[...rest]/route')],
]

/** What came back: the body parsed, where there was one. */
export interface ScimAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: what a foreign client would read of it
  readonly body: any
}

export interface ScimWorld extends LeaseWorld {
  /** Base address, over real HTTP. */
  readonly base: string
  readonly clientId: string
  readonly token: string
  /** A request as a client sends it; with this client's token unless another is given. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    more?: { token?: string | null; headers?: Record<string, string> },
  ): Promise<ScimAnswer>
  patch(path: string, ...operations: Json[]): Promise<ScimAnswer>
  /** Who did what with something: the newest entry's actor and verb. */
  last(subjectId: string): Promise<{ by: string | null; verb: string; data: Json }>
}

const shared = globalThis as { leaseholdDatabase?: LeaseWorld['database'] }

/** A lease world with a connected client named Okta, and the routes of the product behind a real HTTP server. */
export async function createScimWorld(): Promise<ScimWorld> {
  const world = await createLeaseWorld()
  shared.leaseholdDatabase = world.database
  const server = createServer((request, response) => void answered(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}${root}`
  const { clientId, token } = must(await connectScimClient(world.as(world.ines), { name: 'Okta' }))
  const ask: ScimWorld['ask'] = async (method, path, body, more = {}) => {
    const bearer = more.token === undefined ? token : more.token
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'Content-Type': 'application/scim+json' }),
        Accept: 'application/scim+json',
        ...more.headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
  }
  return {
    ...world,
    base,
    clientId,
    token,
    ask,
    patch: (path, ...operations) => ask('PATCH', path, { schemas: [PATCH_OP], Operations: operations }),
    async last(subjectId) {
      const entries = await world.db.query.timeline.findMany({
        where: eq(schema.timeline.subjectId, subjectId),
        orderBy: schema.timeline.version,
      })
      const entry = entries.at(-1)
      return { by: entry?.actorSystem ?? null, verb: entry?.verb ?? '', data: entry?.data ?? {} }
    },
    async close() {
      await closed(server)
      shared.leaseholdDatabase = undefined
      await world.close()
    },
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done) => server.close(() => done()))
}

/**
 * What Next.js does between the socket and a route: a `Request` in, a `Response` out, 405 for a method it lacks; an
 * address that ends with a slash is sent on to the one without.
 */
async function answered(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`)
  const path = url.pathname.slice(root.length)
  if (path.endsWith('/')) {
    outgoing.writeHead(308, { Location: `${url.pathname.slice(0, -1)}${url.search}` }).end()
    return
  }
  const [pattern, load] = routes.find(([each]) => each.test(path)) ?? routes.at(-1)!
  const handler = ((await load()) as Route)[incoming.method ?? 'GET']
  // An address without parameters has none at all, as in Next.js.
  const params = Promise.resolve(pattern.exec(path)?.groups)
  const body = incoming.method === 'GET' || incoming.method === 'DELETE' ? undefined : await bytes(incoming)
  const headers = new Headers(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const request = new Request(url, { method: incoming.method, headers, body })
  const response = handler ? await handler(request, { params }) : new Response(null, { status: 405 })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

async function bytes(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}
