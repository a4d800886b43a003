import 'server-only'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { type WorkKind, workPriority } from '@/lib/domain/work'
import { logUnknown } from '@/lib/log'
import { syncConnection } from '@/lib/services/catalogue-sync'
import { probeConnection } from '@/lib/services/connection-tests'
import { readConnection } from '@/lib/services/holder-readings'
import { compareConnection } from '@/lib/services/quarantine-compare'
import { inQuarantine } from '@/lib/services/quarantine-state'
import { DRILL_EVERY_MS, runDrill } from '../drill'
import type { Engine } from '../engine'
import { type Claim, done, retryLater } from '../work'

/** What is done for every connection again and again. */
export type Upkeep = Extract<WorkKind, 'probe' | 'sync' | 'drift' | 'drill'>

const MINUTE_MS = 60_000

type Run<R> = (engine: Engine, connectionId: string) => Promise<R>

interface Job {
  /** Milliseconds from one to the next. Unshifted: a target's health does not follow a demo's clock. */
  readonly everyMs: number
  /** What it returns is how long it is until the next time, where that is another. */
  readonly run: Run<void> | Run<number> | Run<number | undefined>
}

/** The jobs there are; a kind that is not here is never armed. */
const jobs: Partial<Record<Upkeep, Job>> = {
  probe: { everyMs: 15 * MINUTE_MS, run: ({ db }, connectionId) => probeConnection(db, connectionId) },
  drill: { everyMs: DRILL_EVERY_MS, run: runDrill },
  drift: { everyMs: 6 * 60 * MINUTE_MS, run: compareOrRead },
  sync: { everyMs: 60 * MINUTE_MS, run: (engine, connectionId) => syncConnection(engine.ctx, connectionId) },
}

/** While in quarantine the record is compared with what is there, soon again, and nothing follows from it. */
async function compareOrRead({ db, ctx }: Engine, connectionId: string): Promise<number | undefined> {
  if (await inQuarantine(db)) return ((await compareConnection(db, connectionId)) ? 5 : 1) * MINUTE_MS
  await readConnection(ctx, connectionId)
}

/** What is armed for many connections at once is spread over this. */
const SPREAD_MS = 2 * MINUTE_MS

/**
 * Arms what a connection lacks, for connections of applications that are not archived. From then on a job arms itself:
 * it is due at once and held back until its time, so that moving the domain's clock by days runs it once, not hourly.
 * A probe has no connection to its name: it takes none of the places that takes are called in, and no pause or breaker
 * keeps it from looking whether the target is back.
 */
export async function armUpkeep(db: Db): Promise<void> {
  for (const kind of Object.keys(jobs) as Upkeep[])
    await db.execute(sql`
      insert into work (kind, subject_type, subject_id, connection_id, priority, due_at, not_before)
      select ${kind}, 'connection', c.id, ${kind === 'probe' ? sql`null::uuid` : sql`c.id`}, ${workPriority[kind]},
        leasehold_now(), clock_timestamp() + random() * ${SPREAD_MS} * interval '1 millisecond'
      from connection c join application a on a.connection_id = c.id
      where a.archived_at is null
      on conflict (kind, subject_id) do nothing`)
}

/** Up to a tenth sooner, so that what was armed together does not go on calling together. */
function spread(everyMs: number, { id, attempt }: Claim): number {
  return everyMs - Math.floor((everyMs / 10) * (((id * 31 + attempt) % 97) / 97))
}

/** The handler of one kind of upkeep. A job that fails is only late; it never stands in anybody's way. */
export function upkeep(kind: Upkeep) {
  return async (engine: Engine, claim: Claim): Promise<void> => {
    const job = jobs[kind]
    const { application, connection } = schema
    const [row] = await engine.db
      .select({ id: connection.id })
      .from(connection)
      .innerJoin(application, eq(application.connectionId, connection.id))
      .where(and(eq(connection.id, claim.subjectId), isNull(application.archivedAt)))
    if (!job || !row) return done(engine.db, claim)
    try {
      const next = await job.run(engine, row.id)
      await retryLater(engine.db, claim, typeof next === 'number' ? next : spread(job.everyMs, claim), {
        error: null,
      })
    } catch (error) {
      const errorId = logUnknown(error, `${kind} of connection ${row.id}`)
      await retryLater(engine.db, claim, Math.min(job.everyMs, 5 * MINUTE_MS), {
        error: `unexpected error ${errorId}`,
      })
    }
  }
}
