import 'server-only'
import { eq, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { type WorkKind, workPriority } from '@/lib/domain/work'
import { logUnknown } from '@/lib/log'
import { syncConnection } from '@/lib/services/catalogue-sync'
import type { Engine } from '../engine'
import { type Claim, done, retryLater } from '../work'

/** What is done for every connection again and again. */
export type Upkeep = Extract<WorkKind, 'probe' | 'sync' | 'drift' | 'drill'>

const MINUTE_MS = 60_000

interface Job {
  /** Milliseconds from one to the next. Unshifted: a target's health does not follow a demo's clock. */
  readonly everyMs: number
  readonly run: (engine: Engine, connectionId: string) => Promise<void>
}

/** The jobs there are; a kind that is not here is never armed. */
const jobs: Partial<Record<Upkeep, Job>> = {
  sync: { everyMs: 60 * MINUTE_MS, run: (engine, connectionId) => syncConnection(engine.ctx, connectionId) },
}

/**
 * Arms what a connection lacks, for connections of applications that are not archived. From then on a job arms itself:
 * it is due at once and held back until its time, so that moving the domain's clock by days runs it once, not hourly.
 */
export async function armUpkeep(db: Db): Promise<void> {
  for (const kind of Object.keys(jobs) as Upkeep[])
    await db.execute(sql`
      insert into work (kind, subject_type, subject_id, connection_id, priority, due_at)
      select ${kind}, 'connection', c.id, c.id, ${workPriority[kind]}, leasehold_now()
      from connection c join application a on a.connection_id = c.id
      where a.archived_at is null
      on conflict (kind, subject_id) do nothing`)
}

/** The handler of one kind of upkeep. A job that fails is only late; it never stands in anybody's way. */
export function upkeep(kind: Upkeep) {
  return async (engine: Engine, claim: Claim): Promise<void> => {
    const job = jobs[kind]
    const row = await engine.db.query.connection.findFirst({
      where: eq(schema.connection.id, claim.subjectId),
      columns: { id: true },
    })
    if (!job || !row) return done(engine.db, claim)
    try {
      await job.run(engine, row.id)
      await retryLater(engine.db, { ...claim, attempt: claim.attempt }, job.everyMs, { error: null })
    } catch (error) {
      const errorId = logUnknown(error, `${kind} of connection ${row.id}`)
      await retryLater(engine.db, claim, Math.min(job.everyMs, 5 * MINUTE_MS), {
        error: `unexpected error ${errorId}`,
      })
    }
  }
}
