/**
 * A system to give access in, for tests and measurements: an HTTP server in this process that
 * speaks the signed protocol, keeps state, writes a journal and misbehaves as told.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { MessageType } from '../webhook/protocol'
import { TargetState } from './target-state'

/** What goes wrong, for the next `times` calls (1 unless said) that fit `on` and `account`. */
export type Fault = { on?: MessageType | MessageType[]; account?: string; times?: number } & (
  | { kind: 'delay'; ms: number }
  /** The connection stays open without an answer; with `at: 'after'` the effect has happened. */
  | { kind: 'hang' | 'reset'; at: 'before' | 'after' }
  /** The answer begins and never ends: a space now and then. Nothing has happened. */
  | { kind: 'drip' }
  /** No answer; the effect waits for `land()`, or for `afterMs`. */
  | { kind: 'late'; afterMs?: number }
  | {
      kind: 'status'
      status: number
      body?: unknown
      headers?: Record<string, string>
      at?: 'before' | 'after'
    }
  /** 200 with something unreadable. */
  | { kind: 'rubbish'; text?: string; at?: 'before' | 'after' }
  /** 202 with a token; done at the poll after `polls` further 202s. */
  | { kind: 'pending'; polls: number }
)

/** One call as it came in; `status` is null when it was left without an answer. */
export interface JournalCall {
  at: Date
  id: string
  type: string
  data: Record<string, unknown>
  fault?: Fault['kind']
  status: number | null
}

export interface Target {
  url: string
  secret: string
  /** Accepted from now on beside the first. */
  acceptSecret: (secret: string) => void
  calls: JournalCall[]
  /** Accounts, entitlements and who holds what; its `effects` are the truth about access over time. */
  state: TargetState
  fault: (fault: Fault) => void
  /** Forgets the faults that are left: from now on it behaves. */
  clear: () => void
  /** Lets every late effect happen now. */
  land: () => void
  /** Resolves when `count` calls have come in since the start, answered or not. */
  received: (count: number) => Promise<void>
  close: () => Promise<void>
}

interface Reply {
  status: number
  body: unknown
  headers?: Record<string, string>
}

export const newSigningSecret = () => `whsec_${randomBytes(32).toString('base64')}`

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function verified(secrets: string[], headers: IncomingMessage['headers'], body: string): boolean {
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>)
      return true
    } catch {
      return false
    }
  })
}

/** Starts a target on a free loopback port. */
export async function startTarget(): Promise<Target> {
  const secret = newSigningSecret()
  const secrets = [secret]
  const calls: JournalCall[] = []
  const faults: Fault[] = []
  const state = new TargetState()
  const waiting: (() => void)[] = []
  const late: (() => void)[] = []
  const timers = new Set<NodeJS.Timeout>()

  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  function takeFault(type: string, account: string | undefined): Fault | undefined {
    const fits = (fault: Fault) =>
      (fault.on === undefined || [fault.on].flat().includes(type as MessageType)) &&
      (fault.account === undefined || fault.account === account)
    const index = faults.findIndex(fits)
    const fault = faults[index]
    if (!fault) return undefined
    if ((fault.times ?? 1) <= 1) faults.splice(index, 1)
    else faults[index] = { ...fault, times: (fault.times ?? 1) - 1 }
    return fault
  }

  function reply(response: ServerResponse, call: JournalCall, { status, body, headers }: Reply) {
    call.status = status
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }

  /** Every tenth of a second a little more of an answer, until the caller has enough of it. */
  function drip(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 100)
    timers.add(timer)
    response.once('close', () => {
      clearInterval(timer)
      timers.delete(timer)
    })
  }

  function misbehave(
    fault: Fault,
    act: () => Reply,
    answer: (reply: Reply) => void,
    response: ServerResponse,
  ) {
    if ('at' in fault && fault.at === 'after') act()
    switch (fault.kind) {
      case 'delay':
        return after(fault.ms, () => answer(act()))
      case 'reset':
        return void response.socket?.resetAndDestroy()
      case 'hang':
        return
      case 'drip':
        return drip(response)
      case 'late': {
        const land = () => void act()
        return fault.afterMs === undefined ? void late.push(land) : after(fault.afterMs, land)
      }
      case 'status':
        return answer({ status: fault.status, body: fault.body ?? {}, headers: fault.headers })
      case 'rubbish':
        return answer({ status: 200, body: fault.text ?? '<html>Welcome</html>' })
      case 'pending':
        return answer({ status: 202, body: state.defer(act, fault.polls) })
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const text = await bodyOf(request)
    const { type, data } = JSON.parse(text) as { type: string; data: Record<string, unknown> }
    const call: JournalCall = {
      at: new Date(),
      id: String(request.headers['webhook-id']),
      type,
      data,
      status: null,
    }
    calls.push(call)
    for (const wake of waiting.splice(0)) wake()
    const answer = (found: Reply) => reply(response, call, found)
    if (!verified(secrets, request.headers, text)) return answer({ status: 401, body: { error: 'auth' } })
    const fault = takeFault(type, (data.account as { id?: string } | undefined)?.id)
    const act = () => state.answer(type, data)
    if (!fault) return answer(act())
    call.fault = fault.kind
    misbehave(fault, act, answer, response)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/leasehold`,
    secret,
    acceptSecret: (another) => void secrets.push(another),
    calls,
    state,
    fault: (fault) => void faults.push(fault),
    clear: () => void faults.splice(0),
    land: () => {
      for (const act of late.splice(0)) act()
    },
    received: async (count) => {
      while (calls.length < count) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
