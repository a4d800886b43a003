import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { sealAll } from '@/lib/audit/sealer'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { newId } from '@/lib/ids'
import { failingReceivers, receiversPage } from '@/lib/queries/receivers'
import { parseSecretKeys } from '@/lib/secrets'
import {
  addReceiver,
  addReceiverInput,
  editReceiver,
  openReceiverSecret,
  pauseReceiver,
  removeReceiver,
  replayReceiver,
} from '@/lib/services/audit-receivers'
import { rotateSecrets } from '@/lib/services/rotate-secrets'
import { must } from '@/lib/testing/lease-world'
import { performDue } from './perform'
import { type Siem, startSiem } from './testing/siem'

let world: World
let siem: Siem
let admin: TestPerson
let auditor: TestPerson
let secret: string

beforeEach(async () => {
  world = await createWorld()
  secret = newSigningSecret()
  siem = await startSiem(secret)
  admin = await world.person('Ines Albrecht', { admin: true })
  auditor = await world.person('Audra Kern', { auditor: true })
})
afterEach(async () => {
  await siem.close()
  await world.close()
})

/** Writes entries and seals them. */
async function happen(count: number): Promise<void> {
  const at = new Date('2026-11-12T13:27:46Z')
  for (let i = 0; i < count; i++)
    await world.db.insert(schema.timeline).values({
      ...{ subjectType: 'group', subjectId: newId(), version: 1, verb: 'created', at, actorId: admin.id },
      data: { name: `Group ${i}` },
    })
  await sealAll(world.db)
}

const add = async (from: 'now' | 'start' = 'start', format: 'jsonl' | 'ocsf' = 'jsonl') => {
  const { receiverId } = must(await addReceiver(world.as(admin), { url: siem.url, secret, format, from }))
  await sealAll(world.db)
  return receiverId
}
/** Lets the pause before the next try be over, and performs what is due. */
async function turn(): Promise<void> {
  await world.db.execute(sql`update work set not_before = null where kind = 'deliver'`)
  await performDue(world.db, { kinds: ['deliver'] })
}
const receiver = async () => (await receiversPage(world.as(auditor)))?.receivers[0]
const seqs = (messages = siem.messages) => messages.flatMap((m) => m.entries.map((entry) => entry.seq))
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

describe('delivery of the audit log', () => {
  it('sends everything once, signed, in batches, in the order of the chain, and stops at its end', async () => {
    await happen(449)
    await add()
    expect(await receiver()).toMatchObject({ position: 0, behind: 450, deliveredAt: null })
    for (let i = 0; i < 5; i++) await turn()
    expect(siem.messages.map(({ from, to }) => [from, to])).toEqual([
      [1, 200],
      [201, 400],
      [401, 450],
    ])
    expect(seqs()).toEqual(upTo(450))
    expect(siem.forged()).toBe(0)
    expect(siem.messages[0]?.entries[0]).toMatchObject({
      verb: 'created',
      sentence: 'Ines Albrecht created the group Group 0',
      actor: { name: 'Ines Albrecht' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await receiver()).toMatchObject({ position: 450, behind: 0, behindSince: null, error: null })
  })

  it('looks again by itself, without being told that there is more', async () => {
    await add('now')
    await turn()
    const [before] = await world.db.select().from(schema.work).where(eq(schema.work.kind, 'deliver'))
    expect(before?.notBefore?.getTime()).toBeGreaterThan(0)
    await happen(3)
    await turn()
    // The entry that says that it is delivered from now on is the first.
    expect(seqs()).toHaveLength(4)
  })

  it('sends the very same message until it is taken, whatever happens meanwhile, and says what is wrong', async () => {
    await happen(2)
    await add()
    siem.answer('lost', 500, 401, 302)
    const gaps: number[] = []
    for (let i = 0; i < 4; i++) {
      await turn()
      await happen(1)
      const [work] = await world.db.select().from(schema.work).where(eq(schema.work.kind, 'deliver'))
      gaps.push((work?.notBefore?.getTime() ?? 0) - (work?.triedAt?.getTime() ?? 0))
      expect(await receiver()).toMatchObject({
        position: 0,
        failingSince: expect.any(Date),
        error: expect.stringContaining('127.0.0.1'),
      })
    }
    expect(gaps[3]).toBeGreaterThan((gaps[0] ?? 0) * 2)
    expect(await failingReceivers(world.as(auditor))).toHaveLength(1)
    const [first, ...repeats] = siem.messages
    for (const repeat of repeats) {
      expect(repeat.id).toBe(first?.id)
      expect(repeat.entries).toEqual(first?.entries)
    }
    await turn()
    expect(siem.messages.at(-1)).toMatchObject({ id: first?.id, taken: true, from: 1, to: 3 })
    await turn()
    expect(seqs(siem.messages.filter((m) => m.taken))).toEqual(upTo(7))
    expect(await receiver()).toMatchObject({ behind: 0, failingSince: null, error: null })
    expect(await failingReceivers(world.as(auditor))).toEqual([])
  })

  it('delivers from any position once more, as new messages', async () => {
    await happen(5)
    const receiverId = await add()
    await turn()
    const late = await replayReceiver(world.as(admin), { receiverId, from: 99 })
    expect(late).toMatchObject({ ok: false, field: 'from', message: 'The chain ends at 6 so far' })
    must(await replayReceiver(world.as(admin), { receiverId, from: 4 }))
    expect(await receiver()).toMatchObject({ position: 3, behind: 3 })
    await sealAll(world.db)
    await turn()
    expect(siem.messages.map(({ from, to }) => [from, to])).toEqual([
      [1, 6],
      [4, 7],
    ])
    must(await replayReceiver(world.as(admin), { receiverId, from: 1 }))
    await turn()
    // The same stretch as before, and not a repeat of it.
    expect(seqs([siem.messages.at(-1)!]).slice(0, 6)).toEqual(upTo(6))
    expect(new Set(siem.messages.map((m) => m.id)).size).toBe(3)
  })

  it('pauses, goes on where it stopped, and forgets a receiver that is removed', async () => {
    const receiverId = await add('now')
    await turn()
    must(await pauseReceiver(world.as(admin), { receiverId, paused: 'yes' }))
    await happen(3)
    await turn()
    const before = siem.messages.length
    expect(await receiver()).toMatchObject({ paused: true, behind: 4 })
    must(await pauseReceiver(world.as(admin), { receiverId, paused: 'no' }))
    await turn()
    expect(siem.messages.length).toBe(before + 1)
    expect(await receiver()).toMatchObject({ paused: false, behind: 0 })
    must(await removeReceiver(world.as(admin), { receiverId }))
    expect(await receiver()).toBeUndefined()
    expect(await world.db.$count(schema.work, eq(schema.work.kind, 'deliver'))).toBe(0)
  })

  it('sends OCSF events where one wants those, with the position as their sequence', async () => {
    await happen(1)
    await add('start', 'ocsf')
    await turn()
    expect(siem.messages[0]).toMatchObject({ format: 'ocsf' })
    expect(siem.messages[0]?.entries[0]).toMatchObject({ class_uid: 3004, metadata: { sequence: 1 } })
  })

  it('reaches nothing inside, and says so', async () => {
    const url = 'http://169.254.169.254/latest/meta-data'
    must(await addReceiver(world.as(admin), { url, secret, format: 'jsonl', from: 'start' }))
    await sealAll(world.db)
    await turn()
    expect(await receiver()).toMatchObject({
      position: 0,
      error: expect.stringMatching(/not a public address/),
    })
  })

  it('is changed by admins alone, seen by auditors, and never shows its secret', async () => {
    const input = { url: siem.url, secret, format: 'jsonl', from: 'now' } as const
    expect(await addReceiver(world.as(auditor), input)).toMatchObject({ ok: false, code: 'forbidden' })
    const receiverId = await add()
    const stranger = await world.person('Sten Lund')
    expect(await receiversPage(world.as(stranger))).toBeNull()
    expect(await failingReceivers(world.as(stranger))).toEqual([])
    const page = await receiversPage(world.as(auditor))
    expect(page).toMatchObject({ canEdit: false, receivers: [{ id: receiverId }] })
    const [row] = await world.db.select().from(schema.auditReceiver)
    const entries = await world.db.select().from(schema.timeline)
    const key = secret.slice('whsec_'.length)
    expect(JSON.stringify([page, row, entries])).not.toContain(key)
    expect(entries.map((entry) => entry.data.what)).toContain(
      `The audit log is delivered to ${new URL(siem.url).host}, from its beginning.`,
    )
  })

  it('keeps its secret when the form leaves it blank, takes a new one, and is rotated with the others', async () => {
    const receiverId = await add()
    const change = { receiverId, url: siem.url, format: 'jsonl' } as const
    must(await editReceiver(world.as(admin), { ...change, version: 1 }))
    expect(await editReceiver(world.as(admin), { ...change, version: 1 })).toMatchObject({ code: 'stale' })
    await turn()
    expect(siem.forged()).toBe(0)
    const both = `new:${Buffer.alloc(32, 8).toString('base64')},test:${Buffer.alloc(32, 7).toString('base64')}`
    expect(await rotateSecrets(world.db, parseSecretKeys(both))).toEqual({
      rotated: 1,
      current: 0,
      failed: [],
    })
    must(await editReceiver(world.as(admin), { ...change, version: 2, secret: newSigningSecret() }))
    const [row] = await world.db.select().from(schema.auditReceiver)
    expect(openReceiverSecret(row!)).not.toBe(secret)
    await happen(1)
    await turn()
    // The receiver knows the former secret only.
    expect(siem.forged()).toBe(1)
    expect(await receiver()).toMatchObject({ error: expect.stringMatching(/refuses our credential \(401\)/) })
  })

  it('names what is wrong with an address or a secret at its field', () => {
    const problems = addReceiverInput.safeParse({
      url: 'ftp://x',
      secret: 'hunter2',
      format: 'xml',
      from: '',
    })
    expect(problems.error?.issues.map((issue) => [issue.path[0], issue.message])).toEqual([
      ['url', 'Enter an https address without a user name, password or #.'],
      ['secret', expect.stringMatching(/^A signing secret is whsec_/)],
      ['format', 'Choose how it wants the entries'],
      ['from', 'Choose from where on'],
    ])
  })
})
