import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { TargetState } from '@/lib/connectors/testing/target-state'
import { HOUR } from '@/lib/domain/duration'
import { advanceClock, parseAdvance } from '@/lib/engine/advance'
import { performDue } from '@/lib/engine/perform'
import { checkLedger } from '@/lib/testing/check-ledger'
import { must } from '@/lib/testing/lease-world'
import { decideOnRequest } from './decisions'
import { returnGrant, revokeGrant } from './grants'
import { askForAccess } from './requests'
import { completeTask } from './tasks'

/** An application that no connector reaches: Ben owns it, Fay and Finn fulfil it, Ana asks. */
let world: World
let ana: TestPerson
let ben: TestPerson
let fay: TestPerson
let finn: TestPerson
let entitlementId: string

beforeEach(async () => {
  world = await createWorld()
  ben = await world.person('Ben Okafor')
  fay = await world.person('Fay Ledger')
  finn = await world.person('Finn Ledger')
  ana = await world.person('Ana Oliveira', { managerId: ben.id })
  const fulfilmentGroupId = await world.group('Facilities', [fay, finn, ana])
  const applicationId = await world.application('Building', {
    owners: [ben],
    fulfilmentGroupId,
    taskSeconds: 4 * HOUR,
  })
  entitlementId = await world.entitlement(applicationId, 'Server room key')
  await world.policy('Keys', {
    entitlementIds: [entitlementId],
    presets: [{ seconds: 6 * HOUR, noticeSeconds: HOUR }],
  })
})
afterEach(async () => {
  try {
    await checkLedger({ db: world.db, target: { state: new TargetState() } })
  } finally {
    await world.close()
  }
})

async function drain() {
  while ((await performDue(world.db)) > 0);
}
async function advance(by: string) {
  must(await advanceClock(world.database, parseAdvance(by) ?? 0))
}
async function approved(): Promise<string> {
  const ask = { entitlementId, seconds: 6 * HOUR, reason: 'A disk is to be changed', startAt: null }
  const { requestId } = must(await askForAccess(world.as(ana), ask))
  const answer = { requestId, verdict: 'approve' as const, note: null, version: 1 }
  const { grantId } = must(await decideOnRequest(world.as(ben), answer))
  await drain()
  return grantId!
}
const grant = async (id: string) =>
  (await world.db.query.grant.findFirst({ where: eq(schema.grant.id, id) }))!
const tasks = () => world.db.query.task.findMany({ orderBy: schema.task.openedAt })
const open = async (kind: 'give' | 'take') =>
  (await tasks()).find((t) => t.kind === kind && t.state === 'open')!
const complete = async (who: TestPerson, kind: 'give' | 'take', version = 1) =>
  completeTask(world.as(who), {
    taskId: (await open(kind)).id,
    evidence: 'Key 14, see the key book',
    version,
  })
const mails = async (kind: string) =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind) })).map((m) => m.recipient).sort()

describe('giving by hand', () => {
  it('opens a task for those who fulfil it, and the end stands armed from then on', async () => {
    const grantId = await approved()
    const row = await grant(grantId)
    expect(row).toMatchObject({ state: 'provisioning', baseline: 'unknown' })
    // Done at the last moment it would run this long; the domain counts whole seconds.
    const most = Number(row.endsAt) - Number(row.startBy) - 6 * HOUR * 1000
    expect(most).toBeGreaterThanOrEqual(0)
    expect(most).toBeLessThan(1000)
    const task = await open('give')
    expect(Number(task.dueAt) - Number(task.openedAt)).toBe(4 * HOUR * 1000)
    expect(await world.verbs(task.id)).toEqual(['task_opened'])
    expect(await mails('task-for-you')).toEqual([fay.email, finn.email])
  })

  it('counts from its completion, and keeps the evidence in both timelines', async () => {
    const grantId = await approved()
    const task = await open('give')
    await advance('+2h')
    must(await complete(fay, 'give'))
    const row = await grant(grantId)
    expect(row.state).toBe('active')
    expect(Number(row.endsAt) - Number(row.grantedAt)).toBe(6 * HOUR * 1000)
    expect(Number(row.grantedAt) - Number(row.firstGiveAt)).toBeGreaterThanOrEqual(2 * HOUR * 1000)
    const [done] = await tasks()
    expect(done).toMatchObject({
      id: task.id,
      state: 'done',
      doneBy: fay.id,
      evidence: 'Key 14, see the key book',
    })
    expect(await world.verbs(task.id)).toEqual(['task_opened', 'task_done'])
    expect(await world.verbs(grantId)).toEqual(['scheduled', 'started', 'giving', 'given'])
  })

  it('is said by those who fulfil it or own it, never by the holder', async () => {
    await approved()
    const eve = await world.person('Eve Stranger')
    for (const who of [ana, eve]) expect(await complete(who, 'give')).toMatchObject({ code: 'forbidden' })
    expect(await complete(fay, 'give', 2)).toMatchObject({ code: 'stale' })
    must(await complete(ben, 'give'))
  })

  it('is said once: of two at once, the second is told', async () => {
    await approved()
    const task = await open('give')
    const say = (who: TestPerson) =>
      completeTask(world.as(who), { taskId: task.id, evidence: 'done', version: 1 })
    const answers = await Promise.all([fay, finn, ben, fay].map(say))
    expect(answers.filter((a) => a.ok)).toHaveLength(1)
    expect(answers.flatMap((a) => (a.ok ? [] : [a.code]))).toEqual(['conflict', 'conflict', 'conflict'])
  })

  it('that nobody did in time is asked to be taken back: somebody may have given it without a word', async () => {
    const grantId = await approved()
    const give = await open('give')
    await advance('+25h')
    expect(await grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'withdrawn' })
    expect((await tasks()).map((t) => [t.kind, t.state])).toEqual([
      ['give', 'void'],
      ['take', 'open'],
    ])
    const late = await completeTask(world.as(fay), { taskId: give.id, evidence: 'now', version: 2 })
    expect(late).toMatchObject({
      code: 'conflict',
      message: 'This task was called off: the access is not wanted any more',
    })
    must(await complete(fay, 'take'))
    expect((await grant(grantId)).state).toBe('ended')
  })
})

describe('taking by hand', () => {
  async function held() {
    const grantId = await approved()
    must(await complete(fay, 'give'))
    return grantId
  }

  it('opens a task at the end, and ends on the word of who took it, marked "not verified"', async () => {
    const grantId = await held()
    await advance('+6h 1m')
    expect((await grant(grantId)).state).toBe('revoking')
    expect(await complete(ana, 'take')).toMatchObject({ code: 'forbidden' })
    must(await complete(finn, 'take'))
    expect(await grant(grantId)).toMatchObject({ state: 'ended', endReason: 'expired', verified: false })
    expect((await world.verbs(grantId)).slice(-2)).toEqual(['ending', 'answered_absent'])
    await drain()
    expect(await world.db.query.work.findMany()).toEqual([])
    expect(await mails('access-ended')).toEqual([ana.email])
  })

  it('raises the alarm when the task is overdue, not a minute after the end', async () => {
    const grantId = await held()
    must(await revokeGrant(world.as(ben), { grantId, reason: 'Key needed elsewhere' }))
    await drain()
    await advance('+3h 59m')
    expect((await grant(grantId)).overdueSince).toBeNull()
    await advance('+2m')
    expect((await grant(grantId)).overdueSince).not.toBeNull()
    expect(await mails('could-not-remove')).toEqual([ben.email])
    must(await complete(fay, 'take'))
    expect((await grant(grantId)).state).toBe('ended')
  })

  it('keeps one task open however often it is looked after', async () => {
    const grantId = await held()
    must(await returnGrant(world.as(ana), { grantId, reason: '' }))
    await drain()
    await advance('+3h 30m')
    expect((await tasks()).filter((t) => t.kind === 'take')).toHaveLength(1)
    expect(await mails('task-for-you')).toHaveLength(4)
  })

  it('opens none when somebody said that it is gone while it was being looked after', async () => {
    const grantId = await held()
    must(await returnGrant(world.as(ana), { grantId, reason: '' }))
    await drain()
    await Promise.all([complete(fay, 'take'), advance('+1h 1m')])
    expect((await grant(grantId)).state).toBe('ended')
    expect((await tasks()).filter((t) => t.state === 'open')).toEqual([])
  })
})
