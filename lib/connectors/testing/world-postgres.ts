import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import postgres from 'postgres'
import type { ConnectorAccount, ConnectorEntitlement } from '../contract'
import { postgresConnector } from '../postgres'
import type { PostgresConfig } from '../postgres/config'
import { type CommitProxy, startProxy } from './proxy'
import type { Person, World } from './world'

export interface PostgresWorld extends World {
  settings: PostgresConfig
  /** A superuser's connection to the same server. */
  admin: postgres.Sql
  /** Prefix of every role of this world. */
  prefix: string
  /** A login with a password of its own, for sessions; gives the address to connect with. */
  addLogin: () => Promise<Person & { url: string }>
}

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A world on the real server at `adminUrl`; its roles are dropped at the end. */
export async function postgresWorld(adminUrl: string): Promise<PostgresWorld> {
  const admin = postgres(adminUrl, { max: 2, onnotice: () => {} })
  const address = new URL(adminUrl)
  const prefix = `w${randomBytes(5).toString('hex')}`
  const operator = `${prefix}_operator`
  const password = `op€ rator/${randomBytes(9).toString('hex')}`
  const wrong = `wrong+${randomBytes(9).toString('hex')}`
  const proxies: CommitProxy[] = []
  let serial = 0
  const fresh = (kind: string) => `${prefix}_${kind}_${++serial}`

  const [{ version } = { version: 0 }] = await admin<{ version: number }[]>`
    select current_setting('server_version_num')::int as version`
  const adminOnly = version >= 160_000 ? 'with admin true, inherit false, set false' : 'with admin option'

  /** Runs a statement whose names and literals the server quotes. */
  const run = async (pattern: string, ...values: string[]) => {
    const [row] = await admin<{ text: string }[]>`
      select format(${pattern}::text, variadic array(select json_array_elements_text(${JSON.stringify(values)}::text::json))) as text`
    await admin.unsafe(row!.text)
  }
  const oidOf = async (name: string) => {
    const [row] = await admin<{ oid: string }[]>`select oid::text from pg_roles where rolname::text = ${name}`
    return row!.oid
  }
  const nameOf = async (id: string) => {
    const [row] = await admin<
      { name: string }[]
    >`select rolname::text as name from pg_roles where oid = ${id}::oid`
    return row!.name
  }
  const addLoginNamed = async (name: string, options = ''): Promise<ConnectorAccount> => {
    await run(`create role %I login ${options}`, name)
    return { id: await oidOf(name), name }
  }

  await run('create role %I login password %L', operator, password)
  await run('grant pg_signal_backend to %I', operator)

  const settings: PostgresConfig = {
    host: address.hostname,
    port: Number(address.port || 5432),
    database: decodeURIComponent(address.pathname.slice(1)) || 'postgres',
    user: operator,
    password,
    sslmode: 'disable',
  }

  const addEntitlement = async (name = fresh('role')): Promise<ConnectorEntitlement> => {
    const full = name.startsWith(prefix) ? name : `${prefix} ${name}`
    await run('create role %I nologin', full)
    await run(`grant %I to %I ${adminOnly}`, full, operator)
    return { id: await oidOf(full), name: full }
  }

  return {
    against: 'a real server: PostgreSQL',
    connector: postgresConnector as unknown as World['connector'],
    admin,
    prefix,
    settings,
    identity: operator,
    wrongCredential: { ...settings, password: wrong },
    unreachable: { ...settings, port: await unusedPort() },
    canaries: [password, wrong, encodeURIComponent(password), Buffer.from(password).toString('base64')],
    morePerPage: 201,
    addEntitlement,
    async addUnmanaged() {
      const name = fresh('foreign')
      await run('create role %I nologin', name)
      return { id: await oidOf(name), name }
    },
    async addPerson({ awkward } = {}) {
      const local = awkward ? `${fresh('zoë')}"o'neil; drop--\\` : fresh('person')
      const account = await addLoginNamed(local)
      return { person: { email: `${local}@example.com`, name: local }, account }
    },
    async addLogin() {
      const local = fresh('login')
      const account = await addLoginNamed(local, `password '${local}'`)
      const url = new URL(adminUrl)
      url.username = local
      url.password = local
      return { person: { email: `${local}@example.com`, name: local }, account, url: url.href }
    },
    async addTwins() {
      const local = fresh('twin')
      const email = `${local}@example.com`
      await addLoginNamed(local)
      await addLoginNamed(email)
      return { email, name: local }
    },
    async holdIndirectly(entitlement, account) {
      const between = fresh('between')
      await run('create role %I nologin', between)
      await run('grant %I to %I', await nameOf(entitlement.id), between)
      await run('grant %I to %I', between, await nameOf(account.id))
      return between
    },
    async holdDirectly(entitlement, accounts) {
      for (const { id } of accounts) {
        await run('grant %I to %I', await nameOf(entitlement.id), await nameOf(id))
      }
    },
    removeAccount: async ({ id }) => run('drop role %I', await nameOf(id)),
    removeEntitlement: async ({ id }) => run('drop role %I', await nameOf(id)),
    renameEntitlement: async ({ id }, name) => run('alter role %I rename to %I', await nameOf(id), name),
    async holders(entitlement) {
      const rows = await admin<{ id: string }[]>`
        select distinct m.member::text as id from pg_auth_members m join pg_roles r on r.oid = m.member
        where m.roleid = ${entitlement.id}::oid and r.rolcanlogin and r.rolname <> ${operator}`
      return rows.map((row) => row.id).sort()
    },
    async faulty(kind) {
      const proxy = await startProxy({ host: settings.host, port: settings.port })
      proxies.push(proxy)
      proxy.mode = kind === 'late' ? 'hold' : kind
      return {
        settings: { ...settings, host: '127.0.0.1', port: proxy.port },
        reached: () => proxy.reached,
        landed: () => (kind === 'late' ? proxy.release() : proxy.committed),
      }
    },
    async close() {
      for (const proxy of proxies) await proxy.close()
      const roles = await admin<{ name: string }[]>`
        select rolname::text as name from pg_roles where starts_with(rolname::text, ${prefix})`
      // Members first: a role that gave something cannot go before what it gave.
      const operatorLast = roles
        .map((role) => role.name)
        .sort((a, b) => Number(a === operator) - Number(b === operator))
      for (const name of operatorLast) await run('drop role %I', name)
      await admin.end({ timeout: 5 })
    },
  }
}
