import 'server-only'
import type { Db } from '@/db/client'
import { sealAll } from '@/lib/audit/sealer'
import { logUnknown } from '@/lib/log'

/** From one look for new entries to the next; the promise is one second. */
const EVERY_MS = 300

/** After a failure, which is mostly a database that does not answer. */
const AGAIN_MS = 2000

/** Seals what is committed, again and again, until it is stopped; stopping waits for the transaction in hand. */
export function startSealing(db: Db): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let wake = () => {}
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const failed = await sealAll(db, stopping.signal).then(
        () => false,
        (error) => Boolean(logUnknown(error, 'sealing; it is tried again')),
      )
      if (!stopping.signal.aborted) await pause(failed ? AGAIN_MS : EVERY_MS)
    }
  }
  const finished = run()
  return {
    async stop() {
      stopping.abort()
      wake()
      await finished
    },
  }
}
