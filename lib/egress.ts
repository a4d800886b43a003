/**
 * The only way out to addresses that people configure. Every connection is judged by the address
 * it really goes to, at the socket, so neither a DNS answer nor a redirect can lead inside.
 */
import 'server-only'
import { lookup as dnsLookup } from 'node:dns'
import net from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'

const MAX_RESPONSE_BYTES = 1024 * 1024
const CONNECT_TIMEOUT_MS = 10_000

/** Why a connection or an answer was refused by us; nothing was sent for `refused` and `insecure`. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly kind: 'refused' | 'insecure' | 'redirect' | 'too_large'

  constructor(kind: EgressError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/** Doors to the outside world under one allow list. Make one per process and keep it. */
export interface Egress {
  fetch: typeof globalThis.fetch
  /** A connected TCP socket; rejects with {@link EgressError} or the system's error. */
  connect: (address: { host: string; port: number; signal?: AbortSignal }) => Promise<net.Socket>
  /** Closes kept-alive connections. */
  close: () => Promise<void>
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
interface AllowList {
  loopback: boolean
  ranges: [Address, number][]
  hosts: Set<string>
}

/**
 * Reads an allow list: `loopback`, an address, a range (`10.1.0.0/16`), or a host name. A host name
 * opens private ranges for that name only; loopback and link-local addresses (where clouds keep
 * their metadata services) are opened by `loopback` or a range, never by a name.
 * @throws Error naming the entry that cannot be read.
 */
export function parseEgressAllow(entries: readonly string[]): AllowList {
  const list: AllowList = { loopback: false, ranges: [], hosts: new Set() }
  for (const raw of entries) {
    const entry = raw.trim().toLowerCase()
    if (entry === '') continue
    if (entry === 'loopback') list.loopback = true
    else if (ipaddr.isValidCIDR(entry)) list.ranges.push(ipaddr.parseCIDR(entry))
    else if (net.isIP(entry)) {
      const address = ipaddr.parse(entry)
      list.ranges.push([address, address.kind() === 'ipv4' ? 32 : 128])
    } else if (/^(?!.*\.\.)(?=.*[a-z])[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/.test(entry)) list.hosts.add(entry)
    else throw new Error(`Egress allow list: "${raw}" is neither a host, an address, a range nor "loopback".`)
  }
  return list
}

/** Why `address` may not be reached under this list, or null when it may. */
export function refusalOf(host: string, address: string, allow: AllowList): string | null {
  if (!ipaddr.isValid(address)) return `${host} has no readable address.`
  const ip = ipaddr.process(address) // unwraps IPv4-mapped IPv6
  if (allow.ranges.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits))) return null
  if (ip instanceof ipaddr.IPv6 && carriesIPv4(ip)) return `${host} is at ${ip}, which hides an IPv4 address.`
  const range = ip.range()
  if (range === 'unicast') return null
  if (range === 'loopback') return allow.loopback ? null : `${host} is on this machine (${ip}).`
  const isPrivate = range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat'
  if (isPrivate && allow.hosts.has(host.toLowerCase())) return null
  return `${host} is at ${ip}, which is not a public address (${range}).`
}

/**
 * Old ways to write an IPv4 address inside a public IPv6 one, which a tunnel of the machine may still follow:
 * `::a.b.c.d` (RFC 4291 2.5.5.1) and ISATAP's `…:0:5efe:a.b.c.d` (RFC 5214 6.1). Mapped addresses, 6to4, Teredo and
 * NAT64 have ranges of their own and are refused by those.
 */
function carriesIPv4({ parts }: ipaddr.IPv6): boolean {
  const compatible = parts.slice(0, 6).every((part) => part === 0) && (parts[6] ?? 0) !== 0
  return compatible || ((parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe)
}

const isLoopback = (address: string) => ipaddr.process(address).range() === 'loopback'

type Judge = (host: string, address: string) => EgressError | null

function judgeFor(allow: AllowList, plaintext: boolean): Judge {
  return (host, address) => {
    const reason = refusalOf(host, address, allow)
    if (reason) {
      return new EgressError('refused', `${reason} The operator of this installation can allow it.`)
    }
    return plaintext && !isLoopback(address)
      ? new EgressError('insecure', `${host} was asked for without https, which is refused.`)
      : null
  }
}

/** A `lookup` that hands on only addresses the judge lets through. */
function guardedLookup(judge: Judge, dns: typeof dnsLookup): net.LookupFunction {
  return (hostname, options, callback) => {
    dns(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const permitted = found.filter(({ address }) => judge(hostname, address) === null)
      const first = permitted[0]
      if (!first) return callback(judge(hostname, found[0]?.address ?? '') ?? new Error('No address'), [])
      if (options.all) return callback(null, permitted)
      callback(null, first.address, first.family)
    })
  }
}

function agentFor(allow: AllowList, dns: typeof dnsLookup): Agent {
  const doorOf = (judge: Judge) => ({
    judge,
    connect: buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(judge, dns) }),
  })
  const encrypted = doorOf(judgeFor(allow, false))
  const plain = doorOf(judgeFor(allow, true))
  return new Agent({
    maxResponseSize: MAX_RESPONSE_BYTES,
    connect: (options, callback) => {
      const { judge, connect } = options.protocol === 'https:' ? encrypted : plain
      // A literal address never passes through a lookup.
      const refusal = net.isIP(options.hostname) ? judge(options.hostname, options.hostname) : null
      if (refusal) callback(refusal, null)
      else connect(options, callback)
    },
  })
}

/** Reads a body up to the cap; counted after decompression, which the agent's own cap is not. */
async function readCapped(
  response: Awaited<ReturnType<typeof undiciFetch>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_RESPONSE_BYTES) {
      throw new EgressError('too_large', `The answer is larger than ${MAX_RESPONSE_BYTES / 1024} KB.`)
    }
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** Our own refusals arrive wrapped by the HTTP client. */
function unwrapped(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof EgressError) return cause
  if (cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new EgressError('too_large', `The answer is larger than ${MAX_RESPONSE_BYTES / 1024} KB.`)
  }
  return error
}

function guardedFetch(agent: Agent): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw new EgressError('insecure', `Only https addresses can be asked, not ${url.protocol}//.`)
    }
    if (url.username || url.password) {
      throw new EgressError(
        'refused',
        `${url.host} was asked for with a name before the @, which is refused.`,
      )
    }
    if (input instanceof Request) throw new TypeError('Pass an address and options, not a Request.')
    try {
      const response = await undiciFetch(url, {
        ...(init as Parameters<typeof undiciFetch>[1]),
        redirect: 'manual',
        dispatcher: agent,
      })
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel()
        throw new EgressError('redirect', `${url.host} answered with a redirect, which is not followed.`)
      }
      const body = await readCapped(response)
      const bodyless = [204, 205, 304].includes(response.status)
      return new Response(bodyless ? null : body, {
        status: response.status,
        statusText: response.statusText,
        headers: [...response.headers],
      })
    } catch (error) {
      throw unwrapped(error)
    }
  }
}

function guardedConnect(allow: AllowList, dns: typeof dnsLookup): Egress['connect'] {
  const judge = judgeFor(allow, false)
  return ({ host, port, signal }) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const refusal = net.isIP(host) ? judge(host, host) : null
      if (refusal) return reject(refusal)
      const socket = net.connect({
        host,
        port,
        lookup: guardedLookup(judge, dns),
        timeout: CONNECT_TIMEOUT_MS,
      })
      const fail = (error: Error) => {
        socket.destroy()
        reject(error)
      }
      const stop = () => fail(signal?.reason instanceof Error ? signal.reason : new Error('Aborted'))
      const late = () =>
        fail(Object.assign(new Error(`${host}:${port} did not answer in time.`), { code: 'ETIMEDOUT' }))
      signal?.addEventListener('abort', stop, { once: true })
      socket.once('error', fail)
      socket.once('timeout', late)
      socket.once('close', () => signal?.removeEventListener('abort', stop))
      socket.once('connect', () => {
        socket.setTimeout(0)
        socket.off('error', fail)
        socket.off('timeout', late)
        signal?.removeEventListener('abort', stop)
        resolve(socket)
      })
    })
}

/**
 * Doors that reach public addresses, and beyond them only what `allow` names (see
 * {@link parseEgressAllow}). Without https only loopback can be asked, and only when allowed.
 * @param dns who is asked for the addresses of a name
 */
export function createEgress(allow: readonly string[], dns = dnsLookup): Egress {
  const list = parseEgressAllow(allow)
  const agent = agentFor(list, dns)
  return { fetch: guardedFetch(agent), connect: guardedConnect(list, dns), close: () => agent.destroy() }
}
