import { and, eq, inArray, sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { schema } from '@/db/client'
import { HOUR, plus } from '@/lib/domain/duration'
import type { WorkKind } from '@/lib/domain/work'
import { setDrill } from '@/lib/services/drills'
import { askForExtension } from '@/lib/services/extension-requests'
import { removeHolders } from '@/lib/services/findings'
import { readHolders } from '@/lib/services/holder-readings'
import { askForAccess } from '@/lib/services/requests'
import { type LeaseWorld, must } from '@/lib/testing/lease-world'
import { armEvidence } from '../handlers/evidence'
import { armUpkeep } from '../handlers/upkeep'
import type { Act } from './act'

/** What happens to one access, mostly a grant, while engines die: told up to the moment before, and from there to its end. */
export interface Story {
  /** What happened before; what somebody does in the process that may die; and how the grant is found. */
  begin(world: LeaseWorld): Promise<{ act?: Act; grantId: () => Promise<string | null> }>
  /** Waits until it is over, however many engines that takes; moves the clock where only time is missing. */
  finish(world: LeaseWorld, grantId: () => Promise<string | null>): Promise<void>
  /** What is true of it then, beside the ledger. */
  check(world: LeaseWorld, grantId: string): Promise<void>
}

/** Longer than anything here may take; what takes too long is told by whoever measures it. */
const PATIENCE_MS = 100_000

async function until(what: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(async () => expect(await what()).toBeTruthy(), { timeout: PATIENCE_MS, interval: 250 })
}

const ours: WorkKind[] = ['give', 'take', 'look', 'notice', 'alarm', 'send', 'event']
const upkeep: WorkKind[] = ['probe', 'sync', 'drift', 'drill', 'checkpoint', 'retention']

/** Nothing of the story is due any more. */
async function idle({ db }: LeaseWorld): Promise<boolean> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from work where kind in ${ours} and due_at <= leasehold_now()`)
  return row?.n === 0
}

/** Puts off what every engine does beside the story, so that a process dies of the story and of nothing else. */
async function quiet({ db }: LeaseWorld): Promise<void> {
  await Promise.all([armUpkeep(db), armEvidence(db)])
  await db
    .update(schema.work)
    .set({ notBefore: sql`clock_timestamp() + interval '1 hour'` })
    .where(inArray(schema.work.kind, upkeep))
}

/** Moves the clock at one stroke; what comes due by that is an engine's. */
async function jump({ db }: LeaseWorld, to: Date): Promise<void> {
  await db.execute(sql`
    update clock set offset_ms = greatest(offset_ms,
      ceil(extract(epoch from ${to.toISOString()}::timestamptz - clock_timestamp()) * 1000)::bigint)`)
}

async function held(world: LeaseWorld): Promise<string> {
  await quiet(world)
  const grantId = await world.approved()
  await world.drain()
  return grantId
}

/** Up to an hour before its end, with its notice sent. */
async function almostOver(world: LeaseWorld): Promise<string> {
  const grantId = await held(world)
  await world.advance('+5h 1m')
  return grantId
}

const known = (grantId: string) => ({ grantId: async () => grantId })
const times = async (world: LeaseWorld, id: string, verb: string) =>
  (await world.verbs(id)).filter((one) => one === verb).length

async function active(world: LeaseWorld, grantId: () => Promise<string | null>): Promise<void> {
  await until(async () => {
    const id = await grantId()
    return id && (await world.grant(id)).state === 'active' && (await idle(world))
  })
}

/** Waits for the end, and for the look after it. */
async function settled(world: LeaseWorld, id: string): Promise<void> {
  await until(async () => (await world.grant(id)).state === 'ended')
  const look = await world.db.query.work.findFirst({
    where: and(eq(schema.work.kind, 'look'), eq(schema.work.subjectId, id)),
  })
  if (look) await jump(world, look.dueAt)
  await until(() => idle(world))
}

async function givenOnce(world: LeaseWorld, id: string): Promise<void> {
  const row = await world.grant(id)
  expect([await times(world, id, 'giving'), await times(world, id, 'given')]).toEqual([1, 1])
  expect(world.target.state.effects.filter((effect) => effect.act === 'given')).toHaveLength(1)
  expect(row.grantedAt!.getTime()).toBeLessThanOrEqual(plus(row.firstGiveAt!, 15 * 60).getTime())
  const left = await world.db.query.mail.findMany({ where: inArray(schema.mail.state, ['queued', 'failed']) })
  expect(left, 'mails that did not go out').toEqual([])
}

async function takenOnce(world: LeaseWorld, id: string): Promise<void> {
  await givenOnce(world, id)
  const once = ['ending', 'seen_absent', 'settled']
  expect(await Promise.all(once.map((verb) => times(world, id, verb)))).toEqual([1, 1, 1])
  expect(world.target.state.effects.map((effect) => effect.act)).toEqual(['given', 'taken'])
  expect(world.holders()).toEqual([])
}

const give: Story = {
  async begin(world) {
    await quiet(world)
    const ask = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'INC-2417', startAt: null }
    const { requestId } = must(await askForAccess(world.as(world.ana), ask))
    await world.drain()
    const grantId = async () => {
      const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
      return row?.grantId ?? null
    }
    return { act: { actor: world.ben.actor, approve: requestId }, grantId }
  },
  finish: active,
  async check(world, id) {
    await givenOnce(world, id)
    const row = await world.grant(id)
    expect(row.endsAt).toEqual(plus(row.grantedAt!, 6 * HOUR))
  },
}

const extend: Story = {
  async begin(world) {
    const id = await held(world)
    const more = { grantId: id, seconds: 6 * HOUR, reason: 'one more run' }
    const { requestId } = must(await askForExtension(world.as(world.ana), more))
    await world.drain()
    return { act: { actor: world.ben.actor, approve: requestId }, ...known(id) }
  },
  async finish(world, grantId) {
    const id = await grantId()
    await until(async () => (await world.grant(id!)).extensions > 0 && (await idle(world)))
  },
  async check(world, id) {
    await givenOnce(world, id)
    const row = await world.grant(id)
    expect([row.extensions, await times(world, id, 'extended')]).toEqual([1, 1])
    expect(row.endsAt).toEqual(plus(row.grantedAt!, 12 * HOUR))
    const work = await world.db.query.work.findMany({ where: eq(schema.work.subjectId, id) })
    const due = Object.fromEntries(work.map((item) => [item.kind, item.dueAt]))
    expect(due).toEqual({
      take: row.endsAt,
      alarm: plus(row.endsAt!, 60),
      notice: plus(row.endsAt!, -row.noticeSeconds!),
    })
  },
}

const revoke: Story = {
  async begin(world) {
    const id = await held(world)
    return { act: { actor: world.ines.actor, revoke: id }, ...known(id) }
  },
  finish: async (world, grantId) => settled(world, (await grantId())!),
  async check(world, id) {
    await takenOnce(world, id)
    expect(await world.grant(id)).toMatchObject({ endReason: 'revoked', verified: true })
  },
}

const expire: Story = {
  async begin(world) {
    const id = await almostOver(world)
    await jump(world, (await world.grant(id)).endsAt!)
    return known(id)
  },
  finish: revoke.finish,
  async check(world, id) {
    await takenOnce(world, id)
    const row = await world.grant(id)
    expect(row).toMatchObject({ endReason: 'expired', rightOverAt: row.endsAt, verified: true })
  },
}

const notify: Story = {
  async begin(world) {
    const id = await held(world)
    await jump(world, plus((await world.grant(id)).endsAt!, -HOUR))
    return known(id)
  },
  async finish(world, grantId) {
    const id = await grantId()
    await until(async () => (await world.grant(id!)).noticeSentAt && (await idle(world)))
  },
  async check(world, id) {
    await givenOnce(world, id)
    expect(await times(world, id, 'notice_sent')).toBe(1)
    const notices = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'expiry-notice') })
    expect(notices.map((mail) => mail.state)).toEqual(['sent'])
  },
}

const giveRefused: Story = {
  ...give,
  async begin(world) {
    world.target.fault({ kind: 'status', status: 503, on: 'grant.provision' })
    return give.begin(world)
  },
}

/** The first take is refused, and what is held is looked up slowly enough for the alarm to go off meanwhile. */
const expireLate: Story = {
  ...expire,
  async begin(world) {
    const id = await almostOver(world)
    world.target.fault({ kind: 'status', status: 503, on: 'grant.revoke' })
    world.target.fault({ kind: 'delay', ms: 2500, on: 'grant.check' })
    await jump(world, plus((await world.grant(id)).endsAt!, 61))
    return known(id)
  },
  async check(world, id) {
    await expire.check(world, id)
    expect(await times(world, id, 'overdue')).toBeLessThanOrEqual(1)
  },
}

/** What was seen gone is there again when it is looked at once more, as after a give that took effect late. */
const comesBack: Story = {
  ...revoke,
  async finish(world, grantId) {
    const id = (await grantId())!
    await until(async () => (await world.grant(id)).state === 'ended')
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    await settled(world, id)
    await until(async () => (await times(world, id, 'seen_absent')) === 2)
    await settled(world, id)
  },
  async check(world, id) {
    await givenOnce(world, id)
    const verbs = ['ending', 'reopened', 'seen_absent', 'settled']
    expect(await Promise.all(verbs.map((verb) => times(world, id, verb)))).toEqual([1, 1, 2, 1])
    expect(world.target.state.effects.map((effect) => effect.act)).toEqual(['given', 'taken', 'taken'])
    expect(world.holders()).toEqual([])
  },
}

const nobody = { grantId: async () => null }

/** Somebody holds it without a right, and is taken out by order of an owner. */
const removal: Story = {
  async begin(world) {
    await quiet(world)
    const reading = { applicationId: world.applicationId }
    must(await readHolders(world.as(world.ben), reading))
    const { id } = world.target.state.addAccount({ email: 'eve@halden.example', name: 'Eve' })
    world.target.state.hold(world.externalId, id, { state: 'direct' })
    await world.advance('+5m')
    must(await readHolders(world.as(world.ben), reading))
    const found = await world.db.query.finding.findMany()
    const findingIds = found.map((finding) => finding.id)
    const order = { ...reading, findingIds, confirm: 'Data warehouse', reason: 'left the team' }
    expect(must(await removeHolders(world.as(world.ben), order))).toEqual({ ordered: 1 })
    return nobody
  },
  finish: ({ db }) =>
    until(() => db.query.finding.findFirst({ where: eq(schema.finding.closedAs, 'removed') })),
  async check(world) {
    expect(world.holders()).toEqual([])
    expect(world.target.state.effects.map((effect) => effect.act)).toEqual(['taken'])
    const removed = eq(schema.timeline.verb, 'removed')
    expect(await world.db.$count(schema.timeline, removed)).toBe(1)
  },
}

/** What the drill that died left in the target is taken by the next one, which then is one that went well. */
const drill: Story = {
  async begin(world) {
    await quiet(world)
    const { applicationId } = world
    const { id } = world.target.state.addEntitlement({ name: 'canary' })
    world.target.state.addAccount({ email: 'drill@target.invalid', name: 'drill' })
    const entitlementId = await world.entitlement(applicationId, 'canary', { externalId: id })
    must(await setDrill(world.as(world.ines), { applicationId, entitlementId, account: 'drill' }))
    return nobody
  },
  finish: ({ db }) => until(() => db.query.drill.findFirst({ where: eq(schema.drill.ok, true) })),
  async check({ target }) {
    const [canary] = [...target.state.entitlements.values()].filter(({ name }) => name === 'canary')
    expect(target.state.holders(canary!.id)).toEqual([])
    const acts = target.state.effects.map((effect) => effect.act)
    expect(acts).toEqual(acts.map((_, i) => (i % 2 === 0 ? 'given' : 'taken')))
  },
}

/** The five that everything is about; three in which something goes wrong beside the crash; two about no grant. */
export const stories = {
  give,
  extend,
  revoke,
  expire,
  notify,
  'give, refused once': giveRefused,
  'expire, late': expireLate,
  'revoke, and it comes back': comesBack,
  'a removal': removal,
  'a drill': drill,
} as const satisfies Record<string, Story>
export type StoryName = keyof typeof stories
