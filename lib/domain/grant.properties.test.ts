import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR, LEAST_SLACK, MINUTE } from './duration'
import { extensionRoom, latestPossibleEnd } from './extension'
import {
  decideGrant,
  type GrantEvent,
  type GrantFacts,
  grantStates,
  grantTable,
  holdings,
  liveGrantStates,
  type TargetFacts,
} from './grant'
import { at, grants, T0 } from './grant.fixtures'

const seconds = (most: number) => fc.integer({ min: 0, max: most })

const targets: fc.Arbitrary<TargetFacts> = fc
  .record({ delay: seconds(2 * HOUR), call: seconds(120), taskSeconds: fc.option(seconds(DAY)) })
  .map(({ delay, call, taskSeconds }) => ({
    slackSeconds: Math.max(delay, LEAST_SLACK),
    settleSeconds: call + delay,
    effectDelaySeconds: delay,
    taskSeconds,
  }))

/** An event made for the moment it comes at, so that what it says of the past is true. */
type Saying = (now: Date, grant: GrantFacts) => GrantEvent

const events: fc.Arbitrary<Saying> = fc.oneof(
  // The way to an active access, more often than the rest, or few lives would come that far.
  {
    weight: 6,
    arbitrary: fc.constantFrom<Saying>(
      () => ({ type: 'start' }),
      () => ({ type: 'intend', baseline: 'absent', convertStanding: false }),
      (now) => ({ type: 'seen', seenAt: now }),
    ),
  },
  fc.constantFrom<Saying>(
    () => ({ type: 'expire' }),
    () => ({ type: 'overdue' }),
    () => ({ type: 'settled' }),
    () => ({ type: 'reopen' }),
    () => ({ type: 'retry' }),
    () => ({ type: 'begin_attest', note: 'The server was scrapped' }),
    () => ({ type: 'attest' }),
    () => ({ type: 'give_again', note: null }),
    (now) => ({ type: 'seen_absent', seenAt: now, verified: true, sessionsEnded: 0 }),
  ),
  fc.tuple(fc.constantFrom(...holdings), fc.boolean()).map(
    ([baseline, convertStanding]): Saying =>
      () => ({ type: 'intend', baseline, convertStanding }),
  ),
  fc.boolean().map(
    (absent): Saying =>
      () => ({ type: 'give_up', why: 'late', absentAfterSettle: absent }),
  ),
  fc.constantFrom('revoked', 'returned', 'withdrawn', 'left').map(
    (reason): Saying =>
      () => ({ type: 'end', reason, note: null }),
  ),
  fc.integer({ min: 15 * MINUTE, max: 3 * DAY }).map(
    (more): Saying =>
      () => ({ type: 'extend', seconds: more, noticeSeconds: MINUTE }),
  ),
  fc.constantFrom('auth', 'retryable').map(
    (code): Saying =>
      () => ({ type: 'answer', operation: 'take', code, message: code }),
  ),
)

const life = fc.record({
  target: targets,
  duration: fc.option(fc.integer({ min: 15 * MINUTE, max: 366 * DAY }), { freq: 9 }),
  // Of every length up to the most: the usual bias to short ones leaves most lives unlived.
  steps: fc.array(fc.tuple(seconds(8 * HOUR), events), { minLength: 1, maxLength: 40, size: 'max' }),
})

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never

interface Moment {
  readonly before: GrantFacts
  readonly after: GrantFacts
  readonly event: GrantEvent
  readonly now: Date
  readonly allowed: boolean
  readonly work: ReadonlyMap<string, Date>
}

/** Lives one grant through the steps and shows every moment of it. */
function live({ target, duration, steps }: Life, look: (moment: Moment) => void) {
  let grant: GrantFacts = {
    ...grants.scheduled,
    mode: duration === null ? 'permanent' : 'just-in-time',
    durationSeconds: duration,
    noticeSeconds: duration === null ? null : MINUTE,
  }
  const work = new Map<string, Date>()
  let passed = 0
  for (const [wait, saying] of steps) {
    passed += wait
    const now = at(passed)
    const event = saying(now, grant)
    const before = grant
    const result = decideGrant(grant, event, now, target)
    if (result.ok) {
      grant = { ...grant, ...result.value.next }
      for (const order of result.value.work)
        if ('cancel' in order) work.delete(order.kind)
        else work.set(order.kind, order.dueAt)
    }
    look({ before, after: grant, event, now, allowed: result.ok, work })
  }
}

describe('whatever happens to a grant', () => {
  it('the machine never leaves its table, and these lives come through all of its states', () => {
    const visited = new Set<string>()
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ before, after, event, allowed }) => {
          visited.add(after.state)
          if (allowed) expect(grantTable[before.state][event.type]).toContain(after.state)
          else expect(after).toEqual(before)
        }),
      ),
      { numRuns: 500 },
    )
    expect([...visited].sort()).toEqual([...grantStates].sort())
  })

  it('I1: a first end lies between the first give and first give + slack + length', () => {
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ before, after, event, allowed }) => {
          if (!allowed || event.type !== 'seen' || after.durationSeconds === null) return
          // Seen once more, after it was given again: the end stands.
          if (before.grantedAt !== null) return expect(after.endsAt).toEqual(before.endsAt)
          const end = after.endsAt!.getTime() - after.durationSeconds * 1000
          expect(end).toBeGreaterThanOrEqual(after.firstGiveAt!.getTime())
          expect(end).toBeLessThanOrEqual(after.firstGiveAt!.getTime() + l.target.slackSeconds * 1000)
          expect(end).toBeLessThanOrEqual(event.seenAt.getTime())
        }),
      ),
      { numRuns: 500 },
    )
  })

  it('I1: what the target may hold because of us has a take armed, at its end or at once', () => {
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ after, now, work, allowed }) => {
          if (!allowed || after.firstGiveAt === null || after.durationSeconds === null) return
          if (!(liveGrantStates as readonly string[]).includes(after.state)) return
          const take = work.get('take')
          expect(take).toBeDefined()
          if (after.state === 'revoking') expect(take!.getTime()).toBeLessThanOrEqual(now.getTime())
          else expect(take).toEqual(after.endsAt)
        }),
      ),
      { numRuns: 500 },
    )
  })

  it('an end never moves but by an extension, once the access was seen', () => {
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ before, after, event, allowed }) => {
          if (!allowed || before.state !== 'active' || after.state === 'ended') return
          if (event.type !== 'extend') expect(after.endsAt).toEqual(before.endsAt)
          else expect(after.endsAt!.getTime()).toBe(before.endsAt!.getTime() + event.seconds * 1000)
        }),
      ),
      { numRuns: 500 },
    )
  })

  it('I11: a preexisting access is never ordered to be taken', () => {
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ before, after }) => {
          if (before.preexisting && before.state === 'active') expect(after.state).not.toBe('revoking')
        }),
      ),
      { numRuns: 500 },
    )
  })

  it('no notice is armed after the end, and nothing but a look after the last state', () => {
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ after, work }) => {
          const notice = work.get('notice')
          if (notice && after.endsAt) expect(notice.getTime()).toBeLessThan(after.endsAt.getTime())
          if (after.state === 'ended' || after.state === 'failed')
            expect([...work.keys()].filter((kind) => kind !== 'look')).toEqual([])
        }),
      ),
      { numRuns: 500 },
    )
  })

  it('I7: from when the end is known until it is gone, the alarm stands armed or was raised', () => {
    fc.assert(
      fc.property(life, (l) =>
        live(l, ({ after, work }) => {
          const given = after.firstGiveAt !== null && after.endsAt !== null
          const ours = given && (after.state === 'provisioning' || after.state === 'active')
          if (after.state === 'revoking' || ours)
            expect(work.has('alarm') || after.overdueSince !== null).toBe(true)
        }),
      ),
      { numRuns: 500 },
    )
  })
})

describe('caps', () => {
  it('no chain of extensions passes the count or the total length', () => {
    const rules = fc.record({
      maxCount: fc.integer({ min: 1, max: 5 }),
      maxTotalSeconds: fc.integer({ min: HOUR, max: 10 * DAY }),
    })
    const lengths = fc.array(fc.integer({ min: 15 * MINUTE, max: 3 * DAY }), { maxLength: 12 })
    fc.assert(
      fc.property(rules, fc.integer({ min: 15 * MINUTE, max: 2 * DAY }), lengths, (caps, first, wanted) => {
        const extension = { allowed: true, ...caps }
        let endsAt = at(first)
        let extensions = 0
        for (const more of wanted) {
          const room = extensionRoom(extension, { grantedAt: T0, endsAt, extensions })
          expect(room.left).toBe(caps.maxCount - extensions)
          const next = new Date(endsAt.getTime() + more * 1000)
          if (!room.allowed || next > room.latestEnd) continue
          endsAt = next
          extensions += 1
        }
        expect(extensions).toBeLessThanOrEqual(caps.maxCount)
        if (extensions > 0)
          expect(endsAt.getTime() - T0.getTime()).toBeLessThanOrEqual(caps.maxTotalSeconds * 1000)
      }),
    )
  })

  it('no extension and no grace leads past the latest possible end, counted from the end it was given with', () => {
    const rules = fc.record({
      allowed: fc.boolean(),
      maxCount: fc.integer({ min: 1, max: 5 }),
      maxTotalSeconds: fc.integer({ min: HOUR, max: 10 * DAY }),
    })
    const seconds = (max: number) => fc.integer({ min: 0, max })
    const lengths = fc.array(fc.integer({ min: 15 * MINUTE, max: 3 * DAY }), { maxLength: 12 })
    fc.assert(
      fc.property(
        ...([
          rules,
          fc.integer({ min: 15 * MINUTE, max: 2 * DAY }),
          seconds(HOUR),
          seconds(DAY),
          lengths,
        ] as const),
        (extension, durationSeconds, slack, graceSeconds, wanted) => {
          const armed = { endsAt: at(slack + durationSeconds), durationSeconds }
          const latest = latestPossibleEnd({ extension, graceSeconds }, armed)!
          // Seen at once, or with the whole slack later: the end counts from then.
          for (const seen of [0, slack]) {
            let endsAt = at(seen + durationSeconds)
            for (const more of wanted) {
              const room = extensionRoom(extension, { grantedAt: at(seen), endsAt, extensions: 0 })
              const next = new Date(endsAt.getTime() + more * 1000)
              if (room.allowed && next <= room.latestEnd) endsAt = next
            }
            expect(endsAt.getTime() + graceSeconds * 1000).toBeLessThanOrEqual(latest.getTime())
          }
        },
      ),
    )
    const never = { allowed: false, maxCount: 1, maxTotalSeconds: DAY }
    const held = { endsAt: at(HOUR), durationSeconds: HOUR }
    expect(latestPossibleEnd({ extension: never, graceSeconds: 0 }, held)).toEqual(at(HOUR))
    expect(
      latestPossibleEnd({ extension: never, graceSeconds: 0 }, { endsAt: null, durationSeconds: null }),
    ).toBeNull()
  })
})
