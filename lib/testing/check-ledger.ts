import { eq, isNull, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { sealAll } from '@/lib/audit/sealer'
import { verifyChain } from '@/lib/audit/verify'
import { readClocks } from '@/lib/clock'
import type { TargetState } from '@/lib/connectors/testing/target-state'
import { type Ledger, violations } from '@/lib/ledger'
import { targetFacts } from '@/lib/services/target'

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

/** Everything the ledger is about, as it stands in a test's database and in the target behind it. */
export async function readLedger(db: Db, target: TargetState): Promise<Ledger> {
  const { account, application, connection, entitlement, grant } = schema
  const { now } = await readClocks(db)
  const shifted = await domainTime(db)
  const rows = await db
    .select({ grant, entitlement, application, connection, accountId: account.externalId })
    .from(grant)
    .innerJoin(entitlement, eq(entitlement.id, grant.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .leftJoin(connection, eq(connection.id, application.connectionId))
    .leftJoin(account, eq(account.id, grant.accountId))
  const mails = await db.query.mail.findMany()
  return {
    now,
    effects: target.effects.map((effect) => ({ ...effect, at: shifted(effect.at) })),
    held: [...target.entitlements.keys()].flatMap((id) =>
      target.holders(id).map((holder) => ({ entitlement: id, account: holder })),
    ),
    grants: rows.map((row) => ({
      ...row.grant,
      entitlement: row.entitlement.externalId,
      account: row.accountId,
      target: targetFacts(row.connection, row.application, row.grant, now),
    })),
    drills: await db.query.drill.findMany(),
    requests: await db.query.request.findMany(),
    decisions: await db.query.decision.findMany(),
    timeline: await db.query.timeline.findMany(),
    mails: mails.map((mail) => ({
      ...mail,
      endsAt: typeof mail.data.endsAt === 'string' ? new Date(mail.data.endsAt) : null,
    })),
    work: await db.query.work.findMany(),
    findings: await db.query.finding.findMany({ where: isNull(schema.finding.closedAt) }),
  }
}

/** Throws with every violated invariant in words; to be asked after every test that touches grants. */
export async function checkLedger(world: { db: Db; target: { state: TargetState } }): Promise<void> {
  const found = violations(await readLedger(world.db, world.target.state))
  await sealAll(world.db)
  const { fault } = await verifyChain(world.db, { trusted: null })
  if (fault) found.push(`I5: ${fault.what}`)
  if (found.length > 0) throw new Error(`The record does not hold:\n${found.join('\n')}`)
}
