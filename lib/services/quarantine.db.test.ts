import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Database, type Db, schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { makeCheckpoints, ownKeys } from '@/lib/audit/checkpoints'
import { channels, deliverCheckpoints } from '@/lib/audit/delivery'
import { checkRecord } from '@/lib/audit/ledger'
import { sealAll } from '@/lib/audit/sealer'
import { verifyChain } from '@/lib/audit/verify'
import type { Ctx } from '@/lib/context'
import { HOUR } from '@/lib/domain/duration'
import { armUpkeep } from '@/lib/engine/handlers/upkeep'
import { claimFree } from '@/lib/engine/loop'
import { performDue } from '@/lib/engine/perform'
import { untilNext } from '@/lib/engine/queue'
import { performFor, sweepAndFind } from '@/lib/engine/steps'
import { createLink, openLink } from '@/lib/links'
import { transportFrom } from '@/lib/mail/transport'
import { readHealth } from '@/lib/queries/health'
import { sendNow } from '@/lib/sign-in-mail'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { type Backup, backUp } from '@/lib/testing/restore'
import { decideOnRequest } from './decisions'
import { revokeGrant } from './grants'
import { callOutside, hintJobEngine, mayWriteOutside, outsideFetch, sendMail } from './outside'
import { endQuarantine, watchForRestore } from './quarantine'
import { askForAccess } from './requests'
import { openSession, readSession } from './sessions'

const dir = mkdtempSync(join(tmpdir(), 'leasehold-restore-'))
const file = join(dir, 'checkpoints.jws')

vi.mock('@/lib/env', async (original) => {
  const real = await original<typeof import('@/lib/env')>()
  return { ...real, env: () => ({ ...real.env(), AUDIT_CHECKPOINT_FILE: file }) }
})

const shared = globalThis as { leaseholdDatabase?: Database }
let world: LeaseWorld
let cleo: TestPerson
let backup: Backup
let restored: Database
let db: Db
const was = { granted: '', session: '', link: '', effects: 0, cleosAccount: '', lastLink: 0 }
const as = (who: TestPerson): Ctx => ({ db, actor: who.actor })
const journal = () => world.target.state.effects.length
const sent = async () =>
  (await db.select({ kind: schema.mail.kind }).from(schema.mail).where(eq(schema.mail.state, 'sent'))).length
const quarantined = () => db.query.quarantine.findFirst()

/** A lease given, a backup taken, that lease revoked and another one given; then the backup is restored. */
beforeAll(async () => {
  world = await createLeaseWorld()
  cleo = await world.person('Cleo Marchetti', { managerId: world.ben.id })
  was.cleosAccount = world.target.state.addAccount({ email: cleo.email, name: cleo.name }).id
  expect(await watchForRestore(world.db, { first: true })).toBe(false)
  was.granted = await world.approved()
  await world.drain()
  expect(world.holders()).toEqual([world.anaAccount])
  was.session = must(await openSession(world.db, world.ana.id, 'email')).token
  was.link = await createLink(world.db, {
    purpose: 'extend',
    personId: world.ana.id,
    requestId: null,
    grantId: was.granted,
    digest: 'd',
    expiresAt: new Date('2100-01-01'),
  })
  await sealAll(world.db)
  await makeCheckpoints(world.db)
  const out = channels(world.db, new AbortController().signal)
  await deliverCheckpoints(world.db, out)
  backup = await backUp(world.url)

  must(await revokeGrant(world.as(world.ben), { grantId: was.granted, reason: 'INC-2417 is closed' }))
  await world.drain()
  const { requestId } = must(
    await askForAccess(world.as(cleo), {
      entitlementId: world.entitlementId,
      seconds: 6 * HOUR,
      reason: 'INC-2420',
      startAt: null,
    }),
  )
  must(await decideOnRequest(world.as(world.ben), { requestId, verdict: 'approve', note: null, version: 1 }))
  await world.drain()
  expect(world.holders()).toEqual([was.cleosAccount])
  await sealAll(world.db)
  was.lastLink = await world.db.$count(schema.seal)
  await makeCheckpoints(world.db)
  await deliverCheckpoints(world.db, out)
  was.effects = journal()

  restored = backup.restore()
  db = restored.db
  shared.leaseholdDatabase = restored
})

afterAll(async () => {
  shared.leaseholdDatabase = undefined
  await restored?.close()
  await backup?.drop()
  // Not with the world's own check: its target knows of two pasts.
  await world.target.close()
  await world.database.close()
  rmSync(dir, { recursive: true })
})

describe('a database restored from a backup', () => {
  it('is held before anybody has noticed', async () => {
    expect(await quarantined()).toBeUndefined()
    // The lease ends meanwhile: its take, its alarm and its mails are due.
    await db.update(schema.clock).set({ offsetMs: 7 * HOUR * 1000 })
    expect(await claimFree(db, 10, { graceMs: 0 })).toEqual([])
    await expect(mayWriteOutside(db)).rejects.toThrow('quarantine')
  })

  it('is noticed at the start, with the links of the chain that others know', async () => {
    expect(await watchForRestore(db, { first: true })).toBe(true)
    const row = await quarantined()
    expect(row).toMatchObject({
      why: [expect.stringMatching(/^It is another database of the same cluster/)],
      sessions: 1,
      checkpointsRead: true,
      lost: { to: was.lastLink },
    })
    expect(row!.lost!.from).toBe(row!.link + 1)
    expect(await watchForRestore(db, { first: true }), 'once').toBe(true)
    expect(await db.$count(schema.quarantine)).toBe(1)
    const entry = await db.query.timeline.findFirst({ where: eq(schema.timeline.verb, 'quarantined') })
    expect(entry).toMatchObject({ subjectType: 'organisation', data: { link: row!.link, sessions: 1 } })
    expect(await watchForRestore(world.db), 'the one it was copied from goes on').toBe(false)
  })

  it('opens nothing with what was opened before', async () => {
    expect(await readSession(world.db, was.session)).not.toBeNull()
    expect(await readSession(db, was.session)).toBeNull()
    expect((await openLink(world.db, was.link, 'extend')).state).toBe('ok')
    expect((await openLink(db, was.link, 'extend')).state).toBe('unknown')
  })

  it('is told to machines', async () => {
    expect((await readHealth(db)).checks).toMatchObject({ quarantine: expect.stringContaining('nothing') })
    expect((await readHealth(db, { scheduler: false })).checks).not.toHaveProperty('quarantine')
  })

  it('lists what is different, and does nothing else, whoever rings the bell', async () => {
    await armUpkeep(db)
    await db.update(schema.work).set({ notBefore: null })
    const mailed = await sent()
    const due = await db.$count(schema.work, sql`${schema.work.dueAt} <= leasehold_now()`)
    expect(due).toBeGreaterThan(4)
    while ((await performDue(db)) > 0);
    const { next } = await performFor('grant', was.granted)
    expect(next, 'a run asks again soon').not.toBeNull()
    expect((await sweepAndFind()).forgotten).toEqual([])
    expect(await untilNext(db)).toBeGreaterThan(1000)
    expect(journal()).toBe(was.effects)
    expect(await sent()).toBe(mailed)
    const differences = await db.query.quarantineDifference.findMany()
    expect(differences).toEqual([
      expect.objectContaining({ kind: 'missing', grantId: was.granted }),
      expect.objectContaining({
        kind: 'stranger',
        grantId: null,
        account: expect.objectContaining({ id: was.cleosAccount, email: cleo.email }),
      }),
    ])
    expect(await db.query.quarantineReading.findMany()).toEqual([
      expect.objectContaining({ connectionId: world.connectionId, listed: true, problem: null }),
    ])
    expect(await db.$count(schema.finding)).toBe(0)
  })

  it('lets nothing through any door', async () => {
    const { connector, config } = { connector: { name: 'x' } as never, config: {} as never }
    const attempt = vi.fn()
    const call = { connector, config, operationId: 'x', now: () => new Date(0) }
    await expect(callOutside(attempt, { ...call, effect: 'change', db })).rejects.toMatchObject({
      code: 'retryable',
      message: expect.stringContaining('quarantine'),
    })
    await expect(outsideFetch(db)).rejects.toThrow('quarantine')
    await expect(hintJobEngine(db, { id: 'x', name: 'x', data: {} })).rejects.toThrow('quarantine')
    expect(attempt).not.toHaveBeenCalled()
    const letter = {
      from: 'a@b.example',
      subject: 's',
      html: 'h',
      text: 't',
      messageId: '<x>',
      idempotencyKey: 'x',
    }
    const mailTo = (to: string, signIn: boolean) =>
      sendMail(db, { ...letter, to }, transportFrom({}), { signIn })
    expect(await mailTo(world.ana.email, true)).toMatchObject({ state: 'failed', permanent: false })
    expect(await mailTo(world.ines.email, false)).toMatchObject({ state: 'failed' })
    expect(await mailTo(world.ines.email.toUpperCase(), true)).toEqual({ state: 'sent' })
    const before = readFileSync(file, 'utf8')
    await makeCheckpoints(db)
    expect(await deliverCheckpoints(db, channels(db, new AbortController().signal))).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('mails a sign-in link to an admin and to nobody else', async () => {
    for (const { email } of [world.ana, world.ines]) await sendNow(db, { email, token: 't', next: '/' })
    const mails = await db.query.mail.findMany({ where: eq(schema.mail.kind, 'sign-in-link') })
    expect(mails.map(({ recipient, state }) => [recipient, state]).sort()).toEqual([
      [world.ana.email, 'failed'],
      [world.ines.email, 'sent'],
    ])
  })

  it('lets admins mend the record, and nobody else change it', async () => {
    const ask = { entitlementId: world.entitlementId, seconds: 6 * HOUR, reason: 'x', startAt: null }
    expect(await askForAccess(as(cleo), ask)).toMatchObject({ code: 'unavailable' })
    const scim: Ctx = { db, actor: { kind: 'system', name: 'scim:okta' } }
    const revoke = { grantId: was.granted, reason: 'It was revoked before the restore' }
    expect(await revokeGrant(scim, revoke)).toMatchObject({ code: 'unavailable' })
    expect(await revokeGrant(as(world.ben), revoke)).toMatchObject({ code: 'unavailable' })
  })

  it('shows the fork to whoever verifies', async () => {
    await sealAll(db)
    const text = readFileSync(file, 'utf8')
    const { fault } = await verifyChain(db, {
      trusted: ownKeys().map((key) => key.jwk),
      file: { name: file, text },
    })
    expect(fault?.what).toMatch(/restored from a backup/)
    expect(fault?.what).toContain(`links ${(await quarantined())!.link + 1} to ${was.lastLink}`)
  })

  it('goes on at the fresh word of an admin, takes first, and the ledger holds', async () => {
    const { id } = (await quarantined())!
    const input = { quarantineId: id, reason: 'Compared with the warehouse; Cleo is known' }
    expect(await endQuarantine(as(world.ben), input)).toMatchObject({ code: 'forbidden' })
    const stale = { db, actor: { ...world.ines.actor, session: { way: 'oidc', fresh: false } } } as const
    expect(await endQuarantine(stale, input)).toMatchObject({ code: 'sign_in_again' })
    expect(await endQuarantine(as(world.ines), { ...input, quarantineId: world.ines.id })).toMatchObject({
      code: 'conflict',
    })
    expect(must(await endQuarantine(as(world.ines), input))).toEqual({ strangers: 1 })
    expect(await endQuarantine(as(world.ines), input)).toMatchObject({ code: 'conflict' })
    expect(await watchForRestore(db)).toBe(false)

    expect((await claimFree(db, 20, { graceMs: 0 })).map(({ kind }) => kind)[0]).toBe('take')
    await db.update(schema.work).set({ leaseUntil: null })
    while ((await performDue(db)) > 0);
    expect(await db.query.grant.findFirst({ where: eq(schema.grant.id, was.granted) })).toMatchObject({
      state: 'ended',
      endReason: 'expired',
      verified: true,
    })
    expect(world.target.state.effects.slice(was.effects).map(({ act }) => act)).not.toContain('given')
    expect(await sent()).toBeGreaterThan(0)
    const found = async () => (await db.query.finding.findMany()).map((one) => [one.kind, one.holder?.id])
    expect(await found()).toEqual([['unknown_holder', was.cleosAccount]])
    await db.update(schema.work).set({ notBefore: null })
    while ((await performDue(db)) > 0);
    expect(await found(), 'the first reading takes nobody for standing').toEqual([
      ['unknown_holder', was.cleosAccount],
    ])
    expect(await db.$count(schema.standing)).toBe(0)
    const verbs = await db.query.timeline.findMany({
      where: eq(schema.timeline.subjectType, 'organisation'),
      orderBy: schema.timeline.version,
    })
    expect(verbs.map(({ verb, actorId }) => [verb, actorId])).toEqual([
      ['quarantined', null],
      ['quarantine_ended', world.ines.id],
    ])
    expect((await checkRecord(db)).problems).toEqual([])
    expect((await verifyChain(db, { trusted: null })).fault).toBeNull()
  })
})

describe('what else tells a restored database', () => {
  const marker = join(dir, 'marker')
  const settings = { QUARANTINE_MARKER_FILE: marker, QUARANTINE_TIMELINE: 'watch' } as const

  it('a marker outside that is newer than the database, and one of another database', async () => {
    expect(await watchForRestore(world.db, { settings })).toBe(false)
    const older = await world.db.query.installation.findFirst()
    expect(readFileSync(marker, 'utf8')).toBe(`${older!.id} ${older!.markedAt!.toISOString()}\n`)
    expect(await watchForRestore(world.db, { settings })).toBe(false)
    const newer = readFileSync(marker, 'utf8')
    expect(newer > `${older!.id} ${older!.markedAt!.toISOString()}`).toBe(true)
    // As a restore in place leaves it: the same database, with an older state.
    await world.db.update(schema.installation).set({ markedAt: older!.markedAt })
    expect(await watchForRestore(world.db, { settings })).toBe(true)
    expect((await world.db.query.quarantine.findFirst())!.why).toEqual([
      expect.stringMatching(/^The marker outside is of .* it is older\.$/),
    ])
    expect(readFileSync(marker, 'utf8'), 'nothing is written meanwhile').toBe(newer)
    writeFileSync(marker, 'not a marker')
    await expect(watchForRestore(world.db, { settings })).rejects.toThrow('not a marker')
  })
})
