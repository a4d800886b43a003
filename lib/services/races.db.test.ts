import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import type { Ctx } from '@/lib/context'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import { performDue } from '@/lib/engine/perform'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { CLIENTS, race, refusals, won } from '@/lib/testing/race'
import { decideOnRequest, withdrawRequest } from './decisions'
import { askForExtension } from './extension-requests'
import { returnGrant, revokeGrant } from './grants'
import { askForAccess } from './requests'

let world: LeaseWorld
let owners: TestPerson[]
beforeEach(async () => {
  world = await createLeaseWorld()
  const names = ['Carl Diaz', 'Dana Ekow', 'Emil Fuchs', 'Fatma Gul']
  const more = await Promise.all(names.map((name) => world.person(name)))
  await world.db
    .insert(schema.applicationOwner)
    .values(more.map((person) => ({ applicationId: world.applicationId, personId: person.id })))
  owners = [world.ben, ...more]
})
afterEach(async () => {
  await world.close()
})

const as = (person: TestPerson): Ctx => ({ db: world.clients.db, actor: person.actor })

const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const decisions = (id: string) =>
  world.db.query.decision.findMany({ where: eq(schema.decision.requestId, id) })

const input = (seconds = 6 * HOUR) => ({
  entitlementId: world.entitlementId,
  seconds,
  reason: 'INC-2417',
  startAt: null,
})
const vote = (requestId: string, verdict: 'approve' | 'deny') => (turn: number) =>
  decideOnRequest(as(owners[turn % owners.length]!), { requestId, verdict, note: 'as agreed', version: 1 })

/** Lets the end of a grant come without anybody having done anything about it yet. */
async function letTheEndCome(grantId: string) {
  const { endsAt } = await world.grant(grantId)
  await world.db.execute(sql`
    update clock set offset_ms = ceil(extract(epoch from ${endsAt!.toISOString()}::timestamptz - clock_timestamp()) * 1000)::bigint`)
}

describe(`${CLIENTS} clients at once`, () => {
  it('approve, deny and withdraw: one outcome, and every loser is told of the conflict', async () => {
    for (let round = 1; round <= 4; round++) {
      const asker = await world.person(`Asker ${'x'.repeat(round)}`)
      const { requestId } = must(await askForAccess(world.as(asker), input()))
      const results = await race<Result<unknown>>(vote(requestId, 'approve'), vote(requestId, 'deny'), () =>
        withdrawRequest(as(asker), requestId),
      )
      expect(won(results)).toBe(1)
      expect(refusals(results)).toEqual(['conflict'])
      const row = await request(requestId)
      expect(['approved', 'denied', 'withdrawn']).toContain(row.state)
      expect(await world.verbs(requestId)).toEqual(['asked', row.state])
      expect(await decisions(requestId)).toHaveLength(row.state === 'withdrawn' ? 0 : 1)
      const grants = await world.db.query.grant.findMany({ where: eq(schema.grant.personId, asker.id) })
      expect(grants.map((g) => g.id)).toEqual(row.state === 'approved' ? [row.grantId] : [])
    }
  })

  it('ask for the same: one pending request, one mail to each approver', async () => {
    const results = await race(() => askForAccess(as(world.ana), input()))
    expect(won(results)).toBe(1)
    expect(refusals(results)).toEqual(['conflict'])
    const pending = await world.db.query.request.findMany({ where: eq(schema.request.state, 'pending') })
    expect(pending).toHaveLength(1)
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'decision-needed') })
    expect(mails.map((m) => m.recipient).sort()).toEqual(owners.map((o) => o.email).sort())
  })

  it('ask for more time: one pending extension', async () => {
    const grantId = await world.approved()
    await world.drain()
    const more = { grantId, seconds: 6 * HOUR, reason: 'one more run' }
    const results = await race(
      () => askForExtension(as(world.ana), more),
      () => askForExtension(as(world.ben), more),
    )
    expect(won(results)).toBe(1)
    expect(refusals(results)).toEqual(['conflict'])
  })

  it('revoke, return and extend: it is taken back once, extended before that or not at all', async () => {
    const grantId = await world.approved()
    await world.drain()
    const before = await world.grant(grantId)
    const { requestId } = must(
      await askForExtension(world.as(world.ana), { grantId, seconds: 6 * HOUR, reason: 'one more run' }),
    )
    const ends: Result<unknown>[] = []
    const votes: Result<unknown>[] = []
    await race(
      async (turn) => ends.push(await revokeGrant(as(owners[turn % 5]!), { grantId, reason: 'INC-7' })),
      async () => ends.push(await returnGrant(as(world.ana), { grantId, reason: '' })),
      async (turn) => votes.push(await vote(requestId, 'approve')(turn)),
    )
    expect([won(ends), refusals(ends)]).toEqual([1, ['conflict']])
    expect(won(votes)).toBeLessThanOrEqual(1)
    expect(refusals(votes)).toEqual(['conflict'])
    const extended = won(votes)
    const row = await world.grant(grantId)
    expect((await request(requestId)).state).toBe(extended ? 'approved' : 'lapsed')
    expect(row.extensions).toBe(extended)
    expect(row.endsAt!.getTime() - before.endsAt!.getTime()).toBe(extended * 6 * HOUR * 1000)
    await world.drain()
    expect((await world.verbs(grantId)).filter((verb) => verb === 'ending')).toHaveLength(1)
    expect(world.target.state.effects.map((e) => e.act)).toEqual(['given', 'taken'])
  })

  it('revoke, extend and expire at the end: nothing is extended, and it is late from its end on', async () => {
    const grantId = await world.approved()
    await world.drain()
    const { requestId } = must(
      await askForExtension(world.as(world.ana), { grantId, seconds: 6 * HOUR, reason: 'one more run' }),
    )
    await letTheEndCome(grantId)
    const ends: Result<unknown>[] = []
    const votes: Result<unknown>[] = []
    await race(
      async () => performDue(world.clients.db),
      async (turn) => ends.push(await revokeGrant(as(owners[turn % 5]!), { grantId, reason: 'INC-7' })),
      async (turn) => votes.push(await vote(requestId, 'approve')(turn)),
    )
    await world.drain()
    expect(won(votes)).toBe(0)
    expect(won(ends)).toBeLessThanOrEqual(1)
    expect(refusals(ends)).toEqual(['conflict'])
    expect((await request(requestId)).state).toBe('lapsed')
    const row = await world.grant(grantId)
    expect(row).toMatchObject({ state: 'ended', endReason: won(ends) ? 'revoked' : 'expired', extensions: 0 })
    expect(row.rightOverAt).toEqual(row.endsAt)
    expect((await world.verbs(grantId)).filter((verb) => verb === 'ending')).toHaveLength(1)
    expect(world.target.state.effects.map((e) => e.act)).toEqual(['given', 'taken'])
  })

  it('drain the same queue: each access is given once, each mail sent once', async () => {
    const people = await Promise.all(['Gro', 'Hans', 'Iris', 'Jon', 'Kim'].map((name) => world.person(name)))
    for (const person of people) {
      world.target.state.addAccount({ email: person.email })
      const { requestId } = must(await askForAccess(world.as(person), input()))
      must(await vote(requestId, 'approve')(0))
    }
    await race(() => performDue(world.clients.db))
    await world.drain()
    expect(world.target.state.effects.map((e) => e.act)).toEqual(people.map(() => 'given'))
    expect(world.target.calls.filter((call) => call.type === 'grant.provision')).toHaveLength(people.length)
    const ready = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'access-ready') })
    expect(ready.map((m) => [m.recipient, m.state]).sort()).toEqual(
      people.map((p) => [p.email, 'sent']).sort(),
    )
  })
})

describe('two approvers of a quorum of two', () => {
  const asked = async () => {
    const policy = await world.db.query.policy.findFirst()
    const steps = [{ approvers: [{ kind: 'owners' as const }], quorum: 2 }]
    const [version] = await world.db.select().from(schema.policyVersion)
    await world.db.insert(schema.policyVersion).values({
      ...version!,
      id: crypto.randomUUID(),
      number: 2,
      definition: { ...version!.definition, steps },
    })
    await world.db.execute(
      sql`update policy set current_version_id = (select id from policy_version where number = 2) where id = ${policy!.id}`,
    )
    return must(await askForAccess(world.as(world.ana), input(DAY))).requestId
  }

  it('at once: both count, a third is told that it is decided, nobody counts twice', async () => {
    const requestId = await asked()
    const results = await race<Awaited<ReturnType<typeof decideOnRequest>>>(vote(requestId, 'approve'))
    expect(results.flatMap((r) => (r.ok ? [r.value.state] : [])).sort()).toEqual(['approved', 'pending'])
    expect(refusals(results)).toEqual(['conflict'])
    const cast = await decisions(requestId)
    expect(new Set(cast.map((d) => d.personId)).size).toBe(2)
    expect(await world.verbs(requestId)).toEqual(['asked', 'agreed', 'approved'])
    expect(await world.db.query.grant.findMany()).toHaveLength(1)
  })

  it('one of whom shortens it: who saw the longer one looks again before agreeing', async () => {
    const requestId = await asked()
    const [ben, carl] = owners as [TestPerson, TestPerson]
    const yes = { requestId, verdict: 'approve' as const, note: null, version: 1 }
    must(await decideOnRequest(as(ben), { ...yes, seconds: 6 * HOUR }))
    expect(await decideOnRequest(as(carl), yes)).toMatchObject({ ok: false, code: 'stale' })
    expect(must(await decideOnRequest(as(carl), { ...yes, version: 2 })).state).toBe('approved')
    expect((await world.db.query.grant.findMany())[0]).toMatchObject({ durationSeconds: 6 * HOUR })
  })

  it('a version that never was is refused', async () => {
    const requestId = await asked()
    const answer = { requestId, verdict: 'approve' as const, note: null, version: 7 }
    expect(await decideOnRequest(as(world.ben), answer)).toMatchObject({ code: 'stale' })
  })
})
