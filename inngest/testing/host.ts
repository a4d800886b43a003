import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = (request: Request) => Promise<Response>

/** A web-standard handler behind a real local port. `url` has no trailing slash. */
export interface Host {
  readonly url: string
  close(): Promise<void>
}

/** Hosts a handler on a free port of this machine. */
export async function host(answer: Answer): Promise<Host> {
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, answer)
      .catch((error: unknown) => new Response(String(error), { status: 500 }))
      .then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers))
        outgoing.end(Buffer.from(await response.arrayBuffer()))
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

async function respond(incoming: IncomingMessage, answer: Answer): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks)
  return answer(new Request(`http://${incoming.headers.host}${incoming.url}`, { method, headers, body }))
}

/** Routes by method as Next.js does with a route module's exports. */
export function byMethod(route: Record<string, unknown>): Answer {
  return async (request) => {
    const handler = route[request.method]
    if (typeof handler !== 'function') return new Response('Method not allowed', { status: 405 })
    return handler(request)
  }
}
