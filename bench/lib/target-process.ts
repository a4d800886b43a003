// The fake target of the bench, in a process of its own. It speaks the webhook protocol, keeps what happens in memory,
// and checks no signature: it stands for a system that has enough of everything.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { TargetState } from '@/lib/connectors/testing/target-state'
import { chance } from './numbers'
import { accountAt, entitlementAt, type TargetManner } from './target'

const manner = JSON.parse(process.argv[2] ?? '') as TargetManner
const state = new TargetState()
const draw = chance(manner.seed)
let calls = 0
let failed = 0

for (let n = 0; n < manner.accounts; n++)
  state.addAccount({ id: accountAt(n), email: `p${n}@halden.example` })
for (let e = 0; e < manner.entitlements; e++) {
  state.addEntitlement({ id: entitlementAt(e), name: entitlementAt(e) })
  if (manner.held)
    for (let n = 0; n < manner.accounts; n++) state.hold(entitlementAt(e), accountAt(n), { state: 'direct' })
}

async function answerTo(text: string): Promise<{ status: number; body: unknown }> {
  const { type, data } = JSON.parse(text) as { type: string; data: Record<string, unknown> }
  calls++
  const fails = draw() < manner.errors
  if (manner.delayMs > 0) await delay(manner.delayMs)
  if (!fails) return state.answer(type, data)
  failed++
  return { status: 503, body: {} }
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { status, body } = await answerTo(Buffer.concat(chunks).toString('utf8'))
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.on('message', (what) => {
  process.send?.(what === 'effects' ? state.effects : { calls, failed, effects: state.effects.length })
})
process.on('disconnect', () => process.exit(0))
