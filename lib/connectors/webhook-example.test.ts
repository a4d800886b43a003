import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { callConnector } from './call'
import type { ConnectorContext } from './contract'
import { newSigningSecret } from './testing/target'
import { webhookConnector } from './webhook'
import { type WebhookConfig, webhookConfigSchema } from './webhook/config'

const secret = newSigningSecret()
const egress = createEgress(['loopback'])
let folder = ''
let receiver: ChildProcess
let url = ''

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

beforeAll(async () => {
  const page = readFileSync('docs/connectors/webhook.md', 'utf8')
  const code = /```js\n([\s\S]+?)```/.exec(page)?.[1]
  if (!code) throw new Error('the page has no example any more')
  expect(code.trim().split('\n').length).toBeLessThan(35)
  // Inside the checkout, so that the package it names is found.
  folder = mkdtempSync(path.resolve('node_modules', '.receiver-'))
  writeFileSync(path.join(folder, 'receiver.mjs'), code)
  const port = await unusedPort()
  receiver = spawn(process.execPath, [path.join(folder, 'receiver.mjs')], {
    env: { ...process.env, LEASEHOLD_SECRET: secret, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (receiver.stdout) await once(receiver.stdout, 'data')
  url = `http://127.0.0.1:${port}/`
})
afterAll(async () => {
  receiver.kill()
  rmSync(folder, { recursive: true, force: true })
  await egress.close()
})

function call<Result>(
  attempt: (ctx: ConnectorContext<WebhookConfig>) => Promise<Result>,
  how: { operationId?: string; secret?: string; effect?: 'change' | 'look' } = {},
): Promise<Result> {
  return callConnector(attempt, {
    connector: webhookConnector,
    config: webhookConfigSchema.parse({ url, secret: how.secret ?? secret }),
    operationId: how.operationId ?? randomUUID(),
    effect: how.effect ?? 'look',
    egress,
    now: () => new Date(),
  })
}

test('the example on the page is short, runs as it stands and is a correct receiver', async () => {
  const report = await call((ctx) => webhookConnector.testConnection(ctx))
  expect(report).toMatchObject({ ok: true, identity: 'billing' })
  const { items } = await call((ctx) => webhookConnector.listEntitlements(ctx, { cursor: null }))
  const person = { email: 'ana@example.com', name: 'Ana' }
  const found = await call((ctx) => webhookConnector.resolveAccount(ctx, { person }))
  if (found.kind !== 'found' || !items[0]) throw new Error('nobody, or nothing')
  const pair = { entitlement: items[0], account: found.account }
  const grant = { ...pair, grantId: randomUUID(), endsAt: null }
  const look = () => call((ctx) => webhookConnector.check(ctx, pair))
  const give = (operationId: string) =>
    call((ctx) => webhookConnector.grant(ctx, grant), { operationId, effect: 'change' })
  const take = (operationId: string) =>
    call((ctx) => webhookConnector.revoke(ctx, grant), { operationId, effect: 'change' })

  expect((await look()).state).toBe('absent')
  expect(await give('give-1')).toMatchObject({ state: 'done', changed: true })
  expect(await give('give-1'), 'the same id, the same answer').toMatchObject({ changed: true })
  expect(await give('give-2'), 'given already').toMatchObject({ changed: false })
  expect((await look()).state).toBe('direct')
  expect(await take('take-1')).toMatchObject({ changed: true })
  expect((await look()).state).toBe('absent')
  const gone = { ...pair, account: { id: 'u9', name: 'Gone' } }
  await expect(call((ctx) => webhookConnector.check(ctx, gone))).rejects.toMatchObject({
    code: 'principal_missing',
  })
  await expect(
    call((ctx) => webhookConnector.check(ctx, pair), { secret: newSigningSecret() }),
  ).rejects.toMatchObject({ code: 'auth' })
})
