import { AsyncLocalStorage } from 'node:async_hooks'
import { vi } from 'vitest'
import { type Db, schema } from '@/db/client'
import type { Target } from '@/lib/connectors/testing/target'
import { webhookConnector } from '@/lib/connectors/webhook'
import type { MessageType } from '@/lib/connectors/webhook/protocol'
import { perform } from '@/lib/engine/perform'
import type { Claim } from '@/lib/engine/work'

/** Where a real handler can be stopped: before a transaction, a write to its row or its grant, or a call. */
export type Stop = 'transaction' | 'work' | 'grant' | `call ${Call}`
type Call = 'resolveAccount' | 'check' | 'grant' | 'revoke'

/** What becomes of the call that is let go next. */
export type Fate = 'well' | 'answer lost' | 'late' | 'answered, late' | 'not reached' | 'refused' | 'no look'

const messages: Record<Call, MessageType> = {
  resolveAccount: 'account.resolve',
  check: 'grant.check',
  grant: 'grant.provision',
  revoke: 'grant.revoke',
}

const killed = () => new Error('killed by the test')
const running = new AsyncLocalStorage<Worker>()

/** One claim in the hands of the real engine, which goes on only as far as it is let. */
export class Worker {
  /** Where it waits; null before its start and after its end. */
  stop: Stop | null = null
  over = false
  started = false
  fate: Fate = 'well'
  private dead = false
  private go: () => void = () => {}
  private fail: (error: Error) => void = () => {}
  private wake: () => void = () => {}
  private run: Promise<void> = Promise.resolve()

  constructor(
    private readonly db: Db,
    private readonly target: Target,
    readonly claim: Claim,
  ) {}

  /** Begins, and waits at its first stop. It gives no heartbeats: the test says whose claims run out. */
  async start(): Promise<void> {
    this.started = true
    const beats = vi.spyOn(globalThis, 'setInterval').mockReturnValue(0 as never)
    this.run = running.run(this, () => perform(this.gated(), this.claim))
    beats.mockRestore()
    void this.run.finally(() => {
      this.over = true
      this.wake()
    })
    await this.waiting()
  }

  /** Goes on to its next stop or its end. */
  async release(): Promise<void> {
    this.stop = null
    this.go()
    await this.waiting()
  }

  /** Dies where it stands: nothing that it still does reaches the database or the target. */
  async kill(): Promise<void> {
    this.dead = true
    this.fail(killed())
    await this.run
  }

  private async waiting(): Promise<void> {
    while (!this.over && this.stop === null)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
  }

  async hold(stop: Stop): Promise<void> {
    if (this.dead) throw killed()
    const held = new Promise<void>((go, fail) => {
      this.go = go
      this.fail = fail
    })
    this.stop = stop
    this.wake()
    await held
  }

  /** Makes the fake target behave as this call is meant to go. */
  prepare(call: Call): void {
    const on = messages[call]
    if (call === 'resolveAccount' || (call === 'check') !== (this.fate === 'no look')) return
    if (this.fate === 'answer lost') this.target.fault({ on, kind: 'reset', at: 'after' })
    if (this.fate === 'not reached' || this.fate === 'late')
      this.target.fault({ on, kind: 'reset', at: 'before' })
    if (this.fate === 'no look') this.target.fault({ on, kind: 'status', status: 503 })
    if (this.fate === 'refused') {
      const body = { error: 'rejected', message: 'Not for contractors' }
      this.target.fault({ on, kind: 'status', status: 422, body })
    }
    if (this.fate === 'answered, late')
      this.target.fault({ on, kind: 'status', status: 200, body: { state: 'done', changed: true } })
  }

  private gated(): Db {
    const { db } = this
    return new Proxy(db, {
      get: (target, name) => {
        if (this.dead) throw killed()
        if (name === 'transaction')
          return async (...args: Parameters<Db['transaction']>) => {
            await this.hold('transaction')
            return db.transaction(...args)
          }
        if (name === 'update' || name === 'delete')
          return (table: typeof schema.work) => {
            const where = [schema.work, schema.grant].indexOf(table as never)
            const statement = db[name](table)
            return where < 0 ? statement : this.later(statement, where === 0 ? 'work' : 'grant')
          }
        const value = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  /** A statement that waits at a stop before it is sent. */
  private later<S extends object>(statement: S, stop: Stop): S {
    return new Proxy(statement, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target)
        if (name === 'then')
          return (done: () => unknown, failed: () => unknown) =>
            this.hold(stop)
              .then(() => target)
              .then(done, failed)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          const next = value.apply(target, args)
          return typeof next === 'object' && next !== null ? this.later(next, stop) : next
        }
      },
    })
  }
}

/** Lets every call of a worker wait for it. Until the mocks are restored. */
export function holdCalls(): void {
  const { resolveAccount, check, grant, revoke } = webhookConnector
  async function wait(call: Call) {
    const worker = running.getStore()
    await worker?.hold(`call ${call}`)
    worker?.prepare(call)
  }
  vi.spyOn(webhookConnector, 'resolveAccount').mockImplementation(async (...args) => {
    await wait('resolveAccount')
    return resolveAccount(...args)
  })
  vi.spyOn(webhookConnector, 'check').mockImplementation(async (...args) => {
    await wait('check')
    return check(...args)
  })
  vi.spyOn(webhookConnector, 'grant').mockImplementation(async (...args) => {
    await wait('grant')
    return grant(...args)
  })
  vi.spyOn(webhookConnector, 'revoke').mockImplementation(async (...args) => {
    await wait('revoke')
    return revoke(...args)
  })
}
