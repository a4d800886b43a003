/**
 * Quarantine: a database that was restored from a backup says what was true then. The product looks and waits, until an
 * admin has seen what is different and says that it may go on. See docs/restore.md.
 */
import 'server-only'
import { eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, type Reader, schema, type Tx } from '@/db/client'
import { type Fork, forkOf } from '@/lib/audit/fork'
import { readClocks } from '@/lib/clock'
import { type Ctx, systemCtx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { type Marker, type Stamp, strangeness } from '@/lib/domain/quarantine'
import { workPriority } from '@/lib/domain/work'
import { type Env, env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { MarkerError, readMarker, writeMarker } from '@/lib/marker'
import { type At, inTransaction } from './apply'
import { change, recordNext } from './change'
import { ORGANISATION_ID } from './organisation'
import { keepStrangers } from './quarantine-compare'
import { openQuarantine } from './quarantine-state'
import { reasonSchema } from './reason'

const { auditReceiver, installation, link, mail, quarantine, session, verificationToken, work } = schema

/** Whoever looks for a restore, begins or ends a quarantine; a number of its own among the advisory locks. */
const ONE_AT_A_TIME = 7_332_503
/** After a quarantine targets are read for drift once what was due has been done. */
const READ_AFTER_SECONDS = 120
const ORGANISATION = { type: 'organisation', id: ORGANISATION_ID } as const

type Settings = Pick<Env, 'QUARANTINE_MARKER_FILE' | 'QUARANTINE_TIMELINE'>
type Installation = typeof installation.$inferSelect

/** The database as it is now; the timeline is left out where the settings say that it says nothing. */
async function readStamp(db: Reader, { QUARANTINE_TIMELINE: watch }: Settings): Promise<Stamp> {
  const [row] = await db.execute<{ system: string | null; oid: string; timeline: number | null }>(
    sql`select system_identifier as system, database_oid as oid, timeline from leasehold_stamp()`,
  )
  if (!row) throw new Error('the database has no stamp')
  const timeline = watch === 'ignore' ? null : row.timeline
  return { systemIdentifier: row.system, databaseOid: Number(row.oid), timeline }
}

/**
 * Holds the database against what the product knew of it, and begins a quarantine where it is another or an older one.
 * Asked at every start, which writes down a database that is new, and every minute, which also moves the marker outside
 * on. Says whether it is in quarantine.
 * @throws {MarkerError} when the marker is there and cannot be read
 */
export async function watchForRestore(
  db: Db,
  { first = false, settings = env() }: { first?: boolean; settings?: Settings } = {},
): Promise<boolean> {
  const path = settings.QUARANTINE_MARKER_FILE
  const marker = path ? await readMarker(path) : null
  const stamp = await readStamp(db, settings)
  if (first)
    await db
      .insert(installation)
      .values({ id: newId(), ...stamp })
      .onConflictDoNothing()
  const known = await db.query.installation.findFirst()
  const why = known ? strangeness(known, stamp, marker) : []
  if (why.length > 0) await beginFor(db, why, 'engine')
  const held = (await openQuarantine(db)) !== null
  if (held) log.warn('this database is in quarantine after a restore: nothing leaves until an admin confirms')
  else if (known) await moveOn(db, known, stamp, settings)
  return held
}

/** How this database stands, for the command line; changes nothing. */
export async function standing(db: Db) {
  const path = env().QUARANTINE_MARKER_FILE
  const marker = path ? await readMarker(path) : null
  const [stamp, known, open] = await Promise.all([
    readStamp(db, env()),
    db.query.installation.findFirst(),
    openQuarantine(db),
  ])
  return { open, known: known ?? null, stamp, strange: known ? strangeness(known, stamp, marker) : [] }
}

/** Begins one where none is open. Says whether it did. */
async function beginFor(db: Db, why: readonly string[], as: 'engine' | 'command'): Promise<boolean> {
  const fork = await forkOf(db)
  const began = await inTransaction({ db }, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${ONE_AT_A_TIME})`)
    if (await openQuarantine(tx)) return false
    const { now, wall } = await readClocks(tx)
    await begin(tx, { now, wall, actor: systemCtx(as, db).actor, newId }, why, fork)
    return true
  })
  if (!began.ok) throw new RefusalError(began)
  return began.value
}

/** What was not to be read before is known from now on; and where there is a marker outside, it is told the time. */
async function moveOn(
  db: Db,
  before: Installation,
  stamp: Stamp,
  { QUARANTINE_MARKER_FILE: path, QUARANTINE_TIMELINE: watch }: Settings,
): Promise<void> {
  const learned = {
    systemIdentifier: stamp.systemIdentifier ?? before.systemIdentifier,
    timeline: watch === 'ignore' ? null : (stamp.timeline ?? before.timeline),
  }
  const at = path
    ? sql`greatest(clock_timestamp(), ${installation.markedAt} + interval '1 millisecond')`
    : null
  if (!at && learned.systemIdentifier === before.systemIdentifier && learned.timeline === before.timeline)
    return
  const [row] = await db
    .update(installation)
    .set({ ...learned, ...(at && { markedAt: at }) })
    .where(eq(installation.databaseOid, stamp.databaseOid))
    .returning()
  if (path && row?.markedAt) await writeMarker(path, { id: row.id, at: row.markedAt })
}

/**
 * Ends every session and every link that the backup brought back, and writes down why. Mails that wait are written anew
 * when they go out, as what they would link to is gone; and every connection is compared at once.
 */
async function begin(tx: Tx, at: At, why: readonly string[], fork: Fork): Promise<void> {
  const sessions = await tx.delete(session).returning({ id: session.id })
  const links = await tx.delete(link).returning({ hash: link.tokenHash })
  const signIns = await tx.delete(verificationToken).returning({ token: verificationToken.token })
  await tx.update(mail).set({ sealed: null }).where(isNotNull(mail.sealed))
  const row = {
    id: newId(),
    beganAt: at.now,
    why: [...why],
    ...fork,
    sessions: sessions.length,
    links: links.length + signIns.length,
  }
  await tx.insert(quarantine).values(row)
  await readAfter(tx, 0)
  const { id, sessions: ended, links: dead, link: last, lost } = row
  const data = {
    quarantineId: id,
    why: row.why,
    sessions: ended,
    links: dead,
    link: last,
    ...(lost && { lost }),
  }
  await recordNext(tx, ORGANISATION, { verb: 'quarantined', data }, at)
}

/** Has every connection compared, or read for drift, after so many seconds. */
async function readAfter(tx: Tx, seconds: number): Promise<void> {
  await tx.execute(sql`
    insert into work (kind, subject_type, subject_id, connection_id, priority, due_at, not_before)
    select 'drift', 'connection', c.id, c.id, ${workPriority.drift}, leasehold_now(),
      clock_timestamp() + ${seconds}::int * interval '1 second'
    from connection c join application a on a.connection_id = c.id where a.archived_at is null
    on conflict (kind, subject_id) do update set not_before = excluded.not_before, lease_until = null`)
}

/** Puts the database into quarantine by hand, for a restore that no stamp can tell. Says whether it was not before. */
export function beginByHand(db: Db, reason: string): Promise<boolean> {
  return beginFor(db, [reason], 'command')
}

export const endQuarantineInput = z.object({
  quarantineId: z.uuid(),
  reason: reasonSchema.min(1, 'Say what you looked at; it stays with the record'),
})

/**
 * The word of an admin that the product may go on from this database: it is the one it knows from now on, and whatever
 * is due is done, takes first. What was found in targets without a right here becomes findings of its owners. Receivers
 * of the audit log are sent what follows under new ids, as they may know others of these positions.
 * @returns refused `conflict` where there is no such quarantine any more, `unavailable` where the marker cannot be read
 */
export async function endQuarantine(
  ctx: Ctx,
  { quarantineId, reason }: z.infer<typeof endQuarantineInput>,
): Promise<Result<{ strangers: number }>> {
  const path = env().QUARANTINE_MARKER_FILE
  const marker = path ? await readMarker(path).catch(asMarkerError) : null
  return change(ctx, {
    gate: 'quarantine.end',
    subject: ORGANISATION,
    async run(tx, at) {
      await tx.execute(sql`select pg_advisory_xact_lock(${ONE_AT_A_TIME})`)
      const open = await openQuarantine(tx)
      if (marker instanceof MarkerError) throw new RefusalError(refuse('unavailable', marker.message))
      if (open?.id !== quarantineId)
        throw new RefusalError(refuse('conflict', 'This quarantine is over. Reload to see how it stands'))
      const by = at.actor.kind === 'person' ? at.actor.id : null
      await tx
        .update(quarantine)
        .set({ endedAt: at.now, endedBy: by, reason })
        .where(isNull(quarantine.endedAt))
      await adopt(tx, marker)
      const strangers = await keepStrangers(tx, at, quarantineId)
      await tx.update(auditReceiver).set({ run: sql`${auditReceiver.run} + 1`, sendingTo: null })
      await tx.update(work).set({ notBefore: null }).where(sql`${work.kind} in ('take', 'alarm')`)
      await readAfter(tx, READ_AFTER_SECONDS)
      const data = { quarantineId, note: reason, strangers }
      return { result: { strangers }, entry: { verb: 'quarantine_ended', data } }
    },
  })
}

function asMarkerError(error: unknown): MarkerError {
  if (error instanceof MarkerError) return error
  throw error
}

/** This database is the one that the product knows from now on, whatever the marker says of the time that was lost. */
async function adopt(tx: Tx, marker: Marker | null): Promise<void> {
  const stamp = await readStamp(tx, env())
  const { wall } = await readClocks(tx)
  const known = (await tx.query.installation.findFirst()) ?? { id: newId(), markedAt: null }
  const moments = [wall, known.markedAt, marker?.at].flatMap((moment) => moment?.getTime() ?? [])
  const row = {
    ...stamp,
    id: marker?.id ?? known.id,
    markedAt: marker ? new Date(Math.max(...moments)) : known.markedAt,
  }
  await tx.insert(installation).values(row).onConflictDoUpdate({ target: installation.row, set: row })
}
