import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type World } from '@/db/testing'
import { armEvidence } from '@/lib/engine/handlers/evidence'
import { performDue } from '@/lib/engine/perform'
import { newId } from '@/lib/ids'
import { readCheckpoint } from './checkpoint-form'
import { makeCheckpoints, ownKeys } from './checkpoints'
import { channels, deliverCheckpoints } from './delivery'
import { sealAll } from './sealer'

let world: World
let folder: string
let server: Server
let bodies: { seq: number; checkpoint: string }[]
let status: number

beforeEach(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'))
  bodies = []
  status = 200
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (status === 200) bodies.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
  await world.close()
})

const trusted = ownKeys().map((key) => key.jwk)

/** One more entry under one more checkpoint. */
async function more(): Promise<void> {
  await world.db.insert(schema.timeline).values({
    subjectType: 'group',
    subjectId: newId(),
    version: 1,
    verb: 'created',
    at: new Date(),
    actorSystem: 'seed',
    data: {},
  })
  await sealAll(world.db)
  await makeCheckpoints(world.db)
}

const deliver = (mail: string[] = [], path = join(folder, 'kept.jws')) =>
  deliverCheckpoints(
    world.db,
    channels(world.db, new AbortController().signal, {
      AUDIT_CHECKPOINT_FILE: path,
      AUDIT_CHECKPOINT_WEBHOOK: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
      AUDIT_CHECKPOINT_MAIL: mail,
    }),
  )
const lines = async () => (await readFile(join(folder, 'kept.jws'), 'utf8')).trimEnd().split('\n')
const seqOf = (jws: string) => {
  const read = readCheckpoint(jws, trusted)
  return read.ok ? read.said.seq : read.why
}
const standing = () =>
  world.db.query.checkpointDelivery.findMany({ orderBy: schema.checkpointDelivery.channel })

it('brings each checkpoint out once, to the file and to the webhook', async () => {
  expect(await deliver()).toBe(true)
  await more()
  await deliver()
  await more()
  await more()
  await deliver()
  expect(await deliver()).toBe(true)
  expect((await lines()).map(seqOf)).toEqual([1, 2, 3])
  expect(bodies.map((body) => [body.seq, seqOf(body.checkpoint)])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ])
})

it('tries again what did not get through, shows it meanwhile, and holds no other way up', async () => {
  await more()
  await deliver()
  status = 503
  await more()
  expect(await deliver()).toBe(false)
  await more()
  expect(await deliver()).toBe(false)
  expect(await lines()).toHaveLength(3)
  const [, webhook] = await standing()
  expect(webhook).toMatchObject({ channel: 'webhook', seq: 1, error: 'the webhook answered with status 503' })
  expect(webhook!.failingSince).not.toBeNull()
  status = 200
  expect(await deliver()).toBe(true)
  expect(bodies.map((body) => body.seq)).toEqual([1, 2, 3])
  expect((await standing())[1]).toMatchObject({ seq: 3, error: null, failingSince: null })
})

it('says so when the file cannot be written', async () => {
  await more()
  expect(await deliver([], join(folder, 'nowhere', 'kept.jws'))).toBe(false)
  expect((await standing())[0]).toMatchObject({ channel: 'file', error: expect.stringContaining('ENOENT') })
})

it('mails the newest to each address, once a day', async () => {
  await more()
  await more()
  await deliver(['a@example.com', 'b@example.com'])
  await more()
  expect(await deliver(['a@example.com', 'b@example.com'])).toBe(true)
  const mails = await world.db.query.mail.findMany({ orderBy: schema.mail.recipient })
  expect(mails.map(({ recipient, state, kind, data }) => [recipient, state, kind, data.seq])).toEqual([
    ['a@example.com', 'sent', 'checkpoint', 2],
    ['b@example.com', 'sent', 'checkpoint', 2],
  ])
  expect(seqOf(mails[0]!.attachments![0]!.content)).toBe(2)
})

it('is done by the engine, again and again', async () => {
  await armEvidence(world.db)
  await armEvidence(world.db)
  while ((await performDue(world.db)) > 0);
  const work = await world.db.query.work.findMany({ orderBy: schema.work.kind })
  expect(work.map(({ kind, lastError }) => [kind, lastError])).toEqual([
    ['checkpoint', null],
    ['retention', null],
  ])
  expect(work.every((item) => item.notBefore !== null && item.notBefore > new Date())).toBe(true)
})
