import 'server-only'
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import ipaddr from 'ipaddr.js'
import {
  Attribute,
  BerWriter as Ber,
  type BerWriter,
  Change,
  Client,
  Control,
  type Entry,
  type Filter,
} from 'ldapts'
import { type ConnectorContext, ConnectorError } from '../contract'
import type { LdapConfig } from './config'
import { binaryAttributes } from './entries'
import { type Progress, resultCode, troubleOf } from './trouble'

export type Ctx = ConnectorContext<LdapConfig>

/** What one call may receive in all; far more than any group, far less than memory. */
const MAX_BYTES = 64 * 1024 * 1024
/** Entries per page of a long search; Active Directory refuses more than 1,000. */
const PAGE = 500

/** Lets a change happen only while the entry at that name still is the one that was meant (RFC 4528). */
class AssertionControl extends Control {
  readonly #filter: Filter

  constructor(filter: Filter) {
    super('1.3.6.1.1.12')
    this.#filter = filter
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new Ber()
    this.#filter.write(value)
    writer.writeBuffer(value.buffer, 0x04)
  }
}

interface Search {
  filter: Filter
  attributes: string[]
  /** `base`: the entry itself; `sub`, the default: everything under it, page by page. */
  scope?: 'base' | 'sub'
  /** As many as are wanted at most; then the rest is not asked for. */
  atMost?: number
}

export interface MemberChange {
  operation: 'add' | 'delete'
  value: string
}

/** One signed-in connection to the directory. */
export class Directory {
  readonly config: LdapConfig
  readonly log: Ctx['log']
  readonly progress: Progress = { changing: false }
  readonly #ctx: Ctx
  #socket: Socket | undefined
  #client: Client | undefined

  constructor(ctx: Ctx) {
    this.#ctx = ctx
    this.config = ctx.config
    this.log = ctx.log
  }

  /** Reaches the server by a judged address and encrypts; nothing is said about who we are yet. */
  async reach(): Promise<void> {
    const { host, port, encryption } = this.config
    const plain = await this.#ctx.connect({ host, port })
    this.#socket = plain
    if (encryption === 'none' && !isLoopback(plain)) {
      throw new ConnectorError(
        'misconfigured',
        `${host} is not on this machine, so the connection has to be encrypted: choose ldaps or starttls.`,
      )
    }
    const socket = encryption === 'ldaps' ? await secured(plain, this.#tlsOptions()) : plain
    this.#hold(socket)
    this.#client = new Client({
      url: 'ldap://given-socket',
      createConnection: () => socket,
      createSecureConnection: ((options: ConnectionOptions) => {
        const upgraded = connectTls(options)
        this.#hold(upgraded)
        return upgraded
      }) as typeof connectTls,
    })
    if (encryption === 'starttls') await this.#startTls(this.#client)
  }

  async signIn(): Promise<void> {
    await this.#live().bind(this.config.bindDn, this.config.password)
  }

  /** The protocol's name, such as TLSv1.3; null when the connection is not encrypted. */
  get encryption(): string | null {
    return this.#socket && 'getProtocol' in this.#socket ? (this.#socket as TLSSocket).getProtocol() : null
  }

  async search(base: string, { filter, attributes, scope = 'sub', atMost }: Search): Promise<Entry[]> {
    const found = await this.#live().search(base, {
      filter,
      scope,
      attributes,
      explicitBufferAttributes: binaryAttributes,
      ...(scope === 'base' ? {} : atMost ? { sizeLimit: atMost } : { paged: { pageSize: PAGE } }),
    })
    return found.searchEntries
  }

  /** The entry of that name, or null where there is none we may see. */
  async entry(dn: string, search: Omit<Search, 'scope'>): Promise<Entry | null> {
    try {
      return (await this.search(dn, { ...search, scope: 'base' }))[0] ?? null
    } catch (error) {
      if (resultCode(error) === 32) return null
      throw error
    }
  }

  compare(dn: string, attribute: string, value: string): Promise<boolean> {
    return this.#live().compare(dn, attribute, value)
  }

  /** Whom the directory takes us for (RFC 4532), such as `dn:cn=…` or `u:DOMAIN\name`; null where it does not tell. */
  async whoAmI(): Promise<string | null> {
    const { value } = await this.#live().exop('1.3.6.1.4.1.4203.1.11.3')
    return value || null
  }

  /** One change of a group's members: all of it or nothing. `only` is what the entry has to match still. */
  async changeMembers(dn: string, changes: MemberChange[], only?: Filter): Promise<void> {
    const type = this.config.memberAttribute
    const list = changes.map(
      ({ operation, value }) =>
        new Change({ operation, modification: new Attribute({ type, values: [value] }) }),
    )
    this.progress.changing = true
    try {
      await this.#live().modify(dn, list, only ? new AssertionControl(only) : undefined)
    } catch (error) {
      // An answer, even a refusal, ends the not knowing; what is ambiguous still is told by its code.
      if (resultCode(error) !== undefined && ![80, 85].includes(resultCode(error)!))
        this.progress.changing = false
      throw error
    }
    this.progress.changing = false
  }

  cut(): void {
    this.#socket?.destroy()
  }

  async close(): Promise<void> {
    await this.#client?.unbind().catch(() => {})
    this.cut()
  }

  /** The driver, as long as it has its connection: without one it would make another by itself. */
  #live(): Client {
    if (this.#client && this.#socket?.readyState === 'open') return this.#client
    throw Object.assign(new Error('The connection is closed.'), { code: 'ECONNRESET' })
  }

  async #startTls(client: Client): Promise<void> {
    try {
      await client.startTLS(this.#tlsOptions())
    } catch (error) {
      if (resultCode(error) === undefined) throw error
      throw new ConnectorError(
        'misconfigured',
        `${this.config.host} does not offer encryption by STARTTLS (${resultCode(error)}).`,
      )
    }
  }

  #tlsOptions(): ConnectionOptions {
    const { host, caCertificate } = this.config
    return {
      rejectUnauthorized: true,
      // Names only: an address may not be asked for by SNI, and is checked all the same.
      ...(isIP(host) ? {} : { servername: host }),
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
      ...(caCertificate ? { ca: caCertificate } : {}),
    }
  }

  #hold(socket: Socket): void {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', () => {
      if (socket.bytesRead > MAX_BYTES) socket.destroy(new Error('The answer is too large.'))
    })
  }
}

const isLoopback = ({ remoteAddress }: Socket) =>
  remoteAddress !== undefined && ipaddr.process(remoteAddress).range() === 'loopback'

function secured(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const encrypted = connectTls({ ...options, socket })
    encrypted.once('error', reject)
    encrypted.once('secureConnect', () => {
      encrypted.off('error', reject)
      resolve(encrypted)
    })
  })
}

/** One short connection for one call; closed, or cut off when the call is stopped. */
export async function withDirectory<Result>(
  ctx: Ctx,
  work: (directory: Directory) => Promise<Result>,
): Promise<Result> {
  return withReached(ctx, async (directory) => {
    await directory.reach()
    await directory.signIn()
    return work(directory)
  })
}

/** The same for work that connects and signs in by itself. */
export async function withReached<Result>(
  ctx: Ctx,
  work: (directory: Directory) => Promise<Result>,
): Promise<Result> {
  ctx.signal.throwIfAborted()
  const directory = new Directory(ctx)
  const cut = () => directory.cut()
  ctx.signal.addEventListener('abort', cut, { once: true })
  try {
    return await work(directory)
  } catch (error) {
    throw troubleOf(error, ctx.config, directory.progress)
  } finally {
    ctx.signal.removeEventListener('abort', cut)
    await directory.close()
  }
}
