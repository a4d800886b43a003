import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { type Faultpoint, type FaultSide, faultpoints, faultSides } from '@/lib/faultpoints'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { startLoop } from './loop'
import { act as perform } from './testing/act'
import { type Beside, checkpointFile, jobEngine, receiver } from './testing/crash-beside'
import { type StoryName, stories } from './testing/crash-stories'
import { type EngineProcess, forgetEngine, startEngine, startServer } from './testing/engine-process'

/**
 * `npm run test:long`: every story at every point, every commit of each, and the whole server instead of the engine
 * alone. Else the first story of each point.
 */
const long = process.env.TEST_LONG === '1'
const CONVERGES_MS = 30_000
/** A story has fewer commits than this. */
const MOST_COMMITS = 60

const five = ['give', 'extend', 'revoke', 'expire', 'notify'] as const satisfies readonly StoryName[]

interface Passing {
  /** Every story that passes there; the first is told in `npm test`. Of the five, the others never do. */
  readonly stories: readonly [StoryName, ...StoryName[]]
  /** What has to be there for it to be passed at all. */
  readonly beside?: () => Promise<Beside>
}

/** Where each point is passed. A point that is registered and not here does not compile. */
const passing: Record<Faultpoint, Passing> = {
  commit: { stories: ['extend', 'give', 'revoke', 'expire', 'notify'] },
  claim: { stories: ['expire', 'give', 'extend', 'revoke', 'notify'] },
  'give.intent': { stories: ['give'] },
  'give.call': { stories: ['give'] },
  'give.seen': { stories: ['give'] },
  'give.answered': { stories: ['give, refused once'] },
  'take.intent': { stories: ['expire', 'revoke'] },
  'take.call': { stories: ['revoke', 'expire'] },
  'take.sessions': { stories: ['expire', 'revoke'] },
  'take.seen': { stories: ['revoke', 'expire'] },
  'take.answered': { stories: ['expire, late'] },
  'look.seen': { stories: ['expire', 'revoke'] },
  'look.reopened': { stories: ['revoke, and it comes back'] },
  'notice.owed': { stories: ['notify'] },
  'alarm.raised': { stories: ['expire, late'] },
  'send.call': { stories: ['notify', 'give', 'extend', 'revoke', 'expire'] },
  // Of a whole server nobody acts on pages: in the first one, the engine itself has something to hint at.
  'event.call': { stories: ['give', 'extend', 'revoke', 'expire', 'notify'], beside: jobEngine },
  'seal.commit': { stories: ['revoke', 'give', 'extend', 'expire', 'notify'] },
  'remove.call': { stories: ['a removal'] },
  'drill.call': { stories: ['a drill'] },
  'checkpoint.made': { stories: ['give'], beside: checkpointFile },
  'checkpoint.sent': { stories: ['give'], beside: checkpointFile },
  'delivery.call': { stories: ['give'], beside: receiver },
}

interface Case {
  readonly point: Faultpoint
  readonly side: FaultSide
  readonly story: StoryName
}

const points = Object.keys(faultpoints) as Faultpoint[]
const of = (which: (point: Faultpoint) => readonly StoryName[]): Case[] =>
  points.flatMap((point) =>
    faultSides.flatMap((side) => which(point).map((story) => ({ point, side, story }))),
  )
const cases = of((point) => (long ? passing[point].stories : passing[point].stories.slice(0, 1)))
const spared = of((point) =>
  passing[point].beside ? [] : five.filter((story) => !passing[point].stories.includes(story)),
)

/** What this run died of, and how long the slowest restart took to put it right. */
const died = new Set<string>()
let slowest = 0

/** Points at which something outside is told; after it, the same is told again. */
const outward: ReadonlySet<Faultpoint> = new Set(['event.call', 'checkpoint.sent', 'delivery.call'])

type AtEnd = (close: () => Promise<unknown>) => void

interface How {
  /** When it passes there for which time. */
  readonly time?: number
  /** The whole server dies; what somebody does is done before. */
  readonly server?: boolean
}

/**
 * Tells a story with an engine that is to die at the given place, and goes on with another one.
 * @returns whether it died there; else the story ended without passing there
 */
async function tell(one: Case, how: How = {}): Promise<boolean> {
  const closers: Parameters<AtEnd>[0][] = []
  const told = await Promise.allSettled([telling(one, how, (close) => void closers.unshift(close))])
  // What went wrong in the story is told first; closing the world holds its ledger against the invariants.
  const closed: PromiseSettledResult<unknown>[] = []
  for (const close of closers) closed.push(...(await Promise.allSettled([close()])))
  for (const result of [...told, ...closed]) if (result.status === 'rejected') throw result.reason
  return told[0].status === 'fulfilled' && told[0].value
}

async function telling({ point, side, story }: Case, how: How, atEnd: AtEnd): Promise<boolean> {
  const { begin, finish, check } = stories[story]
  const world = await createLeaseWorld()
  atEnd(() => world.close())
  const beside = await passing[point].beside?.()
  if (beside) atEnd(() => beside.close())
  const { act, grantId } = await begin(world)
  await beside?.begin(world)
  const over = finish(world, grantId)
  // Told below, where it is waited for; what fails before must not be hidden by it.
  over.catch(() => {})
  if (how.server && act) await perform(world.db, act)
  const start = async (env: Record<string, string>): Promise<EngineProcess> => {
    const settings = { url: world.url, env: { ...beside?.env, ...env } }
    const started = how.server ? await startServer(settings) : await startEngine({ ...settings, act })
    atEnd(started.kill)
    return started
  }
  const doomed = await start({ FAULTPOINT: `${point}:${side}:kill:${how.time ?? 1}` })
  const first = await Promise.race([doomed.died.then((signal) => ({ signal })), over.then(() => null)])
  if (first) expect(first.signal, 'killed, not ended').toBe('SIGKILL')
  else doomed.stop()
  // Where it dies of the last thing that happens, the story may be over first.
  const dead = (await doomed.died) === 'SIGKILL'
  if (dead) {
    const skipped = long ? 0 : await claimsRunOut(world)
    // A warm engine costs a tenth of a new process; what dies is always a process of its own.
    if (long || beside) await (await start({})).up
    else {
      if (act) await perform(world.db, act)
      const loop = startLoop(world.database)
      atEnd(() => loop.stop())
    }
    const restarted = performance.now()
    await over
    const took = skipped + performance.now() - restarted
    slowest = Math.max(slowest, took)
    expect(took, 'milliseconds from the restart').toBeLessThan(CONVERGES_MS)
  }
  await beside?.told(world, dead && side === 'after' && outward.has(point))
  await check(world, (await grantId()) ?? '')
  return dead
}

/**
 * Lets what the dead process held run out at once instead of after seconds of waiting.
 * @returns how many milliseconds of waiting that spares; they count all the same
 */
async function claimsRunOut({ db }: LeaseWorld): Promise<number> {
  const [row] = await db.execute<{ ms: string | null }>(sql`
    select max(extract(epoch from lease_until - clock_timestamp()) * 1000) as ms from work`)
  await db.execute(sql`update work set lease_until = clock_timestamp() where lease_until > clock_timestamp()`)
  await db.execute(
    sql`update "grant" set call_until = clock_timestamp() where call_until > clock_timestamp()`,
  )
  return Math.max(0, Number(row?.ms ?? 0))
}

describe('kill -9: one grant, one entry per transition, the right end, a sound ledger, within 30 s of the restart', () => {
  it.concurrent.for(cases)('$story: killed $side $point', { timeout: 240_000 }, async (one) => {
    expect(await tell(one), 'died there').toBe(true)
    died.add(`${one.point} ${one.side}`)
  })
})

afterAll(async () => {
  if (long) console.info(`The slowest restart took ${Math.round(slowest)} ms to put it right.`)
  await forgetEngine()
})

describe('coverage', () => {
  it('is the whole registry, on both sides', () => {
    const all = points.flatMap((point) => faultSides.map((side) => `${point} ${side}`))
    expect(all.filter((place) => !died.has(place))).toEqual([])
    expect(died.size / all.length).toBe(1)
  })
})

if (long) {
  it.concurrent.for(of((point) => passing[point].stories.slice(0, 1)))(
    '$story: the whole server killed $side $point',
    { timeout: 240_000 },
    async (one) => {
      expect(await tell(one, { server: true }), 'died there').toBe(true)
    },
  )

  it.concurrent.for(spared)('$story: never comes by $point ($side)', { timeout: 240_000 }, async (one) => {
    expect(await tell(one), 'died there').toBe(false)
  })

  it.concurrent.for(five.flatMap((story) => faultSides.map((side) => ({ story, side }))))(
    '$story: killed $side every commit it makes, one after the other',
    { timeout: 3_600_000 },
    async ({ story, side }) => {
      let time = 2
      while (await tell({ point: 'commit', side, story }, { time })) time += 1
      expect(time).toBeLessThan(MOST_COMMITS)
    },
  )
}
