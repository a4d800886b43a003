import 'server-only'
import { isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { GateVerb } from '@/lib/domain/authorize'
import { type Refusal, refuse } from '@/lib/domain/errors'
import { quietVerbs } from '@/lib/domain/quarantine'
import { type Actor, provisionerNamed } from '@/lib/domain/timeline'

/**
 * Whether this database is in quarantine: somebody said so, or it was found to be a restored one and nobody confirmed;
 * or it is not the one the product knew, noticed or not. The database itself answers.
 */
export async function inQuarantine(db: Reader): Promise<boolean> {
  const [row] = await db.execute<{ held: boolean }>(sql`select leasehold_quarantined() as held`)
  return row?.held === true
}

/** The quarantine that is open, or null. */
export async function openQuarantine(db: Reader): Promise<typeof schema.quarantine.$inferSelect | null> {
  return (await db.query.quarantine.findFirst({ where: isNull(schema.quarantine.endedAt) })) ?? null
}

/**
 * Why somebody changes nothing at present: in quarantine that is for admins, who mend what the backup brought back, and
 * for the product's own parts. Everybody else, and every provisioning client, would act on what is not true any more.
 */
export async function heldByQuarantine(db: Reader, actor: Actor, verb: GateVerb): Promise<Refusal | null> {
  const may = actor.kind === 'person' ? actor.admin || quietVerbs.has(verb) : !provisionerNamed(actor.name)
  if (may || !(await inQuarantine(db))) return null
  return refuse(
    'unavailable',
    'Leasehold was restored from a backup. Until an admin has confirmed that it may go on, nothing can be changed',
  )
}
