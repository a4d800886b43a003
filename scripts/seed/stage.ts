import { eq, sql } from 'drizzle-orm'
import { type Database, openDatabase, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { advanceClock } from '@/lib/engine/advance'
import { must } from './must'

/**
 * Where the seed's history happens: the product's own verbs and its own engine, on a clock that starts in the
 * past. Only the seed's one session sees that clock, since a temporary table stands in front of the real one.
 */
export class Stage {
  private constructor(readonly database: Database) {}

  /** @param startAt moment at which the history begins, in the past */
  static async open(url: string, startAt: Date): Promise<Stage> {
    const database = openDatabase(url, { max: 1, name: 'leasehold seed' })
    const { db } = database
    await db.execute(sql`create temporary table clock (id int not null, offset_ms bigint not null)`)
    await db.execute(sql`
      insert into clock values (1, extract(epoch from ${startAt.toISOString()}::timestamptz - clock_timestamp()) * 1000)`)
    // Calls to targets are logged on unshifted time; here the log has to tell when they happened in the story.
    await db.execute(sql`create temporary table attempt (like public.attempt including identity)`)
    await db.execute(sql`
      create function pg_temp.backdate() returns trigger language plpgsql as $$ begin
        new.started_at := new.started_at + (select offset_ms from clock) * interval '1 millisecond';
        return new;
      end $$`)
    await db.execute(sql`
      create trigger backdate before insert on attempt for each row execute function pg_temp.backdate()`)
    return new Stage(database)
  }

  get db() {
    return this.database.db
  }

  /** Lets time pass until `moment`, with everything that is due on the way. */
  async until(moment: Date): Promise<void> {
    const { now } = await readClocks(this.db)
    const seconds = (moment.getTime() - now.getTime()) / 1000
    if (seconds > 0) must(await advanceClock(this.database, seconds))
  }

  /** Has everything done that is due now, as it would be in the second after somebody pressed a button. */
  async settle(): Promise<void> {
    must(await advanceClock(this.database, 0.001))
  }

  /** The context of one person of the cast, with the roles they have. */
  async as(personId: string): Promise<Ctx> {
    const row = await this.db.query.person.findFirst({ where: eq(schema.person.id, personId) })
    if (!row) throw new Error(`there is no person ${personId}`)
    const { id, admin, auditor } = row
    // In the story people have signed in just before.
    const session = { way: 'demo', fresh: true } as const
    return { db: this.db, actor: { kind: 'person', id, admin, auditor, active: true, session } }
  }

  /** Keeps the log of calls and leaves; the session's own clock goes with it. */
  async close(): Promise<void> {
    const columns = sql.raw('grant_id, operation, operation_id, started_at, took_ms, outcome, message')
    await this.db.execute(sql`
      insert into public.attempt (${columns}) select ${columns} from pg_temp.attempt order by id`)
    await this.database.close()
  }
}
