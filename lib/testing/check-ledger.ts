import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { awake, readRecord } from '@/lib/audit/ledger'
import { sealAll } from '@/lib/audit/sealer'
import { verifyChain } from '@/lib/audit/verify'
import type { TargetState } from '@/lib/connectors/testing/target-state'
import { type Ledger, violations } from '@/lib/ledger'

/**
 * Remembers when the clock of a test's database was moved and how far, so that what a target journals in real
 * time can be told in the domain's. Once per database, before the clock moves.
 */
export async function watchClock(db: Db): Promise<void> {
  await db.execute(sql`create table clock_move (at timestamptz not null, offset_ms bigint not null)`)
  await db.execute(sql`
    create function remember_clock_move() returns trigger language plpgsql as $$
    begin
      insert into clock_move values (clock_timestamp(), new.offset_ms);
      return null;
    end $$`)
  await db.execute(sql`create trigger clock_move after update on clock
    for each row execute function remember_clock_move()`)
}

async function domainTime(db: Db): Promise<(wall: Date) => Date> {
  const moves = await db.execute<{ at: string; offset_ms: string }>(
    sql`select at, offset_ms from clock_move order by at, offset_ms`,
  )
  const known = moves.map((move) => ({ at: new Date(move.at), offsetMs: Number(move.offset_ms) }))
  return (wall) => new Date(wall.getTime() + (known.findLast((move) => move.at <= wall)?.offsetMs ?? 0))
}

/** Everything the ledger is about, as it stands in a test's database and in the targets behind it. */
export async function readLedger(db: Db, ...targets: readonly TargetState[]): Promise<Ledger> {
  const shifted = await domainTime(db)
  return {
    ...(await readRecord(db)),
    effects: targets.flatMap((target) =>
      target.effects.map((effect) => ({ ...effect, at: shifted(effect.at) })),
    ),
    held: targets.flatMap((target) =>
      [...target.entitlements.keys()].flatMap((id) =>
        target.holders(id).map((holder) => ({ entitlement: id, account: holder })),
      ),
    ),
    drills: await db.query.drill.findMany(),
    awakeAt: await awake(db),
  }
}

/** Throws with every violated invariant in words; to be asked after every test that touches grants. */
export function checkLedger(world: { db: Db; target: { state: TargetState } }): Promise<void> {
  return checkLedgerOf(world.db, [world.target.state])
}

/** The same, where there are several targets. */
export async function checkLedgerOf(db: Db, targets: readonly TargetState[]): Promise<void> {
  const found = violations(await readLedger(db, ...targets))
  await sealAll(db)
  const { fault } = await verifyChain(db, { trusted: null })
  if (fault) found.push(`I5: ${fault.what}`)
  if (found.length > 0) throw new Error(`The record does not hold:\n${found.join('\n')}`)
}
