import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Effect } from '@/lib/connectors/testing/target-state'

/** What a fake target is like. */
export interface TargetManner {
  readonly entitlements: number
  readonly accounts: number
  /** Everybody holds everything at first. */
  readonly held: boolean
  /** How long it takes over each call, milliseconds. */
  readonly delayMs: number
  /** The share of calls that it answers with 503, without an effect. */
  readonly errors: number
  readonly seed: number
}

export interface Seen {
  readonly calls: number
  readonly failed: number
  readonly effects: number
}

/** A target in a process of its own, so that it takes no time from what is measured. */
export interface BenchTarget {
  readonly url: string
  seen(): Promise<Seen>
  /** Every real change of who holds what, with its time there. */
  effects(): Promise<readonly Effect[]>
  stop(): Promise<void>
}

export const accountAt = (n: number) => `account-${n}`
export const entitlementAt = (n: number) => `entitlement-${n}`

/** Starts one on a free loopback port. */
export async function startBenchTarget(manner: TargetManner): Promise<BenchTarget> {
  const child = fork(path.join(import.meta.dirname, 'target-process.ts'), [JSON.stringify(manner)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const died = once(child, 'exit')
  const answer = async <T>(): Promise<T> => {
    const [said] = (await Promise.race([
      once(child, 'message'),
      died.then(() => Promise.reject(new Error('the fake target ended'))),
    ])) as [T]
    return said
  }
  const port = await answer<number>()
  const asked = async <T>(what: 'seen' | 'effects'): Promise<T> => {
    child.send(what)
    return answer<T>()
  }
  return {
    url: `http://127.0.0.1:${port}/leasehold`,
    seen: () => asked('seen'),
    effects: () => asked('effects'),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await died
    },
  }
}
