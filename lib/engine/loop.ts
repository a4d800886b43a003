import 'server-only'
import type { Database, Db } from '@/db/client'
import { sealAll } from '@/lib/audit/sealer'
import { env } from '@/lib/env'
import { log, logUnknown } from '@/lib/log'
import { lookAfter } from '@/lib/services/look-after'
import { inngestDrives } from '@/lib/services/save'
import { armEvidence } from './handlers/evidence'
import { armUpkeep } from './handlers/upkeep'
import { BEAT_EVERY_MS, beat } from './heartbeat'
import { Pace } from './pace'
import { perform, performDue } from './perform'
import { claimDue, type Only, untilNext } from './queue'
import { startSealing } from './sealing'
import type { Claim } from './work'

/** How many items one process does at the same time: room for dozens of connections that hang, each up to its limit. */
const WIDTH = 256
/** So many of them are kept for takes and alarms: gives and mails that hang never stand in their way. */
export const KEPT = 64
/** After a look for work the loop leaves the process to what it found for as long as the look took, or this at most. */
const LONGEST_REST_MS = 50
/** The loop never sleeps longer, so a lost nudge costs at most this. */
const LONGEST_SLEEP_MS = 1000
/** Beside Inngest the loop is a backstop that leaves it a head start; only the hints go out at once. */
const BACKSTOP_GRACE_MS = 5000

/** What deactivated people still hold, requests nobody is left for, and connections nobody looks at: sought this often. */
const PEOPLE_EVERY_MS = 60_000

/** At a stop, calls under way may finish for this long; then they are cut short and tried again elsewhere. */
const LAST_CALLS_MS = 5000

/** A running loop. `stop` finishes what is in hand or gives it back, within 30 s. */
export interface Loop {
  stop(): Promise<void>
  /** When the loop last went round, as this process counts (milliseconds); for health. */
  readonly beatAt: () => number
}

/**
 * The clock of a single-node install and the backstop beside Inngest: sleep until the earliest due time or a
 * nudge, claim, perform, repeat. Any number of nodes may run it at once.
 */
export function startLoop(database: Database): Loop {
  const { db } = database
  const stopping = new AbortController()
  const cutShort = new AbortController()
  const running = new Set<Promise<void>>()
  const pace = new Pace()
  let roundAt = performance.now()
  let wake: () => void = () => {}
  let nudged = false
  const graceMs = inngestDrives() ? BACKSTOP_GRACE_MS : 0
  const nudge = () => {
    nudged = true
    wake()
  }
  const listening = database.listen('leasehold_work', nudge).catch((error) => {
    logUnknown(error, 'listening for nudges; the loop goes on without them')
    return async () => {}
  })

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (nudged) wake()
    })

  let saidAt = Number.NEGATIVE_INFINITY
  /** A sign of life for whoever watches from outside; one that has no place free did not look at what is due. */
  async function sayAlive(free: number): Promise<void> {
    if (free <= 0 || performance.now() - saidAt < BEAT_EVERY_MS) return
    await beat(db, 'loop')
    saidAt = performance.now()
  }

  let peopleAt = 0
  function lookAfterPeople(): void {
    if (performance.now() < peopleAt) return
    peopleAt = performance.now() + PEOPLE_EVERY_MS
    const one = Promise.all([lookAfter(db), armUpkeep(db), armEvidence(db)])
      .then(([{ ended, escalated }]) => {
        if (ended > 0) log.info({ ended }, 'what deactivated people still held is being taken')
        if (escalated > 0) log.info({ escalated }, 'requests that lost their approvers went to the fallback')
      })
      .catch((error) => void logUnknown(error, 'looking after what people left behind; the loop tries again'))
      .finally(() => running.delete(one))
    running.add(one)
  }

  async function round(): Promise<number> {
    nudged = false
    lookAfterPeople()
    const now = performance.now()
    const wait = pace.untilLook(now)
    if (wait > 0) return wait
    pace.looked(now)
    const free = WIDTH - running.size
    const claims = await claimFree(db, free, {
      graceMs,
      mailsAtOnce: pace.mailsAtOnce(now),
      much: pace.much,
    })
    pace.found(claims.length)
    await sayAlive(free)
    for (const claim of claims) {
      pace.begun(claim.kind, now)
      const one = perform(db, claim, { stop: cutShort.signal, crowded: () => pace.crowded }).finally(() => {
        running.delete(one)
        pace.over(claim.kind)
        nudge()
      })
      running.add(one)
    }
    if (claims.length > 0) return 0
    const next = await untilNext(db, { withinMs: LONGEST_SLEEP_MS })
    // Due and yet not claimed: held back by a limit, a pause or another node. Look again soon, not at once.
    return Math.min(LONGEST_SLEEP_MS, Math.max(next ?? LONGEST_SLEEP_MS, 100))
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let pause = LONGEST_SLEEP_MS
      const began = performance.now()
      try {
        pause = await round()
      } catch (error) {
        logUnknown(error, 'the loop; it goes on')
      }
      roundAt = performance.now()
      await rest(Math.min(roundAt - began, LONGEST_REST_MS))
      if (pause > 0 && !stopping.signal.aborted) await sleep(pause)
    }
  }

  const finished = run()
  const sealing = startSealing(db)
  log.info('the loop runs')
  return {
    beatAt: () => roundAt,
    async stop() {
      stopping.abort(new Error('the process stops'))
      wake()
      await finished
      const rest = Promise.allSettled([...running])
      const lastCall = setTimeout(() => cutShort.abort(new Error('the process stops')), LAST_CALLS_MS)
      const patience = new Promise<void>((resolve) => setTimeout(resolve, 30_000).unref())
      await Promise.race([rest, patience])
      clearTimeout(lastCall)
      await sealing.stop()
      await (await listening)()
    },
  }
}

/** Claims for the free places; the last ones are for takes and alarms only. */
export async function claimFree(
  db: Db,
  free: number,
  how: Pick<Only, 'graceMs' | 'mailsAtOnce' | 'much'> = {},
): Promise<Claim[]> {
  return free > 0 ? claimDue(db, free, { ...how, kept: KEPT }) : []
}

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Whether the loop is wanted in this process: `LEASEHOLD_LOOP`, where `auto` means wherever a process lives. */
export function loopWanted(): boolean {
  const { LEASEHOLD_LOOP } = env()
  return LEASEHOLD_LOOP === 'on' || (LEASEHOLD_LOOP === 'auto' && !process.env.VERCEL)
}

/** One pass for platforms where nothing may run between requests: all that is due, until nothing is or time is up. */
export async function sweepOnce(database: Database, budgetMs = 20_000): Promise<{ performed: number }> {
  const until = performance.now() + budgetMs
  let performed = 0
  while (performance.now() < until) {
    const count = await performDue(database.db, { width: WIDTH })
    performed += count
    if (count === 0) break
  }
  await sealAll(database.db)
  return { performed }
}
