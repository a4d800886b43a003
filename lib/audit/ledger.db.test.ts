import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tx } from '@/db/client'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { runTypeScript } from '@/scripts/lib/child.mjs'
import { checkRecord, recordProblems } from './ledger'
import { sealAll } from './sealer'

let world: LeaseWorld
let grantId: string
beforeEach(async () => {
  world = await createLeaseWorld()
  grantId = await world.approved()
  await world.drain()
})
afterEach(() => world.close())

class Undone extends Error {}

/** What is found wrong after somebody changed the record as a superuser; nothing of it stays. */
async function tampered(tamper: (tx: Tx) => Promise<unknown>): Promise<readonly string[]> {
  let problems: readonly string[] = []
  const undone = world.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tamper(tx)
    problems = (await recordProblems(tx)).problems
    throw new Undone()
  })
  await expect(undone).rejects.toThrow(Undone)
  return problems
}

const words = (text: string) => [expect.stringContaining(text.replaceAll('<g>', grantId))]
const revoked = async () =>
  must(await revokeGrant(world.as(world.ines), { grantId, reason: 'no longer needed' }))

describe('of an access that is held, the check of a living record names', () => {
  it('nothing while it is sound, however it is divided', async () => {
    expect(await checkRecord(world.db)).toEqual({ grants: 1, requests: 1, calls: 4, problems: [] })
    expect(await checkRecord(world.db, 1)).toEqual(await checkRecord(world.db))
  })

  it.each<[string, (tx: Tx) => Promise<unknown>, string]>([
    [
      'I1, a take that is not armed',
      (tx) => tx.execute(sql`delete from work where kind = 'take'`),
      'I1: grant <g> is active and nothing is armed to take it back',
    ],
    [
      'I2, a give that nobody approved',
      (tx) => tx.execute(sql`update request set state = 'denied'`),
      'I2: a give was sent for grant <g>, which nobody had approved',
    ],
    [
      'I3, an approval without its vote',
      (tx) => tx.execute(sql`delete from decision`),
      'is approved, and step 1 has 0 of 1',
    ],
    [
      'I4, an entry that is gone',
      (tx) => tx.execute(sql`delete from timeline where verb = 'started'`),
      'I4: grant <g> is at version 4 and has entries 1, 3, 4',
    ],
    [
      'I7, an alarm that is not armed',
      (tx) => tx.execute(sql`delete from work where kind = 'alarm'`),
      'I7: grant <g> is active and no alarm is armed for',
    ],
    [
      'I9, a give without its intent',
      (tx) => tx.execute(sql`update timeline set verb = 'answered' where verb = 'giving'`),
      'I9: a give was sent for grant <g> without the intent to give on record',
    ],
    [
      'I10, a notice after the end',
      (tx) =>
        tx.execute(sql`
          insert into mail (id, occasion, kind, recipient, grant_id, data, state, created_at, sent_at)
          select gen_random_uuid(), 'late', 'expiry-notice', 'ana@halden.example', id,
            jsonb_build_object('endsAt', ends_at), 'sent', ends_at, ends_at + interval '1 minute'
          from "grant"`),
      'I10: the notice of grant <g> went out after its end',
    ],
  ])('%s', async (_name, tamper, found) => {
    expect(await tampered(tamper)).toEqual(words(found))
  })
})

describe('of one that ended', () => {
  beforeEach(async () => {
    await revoked()
    await world.drain()
    await world.advance('+1m')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', verified: true })
  })

  it.each<[string, (tx: Tx) => Promise<unknown>, string]>([
    [
      'I1, that it was seen gone late and nobody said so',
      (tx) => tx.execute(sql`update "grant" set seen_absent_at = right_over_at + interval '10 minutes'`),
      'I1: grant <g> was seen gone at',
    ],
    [
      'I6, that the target said it is there again',
      (tx) =>
        tx.execute(sql`
          insert into attempt (grant_id, operation, operation_id, started_at, took_ms, outcome)
          select id, 'check', 'again', clock_timestamp(), 3, 'direct' from "grant"`),
      'I6: grant <g> is ended, and the target said last',
    ],
    [
      'I11, that we took what was there before us',
      (tx) => tx.execute(sql`update "grant" set preexisting = true`),
      'I11: a take was sent for grant <g>, though it was not given by us',
    ],
    [
      'I9, that we took it before its end was on record',
      (tx) => tx.execute(sql`update timeline set verb = 'answered' where verb = 'ending'`),
      'I9: a take was sent for grant <g> without its end on record',
    ],
  ])('%s', async (_name, tamper, found) => {
    expect(await tampered(tamper)).toEqual(words(found))
  })
})

describe('of one that the target does not let go', () => {
  beforeEach(async () => {
    world.target.fault({ kind: 'status', status: 503, on: 'grant.revoke', times: 9 })
    await revoked()
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking' })
  })
  afterEach(async () => {
    world.target.clear()
    await world.retryNow()
  })

  it('I8, a next try that is put off for too long', async () => {
    expect(await tampered(async () => {})).toEqual([])
    const found = await tampered((tx) =>
      tx.execute(sql`update work set not_before = tried_at + interval '16 minutes' where kind = 'take'`),
    )
    expect(found).toEqual(words('I8: the take of grant <g> was tried at'))
  })

  it('I8, a gap in which the engine was at work elsewhere; not one in which nobody was', async () => {
    const idle = sql`update attempt set started_at = started_at - interval '1 hour'`
    expect(await tampered((tx) => tx.execute(idle))).toEqual([])
    const found = await tampered(async (tx) => {
      await tx.execute(idle)
      await tx.execute(sql`
        insert into attempt (grant_id, operation, operation_id, started_at, took_ms, outcome)
        select id, 'resolve', 'busy ' || n, clock_timestamp() - n * interval '2 minutes', 3, 'found'
        from "grant", generate_series(1, 25) n`)
    })
    expect(found).toEqual(words('and not again by'))
  })
})

it('npm run ledger:check says what it read, and ends with status 1 where anything is violated, I5 too', async () => {
  const check = () => runTypeScript('scripts/ledger-check.ts', [], { env: { DATABASE_URL: world.url } })
  const payload = (of: ReturnType<typeof sql>) =>
    world.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(sql`update timeline set data = ${of} where verb = 'given'`)
    })
  const sound = await check()
  expect(sound).toMatchObject({
    code: 0,
    output: expect.stringContaining('The ledger holds: 1 grant, 1 request,'),
  })
  await sealAll(world.db)
  await payload(sql`data || '{"forged": true}'`)
  const forged = await check()
  await payload(sql`data - 'forged'`)
  expect(forged).toMatchObject({
    code: 1,
    output: expect.stringMatching(/does not hold[\s\S]*\nI5: What entry \d+ says was changed/),
  })
}, 60_000)
