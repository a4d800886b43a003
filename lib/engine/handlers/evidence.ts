import 'server-only'
import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { makeCheckpoints } from '@/lib/audit/checkpoints'
import { channels, deliverCheckpoints } from '@/lib/audit/delivery'
import { type WorkKind, workPriority } from '@/lib/domain/work'
import { env } from '@/lib/env'
import { expirePayloads } from '@/lib/services/erasure'
import { ORGANISATION_ID } from '@/lib/services/organisation'
import type { Engine } from '../engine'
import { type Claim, retryLater } from '../work'

const MINUTE_MS = 60_000
/** What did not get out is tried again this soon. */
const AGAIN_MS = 5 * MINUTE_MS
const RETENTION_EVERY_MS = 60 * MINUTE_MS

type Evidence = Extract<WorkKind, 'checkpoint' | 'retention'>

/**
 * Arms what is done for the record of the whole organisation, once; from then on it arms itself, and like other
 * upkeep it follows unshifted time.
 */
export async function armEvidence(db: Db): Promise<void> {
  for (const kind of ['checkpoint', 'retention'] satisfies Evidence[])
    await db.execute(sql`
      insert into work (kind, subject_type, subject_id, priority, due_at, not_before)
      select ${kind}, 'organisation', ${ORGANISATION_ID}, ${workPriority[kind]}, leasehold_now(), clock_timestamp()
      from organisation
      on conflict (kind, subject_id) do nothing`)
}

/** Signs where the chain stands and brings it out; the next time is soon while some way out does not answer. */
export async function checkpoint({ db, signal }: Engine, claim: Claim): Promise<void> {
  await makeCheckpoints(db)
  const delivered = await deliverCheckpoints(db, channels(db, signal))
  const everyMs = env().AUDIT_CHECKPOINT_MINUTES * MINUTE_MS
  await retryLater(db, claim, delivered ? everyMs : Math.min(everyMs, AGAIN_MS), { error: null })
}

/** Erases payloads that were kept as long as the organisation keeps them. */
export async function retention({ db, ctx }: Engine, claim: Claim): Promise<void> {
  await expirePayloads(ctx)
  await retryLater(db, claim, RETENTION_EVERY_MS, { error: null })
}
