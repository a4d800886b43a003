import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWorld, type World } from '@/db/testing'

let world: World
const open: postgres.Sql[] = []
const connect = (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  open.push(sql)
  return sql
}

function settled<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

beforeEach(async () => {
  world = await createWorld()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((sql) => sql.end({ timeout: 1 })))
  await world.close()
})

it('the rest of a transaction whose connection is lost goes nowhere, and into no other transaction', async () => {
  const [sql, admin] = [connect(world.url), connect(world.url)]
  await admin`create unlogged table said (word text)`
  const begun = settled<number>()
  const goOn = settled<void>()
  const rest = settled<unknown>()
  const lost = sql
    .begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
      begun.resolve(row!.pid)
      await goOn.promise
      rest.resolve(await tx`insert into said values ('the rest')`.catch((error: unknown) => error))
    })
    .catch((error: unknown) => error)
  await admin`select pg_terminate_backend(${await begun.promise})`
  expect(await lost).toBeInstanceOf(Error)
  await sql.begin(async (tx) => {
    await tx`insert into said values ('another')`
    goOn.resolve()
    expect(await rest.promise).toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
  expect(await admin`select word from said`).toEqual([{ word: 'another' }])
  await admin`drop table said`
})

it('a place of the pool whose connection was lost in a transaction is used again', async () => {
  const sql = connect(world.url)
  for (let i = 0; i < 3; i++) {
    const lost = sql.begin(async (tx) => tx`select pg_terminate_backend(pg_backend_pid())`)
    await expect(lost).rejects.toThrow()
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  }
})

it('a connection that is lost while it learns the types, and is refused next, ends no process', async () => {
  const target = new URL(world.url)
  const postgresPort = Number(target.port)
  let connections = 0
  const proxy = net.createServer((client) => {
    connections += 1
    client.on('error', () => {})
    if (connections === 2) {
      client.once('data', () => client.end(notYet))
      return
    }
    const server = net.connect(postgresPort, target.hostname)
    server.on('error', () => {})
    client.pipe(server).pipe(client)
    if (connections > 1) return
    client.on('data', (data) => {
      if (!data.includes('typarray')) return
      client.end()
      server.destroy()
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  target.port = String((proxy.address() as AddressInfo).port)
  const sql = connect(target.href)
  await expect(sql`select 1 as one`).rejects.toMatchObject({ code: '57P03' })
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  expect(connections).toBe(3)
  proxy.close()
})

const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is not yet accepting connections\0\0'
const notYet = Buffer.alloc(5 + fields.length)
notYet.write('E')
notYet.writeInt32BE(4 + fields.length, 1)
notYet.write(fields, 5)
