import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eq, max, sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { schema } from '@/db/client'
import { startDriver } from '@/inngest/testing/driver'
import { sealAll } from '@/lib/audit/sealer'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { addReceiver } from '@/lib/services/audit-receivers'
import { type LeaseWorld, must } from '@/lib/testing/lease-world'
import { startSiem } from './siem'

/** Something outside that the engine tells of what happens. */
export interface Beside {
  /** What an engine has to know of it. */
  readonly env: Record<string, string>
  /** Has the engine something to tell from the start. */
  begin(world: LeaseWorld): Promise<void>
  /** Waits until it knows everything; `twice`: something of it came a second time, and was known for a repeat. */
  told(world: LeaseWorld, twice: boolean): Promise<void>
  close(): Promise<void>
}

/** The engine told again what it had told, because it died before it could write that down. */
function sameAgain(ids: readonly string[], twice: boolean): void {
  expect(ids.length).toBeGreaterThan(0)
  expect(new Set(ids).size < ids.length, 'told twice under one id').toBe(twice)
}

/** A job engine that is told by events. */
export async function jobEngine(): Promise<Beside> {
  const keys = { signingKey: `signkey-test-${'5eed'.repeat(16)}`, eventKey: 'test-event-key' }
  const driver = await startDriver(keys)
  return {
    env: {
      INNGEST_SIGNING_KEY: keys.signingKey,
      INNGEST_EVENT_KEY: keys.eventKey,
      INNGEST_BASE_URL: driver.url,
    },
    async begin() {},
    async told(world, twice) {
      expect(await world.db.$count(schema.work, eq(schema.work.kind, 'event'))).toBe(0)
      sameAgain(
        driver.received.map((event) => event.id),
        twice,
      )
    },
    close: () => driver.close(),
  }
}

/** A file outside of the database that gets every checkpoint of the chain. */
export async function checkpointFile(): Promise<Beside> {
  const folder = await mkdtemp(path.join(tmpdir(), 'checkpoints-'))
  const file = path.join(folder, 'checkpoints.jws')
  return {
    env: { AUDIT_CHECKPOINT_FILE: file },
    async begin({ db }) {
      await sealAll(db)
      await db.execute(sql`update work set not_before = null where kind = 'checkpoint'`)
    },
    // What was sent and not written down is overtaken by a newer one, or stands there twice.
    async told({ db }) {
      const { checkpoint, checkpointDelivery } = schema
      await vi.waitFor(
        async () => {
          const [last] = await db.select({ seq: max(checkpoint.seq) }).from(checkpoint)
          const delivered = await db.query.checkpointDelivery.findFirst({
            where: eq(checkpointDelivery.channel, 'file'),
          })
          expect(delivered?.seq).toBe(last?.seq ?? null)
        },
        { timeout: 60_000, interval: 150 },
      )
      const rows = await db.query.checkpoint.findMany({ orderBy: checkpoint.seq })
      const lines = (await readFile(file, 'utf8')).trim().split('\n')
      expect(rows.map((row) => row.jws)).toEqual(expect.arrayContaining(lines))
      expect(lines.at(-1)).toBe(rows.at(-1)?.jws)
    },
    close: () => rm(folder, { recursive: true }),
  }
}

/** A system outside that takes every entry of the audit log. */
export async function receiver(): Promise<Beside> {
  const secret = newSigningSecret()
  const siem = await startSiem(secret)
  return {
    env: {},
    async begin(world) {
      const input = { url: siem.url, secret, format: 'jsonl', from: 'start' } as const
      must(await addReceiver(world.as(world.ines), input))
      await sealAll(world.db)
    },
    async told({ db }, twice) {
      const { auditReceiver, seal } = schema
      await vi.waitFor(
        async () => {
          const [last] = await db.select({ seq: max(seal.seq) }).from(seal)
          const [row] = await db.select().from(auditReceiver)
          expect(row?.position).toBe(last?.seq ?? 0)
        },
        { timeout: 60_000, interval: 150 },
      )
      const taken = new Map(siem.messages.map((message) => [message.id, message]))
      let next = 1
      for (const { from, to, entries } of taken.values()) {
        expect([from, entries.length]).toEqual([next, to - from + 1])
        next = to + 1
      }
      sameAgain(
        siem.messages.map((message) => message.id),
        twice,
      )
    },
    close: () => siem.close(),
  }
}
