import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { faultpoints } from './faultpoints'

const root = path.resolve(import.meta.dirname, '../..')
const tsx = path.join(
  path.dirname(createRequire(import.meta.url).resolve('tsx/package.json')),
  'dist/cli.mjs',
)
type Finally = (close: () => Promise<unknown>) => void

/** The engine in a process of its own, on this world's database. */
function engine(world: LeaseWorld, atEnd: Finally, faultpoint?: string): ChildProcess {
  const child = spawn(
    process.execPath,
    [tsx, '--tsconfig', 'scripts/tsconfig.json', 'lib/engine/testing/process.ts'],
    {
      cwd: root,
      env: {
        ...process.env,
        DATABASE_URL: world.url,
        LOG_LEVEL: 'fatal',
        ...(faultpoint ? { FAULTPOINT: faultpoint } : {}),
      },
      stdio: 'inherit',
      // tsx runs the program in a child of its own; a group lets the test reach both.
      detached: true,
    },
  )
  atEnd(async () => {
    if (child.pid && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      process.kill(-child.pid, 'SIGKILL')
      await gone
    }
  })
  return child
}

/** Where the process dies, what the grant has to become, and what the target must have seen by then. */
const stories = [
  { at: 'give.intent:after:kill', end: 'active', seenBefore: [] },
  { at: 'give.call:after:kill', end: 'active', seenBefore: ['given'] },
  { at: 'take.intent:after:kill', end: 'ended', seenBefore: ['given'] },
  { at: 'take.call:after:kill', end: 'ended', seenBefore: ['given', 'taken'] },
] as const

describe('kill -9 between an act and its record', () => {
  it.concurrent.for(stories)(
    '$at: one grant, one entry per transition, the right end, within 30 s of the restart',
    { timeout: 90_000 },
    async (story, { onTestFinished }) => {
      const atEnd: Finally = (close) => onTestFinished(async () => void (await close()))
      expect(Object.keys(faultpoints)).toContain(story.at.split(':')[0])
      const world = await createLeaseWorld()
      atEnd(() => world.close())
      const grantId = await world.approved()
      const taking = story.at.startsWith('take')
      if (taking) {
        await world.drain()
        must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
      }
      const doomed = engine(world, atEnd, story.at)
      const [, signal] = (await once(doomed, 'exit')) as [number | null, string | null]
      expect([signal, doomed.exitCode]).not.toEqual([null, 0])
      expect(world.target.state.effects.map((e) => e.act)).toEqual(story.seenBefore)
      expect((await world.grant(grantId)).state).toBe(taking ? 'revoking' : 'provisioning')

      const restarted = performance.now()
      engine(world, atEnd)
      await vi.waitFor(async () => expect((await world.grant(grantId)).state).toBe(story.end), {
        timeout: 30_000,
        interval: 100,
      })
      expect(performance.now() - restarted).toBeLessThan(30_000)

      const grant = await world.grant(grantId)
      const verbs = await world.verbs(grantId)
      expect(verbs.filter((v) => v === 'given')).toHaveLength(1)
      expect(world.target.state.effects.filter((e) => e.act === 'given')).toHaveLength(1)
      expect(grant.endsAt!.getTime() - grant.grantedAt!.getTime()).toBe(6 * 3600 * 1000)
      expect(grant.grantedAt!.getTime()).toBeLessThanOrEqual(grant.firstGiveAt!.getTime() + 15 * 60 * 1000)
      if (taking) {
        expect(verbs.filter((v) => v === 'seen_absent')).toHaveLength(1)
        expect(world.holders()).toEqual([])
      }
    },
  )
})
