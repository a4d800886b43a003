import { setTimeout as delay } from 'node:timers/promises'

/** Asks again and again until it is so, or the deadline (this machine's clock, milliseconds) is over. Whether it is so. */
export async function until(
  isSo: () => Promise<boolean>,
  { deadline, everyMs }: { deadline: number; everyMs: number },
): Promise<boolean> {
  while (!(await isSo())) {
    if (Date.now() >= deadline) return false
    await delay(everyMs)
  }
  return true
}
