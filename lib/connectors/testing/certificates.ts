import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Certificates for a server on this machine, signed by an authority nobody else trusts. */
export interface Certificates {
  /** The authority's certificate, PEM. */
  authority: string
  /** Files for the server: of the authority, of its certificate for 127.0.0.1 and localhost, of its key. */
  files: { ca: string; cert: string; key: string }
  remove: () => void
}

/** Null where there is no openssl to make them with. */
export function makeCertificates(): Certificates | null {
  const dir = mkdtempSync(path.join(tmpdir(), 'leasehold-certificates-'))
  const file = (name: string) => path.join(dir, name)
  const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: dir }).status === 0
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Authority of a test')
  openssl(
    ...['req', '-x509', ...key, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=localhost'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  )
  const remove = () => rmSync(dir, { recursive: true, force: true })
  if (!existsSync(file('server.pem'))) {
    remove()
    return null
  }
  return {
    authority: readFileSync(file('ca.pem'), 'utf8'),
    files: { ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key') },
    remove,
  }
}
