import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { Fault } from '@/lib/connectors/testing/target'
import { performDue } from '@/lib/engine/perform'
import { newId } from '@/lib/ids'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const always = (fault: Fault): Fault => ({ ...fault, times: 1000 })
const attempts = (grantId: string) =>
  world.db.query.attempt.findMany({ where: eq(schema.attempt.grantId, grantId), orderBy: schema.attempt.id })

describe('giving, when the answer is unclear', () => {
  it('looks first after a lost response, and gives only once', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'reset', at: 'after' })
    const grantId = await world.approved()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('provisioning')
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('active')
    expect(world.target.state.effects.map((e) => e.act)).toEqual(['given'])
    expect(world.target.calls.filter((c) => c.type === 'grant.provision')).toHaveLength(1)
    expect(await world.verbs(grantId)).toEqual(['scheduled', 'started', 'giving', 'answered', 'given'])
  })

  it('has an end armed from the first intent on, even if no give is ever confirmed', async () => {
    world.target.fault(always({ on: 'grant.provision', kind: 'reset', at: 'before' }))
    const grantId = await world.approved()
    await world.drain()
    const row = await world.grant(grantId)
    expect(row.state).toBe('provisioning')
    expect(row.endsAt!.getTime() - row.firstGiveAt!.getTime()).toBe((15 * 60 + 6 * 3600) * 1000)
    await world.advance('+6h 16m')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', endReason: 'expired', verified: true })
  })

  it('takes back what landed late, after nobody ever saw it given', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'late' })
    const grantId = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' }))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    world.target.land()
    expect(world.holders()).toEqual([world.anaAccount])
    await world.advance('+5m')
    expect(world.holders()).toEqual([])
    expect(await world.verbs(grantId)).toContain('reopened')
  })

  it('follows a target that answers "pending" to its end', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'pending', polls: 1 })
    const grantId = await world.approved()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('provisioning')
    await world.retryNow()
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('active')
    expect((await attempts(grantId)).map((a) => a.operation)).toContain('grant.poll')
  })

  it('fails without a trace when start-by passes and nothing was ever sent', async () => {
    world.target.fault(always({ on: 'account.resolve', kind: 'status', status: 503 }))
    const grantId = await world.approved()
    await world.advance('+25h')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'failed', firstGiveAt: null })
    expect(world.target.state.effects).toEqual([])
    const mails = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-give') })
    expect(mails.map((m) => m.recipient).sort()).toEqual([world.ana.email, world.ben.email].sort())
  })

  it('takes back what is unclear when start-by passes and the target does not answer', async () => {
    world.target.fault({ on: 'grant.provision', kind: 'reset', at: 'after' })
    const grantId = await world.approved(24 * 3600)
    await world.drain()
    world.target.fault(always({ kind: 'status', status: 503 }))
    await world.db.update(schema.grant).set({ startBy: sql`start_at + interval '1 hour'` })
    await world.advance('+2h')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', endReason: 'withdrawn' })
    const told = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-give') })
    expect(told.map((m) => m.recipient).sort()).toEqual([world.ana.email, world.ben.email].sort())
    expect(told[0]?.text).toContain('It may be there all the same, so it is being taken back')
    world.target.clear()
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(world.holders()).toEqual([])
  })

  it('I11: a refused give beside an access through something else takes nothing back', async () => {
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'indirect', via: 'everyone' })
    const body = { error: 'rejected', message: 'Not for contractors' }
    world.target.fault(always({ on: 'grant.provision', kind: 'status', status: 422, body }))
    const grantId = await world.approved()
    await world.drain()
    await world.advance('+1m')
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'failed', baseline: 'indirect' })
    expect(world.target.calls.filter((c) => c.type === 'grant.revoke')).toEqual([])
  })

  it('never gives to an account that is known as another person’s', async () => {
    const { connectionId, anaAccount, ben } = world
    const theirs = { id: newId(), connectionId, personId: ben.id, externalId: anaAccount }
    await world.db.insert(schema.account).values({ ...theirs, name: 'ana', email: ben.email })
    const grantId = await world.approved()
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({
      state: 'provisioning',
      lastAnswer: 'principal_ambiguous',
      firstGiveAt: null,
    })
    expect(world.holders()).toEqual([])
  })

  it('says which account is missing, goes on trying, and gives when it is there', async () => {
    world.target.state.accounts.delete(world.anaAccount)
    const grantId = await world.approved()
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({
      state: 'provisioning',
      lastAnswer: 'principal_missing',
    })
    const account = world.target.state.addAccount({ email: world.ana.email })
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('active')
    expect(world.holders()).toEqual([account.id])
  })

  it('checks eligibility again before the first give', async () => {
    const grantId = await world.approved()
    await world.db
      .update(schema.person)
      .set({ deactivatedAt: new Date() })
      .where(eq(schema.person.id, world.ana.id))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('failed')
    expect(world.target.calls.filter((c) => c.type === 'grant.provision')).toEqual([])
  })

  it('I9: nothing changes in the target before the intent to change it was committed', async () => {
    const grantId = await world.approved()
    await world.drain()
    const intent = await world.db.query.timeline.findFirst({
      where: sql`subject_id = ${grantId} and verb = 'giving'`,
    })
    expect(world.target.state.effects[0]!.at.getTime()).toBeGreaterThanOrEqual(intent!.at.getTime())
  })
})

describe('taking back, when the target is in trouble', () => {
  it('stays revoking, raises the alarm once, and takes back when the target returns', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault(always({ kind: 'status', status: 503 }))
    await world.advance('+6h 10m')
    expect(await world.grant(grantId)).toMatchObject({
      state: 'revoking',
      endReason: 'expired',
      lastAnswer: 'retryable',
    })
    expect((await world.grant(grantId)).overdueSince).not.toBeNull()
    const alarms = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-remove') })
    expect(alarms.map((m) => m.recipient)).toEqual([world.ben.email])
    await world.retryNow()
    await world.retryNow()
    const take = await world.db.query.work.findFirst({ where: sql`kind = 'take'` })
    expect(take!.attempt).toBeGreaterThanOrEqual(3)
    expect((await world.verbs(grantId)).filter((v) => v === 'answered')).toHaveLength(1)
    world.target.clear()
    await world.retryNow()
    const row = await world.grant(grantId)
    expect(row.state).toBe('ended')
    expect(row.lateMs).toBeGreaterThan(9 * 60_000)
    expect(world.holders()).toEqual([])
  })

  it('does not believe an answer: seen there means still there', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ on: 'grant.revoke', kind: 'rubbish', at: 'before' })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('revoking')
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('ended')
  })

  it('a failing end of sessions is tried again, and then leaves a finding, not an access', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault(always({ on: 'sessions.end', kind: 'status', status: 401 }))
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', lastAnswer: 'sessions_left' })
    await world.retryNow()
    await world.retryNow()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', verified: true })
    expect(await world.db.query.finding.findMany()).toMatchObject([
      { kind: 'sessions_left', detail: expect.stringContaining('Open sessions could not be ended') },
    ])
    const entry = await world.db.query.timeline.findFirst({
      where: sql`subject_id = ${grantId} and verb = 'seen_absent'`,
    })
    expect(entry?.data).toMatchObject({ sessionsLeft: expect.any(String) })
  })

  it('ends the sessions also where the answer to the take was lost', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ on: 'grant.revoke', kind: 'reset', at: 'after' })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(world.target.calls.map((c) => c.type)).toContain('sessions.end')
  })

  it('ends no sessions where the connection has that switched off', async () => {
    const grantId = await world.approved()
    await world.drain()
    const { connection } = schema
    const row = await world.db.query.connection.findFirst({ where: eq(connection.id, world.connectionId) })
    const config = { ...row!.config, endsSessions: false }
    await world.db.update(connection).set({ config }).where(eq(connection.id, world.connectionId))
    await world.advance('+6h')
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended' })
    expect(world.target.calls.map((c) => c.type)).not.toContain('sessions.end')
  })

  it('new credentials retry at once, also those saved while a try with the old ones was under way', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.fault({ on: 'grant.revoke', kind: 'status', status: 401 })
    world.target.fault({ on: 'grant.check', kind: 'delay', ms: 300 })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'test' }))
    const before = world.target.calls.length
    await world.db.update(schema.work).set({ attempt: 40 }).where(eq(schema.work.kind, 'take'))
    const taking = performDue(world.db, { kinds: ['take'] })
    await world.target.received(before + 1)
    await world.db.update(schema.connection).set({ version: sql`version + 1` })
    await taking
    const take = await world.db.query.work.findFirst({ where: eq(schema.work.kind, 'take') })
    expect(take).toMatchObject({ attempt: 41, notBefore: null })
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
  })

  it('counts an account that is proven gone as absent', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.state.accounts.delete(world.anaAccount)
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'left' }))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', verified: true })
  })

  it('reports an indirect rest as a finding and ends', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'indirect', via: 'everyone' })
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'x' }))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(await world.db.query.finding.findMany()).toMatchObject([
      { kind: 'indirect_rest', detail: 'Still effective via everyone' },
    ])
  })

  it('reopens when our access is found again at the settle look, and takes it back again', async () => {
    const grantId = await world.approved()
    await world.drain()
    must(await revokeGrant(world.as(world.ines), { grantId, reason: 'x' }))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('ended')
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    await world.advance('+5m')
    expect(await world.verbs(grantId)).toEqual(expect.arrayContaining(['reopened', 'settled']))
    expect((await world.grant(grantId)).state).toBe('ended')
    expect(world.holders()).toEqual([])
    // The alarm is not dropped because the access was taken once more before the mail was written.
    const alarms = await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'could-not-remove') })
    expect(alarms.map((m) => [m.recipient, m.state]).sort()).toEqual(
      [world.ben.email, world.ines.email].sort().map((to) => [to, 'sent']),
    )
    expect(alarms[0]?.text).toContain('again, after it had been seen gone')
  })
})

describe('the due queue', () => {
  it('I10: the same occasion owes one mail, however often it comes up', async () => {
    const grantId = await world.approved()
    await world.drain()
    await world.advance('+5h 5m')
    const row = await world.grant(grantId)
    await world.db
      .insert(schema.work)
      .values({ kind: 'notice', subjectType: 'grant', subjectId: grantId, priority: 2, dueAt: row.endsAt! })
    await world.db
      .update(schema.work)
      .set({ dueAt: new Date(0) })
      .where(eq(schema.work.kind, 'notice'))
    await world.drain()
    expect(await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'expiry-notice') })).toHaveLength(
      1,
    )
  })

  it('a claim that was taken away changes nothing at its finish', async () => {
    const grantId = await world.approved()
    await world.db
      .update(schema.work)
      .set({ generation: sql`generation + 1` })
      .where(eq(schema.work.kind, 'give'))
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('active')
    expect(await world.verbs(grantId)).toEqual(['scheduled', 'started', 'giving', 'given'])
  })

  it('the timeline refuses to be changed, cut or skipped', async () => {
    const grantId = await world.approved()
    await expect(world.db.execute(sql`update timeline set verb = 'given'`)).rejects.toThrow()
    await expect(world.db.execute(sql`delete from timeline`)).rejects.toThrow()
    await expect(world.db.execute(sql`truncate timeline cascade`)).rejects.toThrow()
    await expect(
      world.db.insert(schema.timeline).values({
        subjectType: 'grant',
        subjectId: grantId,
        version: 9,
        verb: 'given',
        at: new Date(),
        actorSystem: 'engine',
        data: {},
      }),
    ).rejects.toThrow()
  })
})
