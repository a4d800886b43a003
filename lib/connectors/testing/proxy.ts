/** A TCP proxy before a server that loses, holds or cuts off at the moment of the commit. */
import net, { type AddressInfo } from 'node:net'

/**
 * `pass`: nothing. `hang`: nothing is ever forwarded. `lose`: the commit goes through, its answer
 * does not. `cut`: the commit goes through, then the client's connection is reset. `hold`: the
 * commit waits for `release()`.
 */
export type ProxyMode = 'pass' | 'hang' | 'lose' | 'cut' | 'hold'

export interface CommitProxy {
  port: number
  mode: ProxyMode
  /** How many connections came in. */
  connections: number
  /** Lets held commits through; resolves when the server has answered them. */
  release: () => Promise<void>
  /** Resolves when a client has sent something. */
  reached: Promise<void>
  /** Resolves when the server has answered a commit that went through. */
  committed: Promise<void>
  close: () => Promise<void>
}

const commitsOfPostgres = (chunk: Buffer) => chunk.includes('commit')

/** `isCommit` recognises what a client sends to commit; PostgreSQL's unless given. */
export async function startProxy(
  to: { host: string; port: number },
  isCommit: (chunk: Buffer) => boolean = commitsOfPostgres,
): Promise<CommitProxy> {
  const sockets = new Set<net.Socket>()
  const held: (() => void)[] = []
  let announce: () => void = () => {}
  const committed = new Promise<void>((resolve) => {
    announce = resolve
  })

  let arrive: () => void = () => {}
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })

  const server = net.createServer((client) => {
    const { mode } = proxy
    proxy.connections += 1
    const upstream = net.connect(to)
    let committing = false
    const backlog: Buffer[] = []
    let holding = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('data', (chunk) => {
      arrive()
      if (mode === 'hang') return
      if (!committing && isCommit(chunk)) {
        committing = true
        holding = mode === 'hold'
        if (holding) {
          held.push(() => {
            holding = false
            for (const waiting of backlog.splice(0)) upstream.write(waiting)
          })
        }
      }
      if (holding) backlog.push(chunk)
      else upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (committing) announce()
      if (committing && mode === 'cut') client.resetAndDestroy()
      if (committing && mode !== 'pass') return
      if (!client.destroyed) client.write(chunk)
    })
    // The server must not learn that the client is gone before a held commit is through.
    client.on('close', () => {
      if (!holding) upstream.end()
    })
    upstream.on('close', () => {
      if (!committing || mode === 'pass') client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const proxy: CommitProxy = {
    port: (server.address() as AddressInfo).port,
    mode: 'pass',
    connections: 0,
    release: async () => {
      for (const go of held.splice(0)) go()
      await committed
    },
    reached,
    committed,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  return proxy
}
