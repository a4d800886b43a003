import { createServer } from 'node:net'

/**
 * Whether a TCP port can be listened on. Both families are tried, as Next.js listens on all addresses.
 * @param {number} port
 * @param {string[]} hosts
 */
export async function isFree(port, hosts = ['0.0.0.0', '::']) {
  for (const host of hosts) {
    const code = await tryListen(port, host).then(
      () => undefined,
      (error) => error.code,
    )
    // A machine without IPv6 answers EAFNOSUPPORT or EADDRNOTAVAIL, which says nothing about the port.
    if (code === 'EADDRINUSE' || code === 'EACCES') return false
  }
  return true
}

/** `preferred` when it is free on the loopback address, else any free port. */
export async function loopbackPort(preferred) {
  try {
    return await tryListen(preferred, '127.0.0.1')
  } catch {
    return await tryListen(0, '127.0.0.1')
  }
}

function tryListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true, ipv6Only: host === '::' }, () => {
      const bound = server.address().port
      server.close(() => resolve(bound))
    })
  })
}
