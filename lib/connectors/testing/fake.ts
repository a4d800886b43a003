/**
 * A vendor's HTTP API with state of its own, for tests: whoever writes one says what each request does; faults,
 * credentials, the journal and the check of every request against the vendor's contract are the same for all.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  method: string
  /** Without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** Parsed JSON or form; undefined where there is none. */
  body: unknown
  /** As it came in. */
  text: string
}

export interface FakeReply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** What goes wrong with the next request that fits. */
export type FakeFault = { fits?: (request: FakeRequest) => boolean } & (
  | { kind: 'lose' | 'cut' | 'late' | 'hang' }
  | { kind: 'reply'; reply: FakeReply; effect?: boolean }
)

export interface FakeOptions {
  /** The vendor's behaviour; called once a request is to have its effect. */
  answer: (request: FakeRequest) => FakeReply
  /** Whether the request changes access: what a fault without `fits` waits for, unless it only hangs. */
  isChange: (request: FakeRequest) => boolean
  /** What takes a promise and has to be known before `answer` is asked, such as a signature. */
  prepare?: (request: FakeRequest) => Promise<void>
  /** Requests that no fault falls on and no contract knows, such as the token endpoint's. */
  isAside?: (request: FakeRequest) => boolean
  /** What is wrong with a request, or with the reply to it, by the vendor's contract; null when nothing is. */
  validate?: (request: FakeRequest, reply: FakeReply | null) => string | null
}

export interface Fake {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  url: string
  requests: FakeRequest[]
  /** Where requests or replies are not what the vendor's contract says. Must be empty at the end. */
  problems: string[]
  fault: (fault: FakeFault) => void
  /** Lets every late effect happen now. */
  land: () => void
  /** Resolves when `count` requests that are not aside have come in since the start, answered or not. */
  received: (count: number) => Promise<void>
  /** How many have come in that are not aside. */
  count: () => number
  close: () => Promise<void>
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function bodyOf(text: string, type: string): unknown {
  if (text === '') return undefined
  if (type.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  return JSON.parse(text)
}

/** Starts a fake on a free loopback port. */
export async function startFake(options: FakeOptions): Promise<Fake> {
  const { answer, isChange, isAside = () => false, validate = () => null } = options
  const requests: FakeRequest[] = []
  const problems: string[] = []
  const faults: FakeFault[] = []
  const late: (() => void)[] = []
  const waiting: (() => void)[] = []
  let counted = 0

  const act = (request: FakeRequest): FakeReply => {
    const problem = validate(request, null)
    if (problem) {
      problems.push(`${request.method} ${request.path}: ${problem}`)
      return { status: 400, body: { message: problem } }
    }
    const reply = answer(request)
    const wrong = validate(request, reply)
    if (wrong) problems.push(`reply ${reply.status} to ${request.method} ${request.path}: ${wrong}`)
    return reply
  }

  const fits = (fault: FakeFault, request: FakeRequest) =>
    fault.fits ? fault.fits(request) : fault.kind === 'hang' || fault.kind === 'reply' || isChange(request)

  function takeFault(request: FakeRequest): FakeFault | undefined {
    const index = faults.findIndex((fault) => fits(fault, request))
    return index < 0 ? undefined : faults.splice(index, 1)[0]
  }

  function write(response: ServerResponse, { status, body, headers }: FakeReply) {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, {
      ...(text ? { 'content-type': 'application/json' } : {}),
      ...headers,
    })
    response.end(text)
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse) {
    const text = await textOf(incoming)
    const url = new URL(incoming.url ?? '/', 'http://fake')
    const request: FakeRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: bodyOf(text, incoming.headers['content-type'] ?? ''),
      text,
    }
    await options.prepare?.(request)
    if (isAside(request)) return write(response, answer(request))
    requests.push(request)
    counted += 1
    for (const wake of waiting.splice(0)) wake()
    const fault = takeFault(request)
    if (!fault) return write(response, act(request))
    switch (fault.kind) {
      case 'hang':
        return
      case 'lose':
        return void act(request)
      case 'cut':
        act(request)
        return incoming.socket.resetAndDestroy()
      case 'late':
        return void late.push(() => act(request))
      case 'reply':
        if (fault.effect) act(request)
        return write(response, fault.reply)
    }
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      problems.push(`the fake failed: ${error instanceof Error ? error.stack : String(error)}`)
      incoming.socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    problems,
    fault: (fault) => void faults.push(fault),
    land: () => {
      for (const happen of late.splice(0)) happen()
    },
    received: async (count) => {
      while (counted < count) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    count: () => counted,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
