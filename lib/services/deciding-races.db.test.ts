import { and, eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import type { Ctx } from '@/lib/context'
import { DAY, HOUR } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { CLIENTS, race, refusals, won } from '@/lib/testing/race'
import { decideOnRequest, lapseRequest, withdrawRequest } from './decisions'
import { editRequest } from './request-edits'
import { escalateRequest, reassignRequest, remindOfRequest } from './request-escalation'
import { askForAccess } from './requests'

let world: LeaseWorld
let owners: TestPerson[]

async function begin(policy: Partial<PolicyDefinition> = {}) {
  world = await createLeaseWorld(policy)
  const names = ['Carl Diaz', 'Dana Ekow', 'Emil Fuchs', 'Fatma Gul']
  const more = await Promise.all(names.map((name) => world.person(name)))
  await world.db
    .insert(schema.applicationOwner)
    .values(more.map((person) => ({ applicationId: world.applicationId, personId: person.id })))
  owners = [world.ben, ...more]
}
beforeEach(() => {
  owners = []
})
afterEach(async () => {
  await world.close()
})

const as = (person: TestPerson | 'engine'): Ctx => ({ ...world.as(person), db: world.clients.db })
const ask = async (seconds = DAY) => {
  const input = { entitlementId: world.entitlementId, seconds, reason: 'INC-2417' }
  return must(await askForAccess(world.as(world.ana), input)).requestId
}
const vote =
  (requestId: string, verdict: 'approve' | 'deny', version = 1) =>
  (turn: number) =>
    decideOnRequest(as(owners[turn % owners.length]!), { requestId, verdict, note: 'as agreed', version })
const request = async (id: string) =>
  (await world.db.query.request.findFirst({ where: eq(schema.request.id, id) }))!
const grantsOfAna = () => world.db.query.grant.findMany({ where: eq(schema.grant.personId, world.ana.id) })
const cast = (id: string, round = 1) =>
  world.db.query.decision.findMany({
    where: and(eq(schema.decision.requestId, id), eq(schema.decision.round, round)),
  })

describe(`${CLIENTS} clients at once`, () => {
  it.each([
    ['a minute before the time is over', true],
    ['in the moment it is over', false],
  ])('approve, deny, withdraw and lapse %s: one outcome', async (_name, early) => {
    await begin()
    const requestId = await ask()
    const { decideBy } = await request(requestId)
    // Just before the moment the votes win or lose among themselves; from the moment on only the lapse may.
    const moment = new Date(decideBy.getTime() - (early ? 60_000 : 0)).toISOString()
    await world.db.execute(sql`
      update clock set offset_ms = ceil(extract(epoch from ${moment}::timestamptz - clock_timestamp()) * 1000)::bigint`)
    const results = await race<Result<unknown>>(
      vote(requestId, 'approve'),
      vote(requestId, 'deny'),
      () => withdrawRequest(as(world.ana), requestId),
      () => lapseRequest(as('engine'), requestId),
    )
    const row = await request(requestId)
    expect(won(results)).toBe(1)
    expect(row.state).not.toBe('pending')
    expect(early ? row.state !== 'lapsed' : ['lapsed', 'withdrawn'].includes(row.state)).toBe(true)
    expect(refusals(results).every((code) => ['conflict', 'too_late'].includes(code))).toBe(true)
    expect((await world.verbs(requestId)).at(-1)).toBe(row.state)
    expect(await cast(requestId)).toHaveLength(['approved', 'denied'].includes(row.state) ? 1 : 0)
    const grants = await grantsOfAna()
    expect(grants).toHaveLength(row.state === 'approved' ? 1 : 0)
  })

  it('an edit against yeses to what stood before: whoever agreed to the old one is not counted for the new', async () => {
    await begin({ steps: [{ approvers: [{ kind: 'owners' }], quorum: 2 }] })
    const requestId = await ask(DAY)
    const edits: Result<unknown>[] = []
    const votes: Result<unknown>[] = []
    await race<unknown>(
      async (turn) => votes.push(await vote(requestId, 'approve')(turn)),
      async () => {
        const input = { requestId, seconds: 6 * HOUR, reason: 'INC-2417', startAt: null }
        edits.push(await editRequest(as(world.ana), input))
      },
    )
    const row = await request(requestId)
    const edited = won(edits)
    expect(edited).toBeLessThanOrEqual(1)
    if (row.state === 'approved') {
      expect(edited).toBe(0)
      expect(row).toMatchObject({ seconds: DAY, round: 1 })
      expect(await cast(requestId)).toHaveLength(2)
    } else {
      expect(row).toMatchObject({ state: 'pending', seconds: 6 * HOUR, round: 2, step: 0 })
      expect(await cast(requestId, 2)).toEqual([])
      expect((await cast(requestId)).length).toBeLessThanOrEqual(1)
      expect(await grantsOfAna()).toEqual([])
    }
  })

  it('escalations, reminders and reassignments beside two yeses: they never lose or double one', async () => {
    await begin({ steps: [{ approvers: [{ kind: 'owners' }], quorum: 2, escalateSeconds: HOUR }] })
    const requestId = await ask()
    await world.db.execute(sql`update request set step_opened_at = step_opened_at - interval '2 hours'`)
    const votes: Result<unknown>[] = []
    await race<unknown>(
      async (turn) => votes.push(await vote(requestId, 'approve')(turn)),
      () => escalateRequest(as('engine'), requestId),
      () => remindOfRequest(as('engine'), requestId),
      () =>
        reassignRequest(as(world.ines), {
          requestId,
          personIds: owners.map((o) => o.id),
          reason: 'All of you, please',
        }),
    )
    expect(won(votes)).toBe(2)
    expect(refusals(votes)).toEqual(['conflict'])
    expect(await request(requestId)).toMatchObject({ state: 'approved', round: 1 })
    expect(new Set((await cast(requestId)).map((d) => d.personId)).size).toBe(2)
    expect((await world.verbs(requestId)).filter((verb) => verb === 'escalated').length).toBeLessThanOrEqual(
      1,
    )
    expect(await grantsOfAna()).toHaveLength(1)
  })

  it('two accounts of one person, the address spelled differently, count once', async () => {
    await begin({ steps: [{ approvers: [{ kind: 'owners' }], quorum: 2 }] })
    const twin = await world.person('Ben Twin', {
      email: world.ben.email.replace('@', '+leasehold@').toUpperCase(),
    })
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: twin.id })
    const requestId = await ask()
    const yes = { requestId, verdict: 'approve' as const, note: null, version: 1 }
    const results = await race(
      () => decideOnRequest(as(world.ben), yes),
      () => decideOnRequest(as(twin), yes),
    )
    expect(won(results)).toBe(1)
    expect(refusals(results).sort()).toEqual(['conflict', 'forbidden'])
    expect(await request(requestId)).toMatchObject({ state: 'pending' })
  })

  it('nobody agrees to their own request by a second account', async () => {
    await begin()
    const twin = await world.person('Ana Twin', { email: world.ana.email.replace('@', '+2@') })
    await world.db
      .insert(schema.applicationOwner)
      .values({ applicationId: world.applicationId, personId: twin.id })
    const requestId = await ask()
    const yes = { requestId, verdict: 'approve' as const, note: null, version: 1 }
    expect(await decideOnRequest(as(twin), yes)).toMatchObject({ ok: false, code: 'forbidden' })
  })
})
