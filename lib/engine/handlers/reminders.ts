import 'server-only'
import { readNow } from '@/lib/clock'
import { ESCALATE_AFTER, plus } from '@/lib/domain/duration'
import { isOver } from '@/lib/domain/grant'
import { overdueAt } from '@/lib/domain/grant-end'
import { faultpoint } from '@/lib/faultpoints'
import { inTransaction, lock } from '@/lib/services/apply'
import type { MailChange } from '@/lib/services/changes'
import { adminsOf, keepersOf, type LoadedGrant, loadGrant } from '@/lib/services/facts'
import { save } from '@/lib/services/save'
import { type Engine, step } from '../engine'
import { type Claim, done, redate, retryLater } from '../work'
import { expire } from './expire'

/** The expiry notice: one mail per grant and end, never after the end. */
export async function notice(engine: Engine, claim: Claim): Promise<void> {
  const result = await inTransaction(engine.ctx, async (tx) => {
    await lock(tx, { grants: [claim.subjectId], work: [claim.id] })
    const now = await readNow(tx)
    const f = await loadGrant(tx, claim.subjectId, now)
    if (f?.row.state !== 'active' || !f.row.endsAt || isOver(f.row, now)) return 'nothing'
    const dueAt = plus(f.row.endsAt, -(f.row.noticeSeconds ?? 0))
    if (now < dueAt) return dueAt
    const endsAt = f.row.endsAt.toISOString()
    const mail = {
      occasion: `expiry-notice:${f.row.id}:${endsAt}`,
      kind: 'expiry-notice',
      personId: f.row.personId,
      grantId: f.row.id,
      data: { endsAt },
    }
    faultpoint('notice.owed', 'before')
    await save(tx, { result: null, mails: [mail], work: [] }, { now, actor: engine.ctx.actor })
    return 'owed'
  })
  if (!result.ok) throw new Error(result.message)
  if (result.value instanceof Date) return redate(engine.db, claim, result.value)
  if (result.value === 'owed') faultpoint('notice.owed', 'after')
  await done(engine.db, claim)
}

/**
 * Raises the alarm when an access that should be gone is not: an entry, and a mail to the owners, or the admins where
 * nobody owns it. It does not wait for the take: where no take came to run, the alarm itself puts the end on record
 * first. It then stays armed, and comes back for those who are told next.
 */
export async function alarm(engine: Engine, claim: Claim): Promise<void> {
  const now = await readNow(engine.db)
  const f = await loadGrant(engine.db, claim.subjectId, now)
  if (!f) return done(engine.db, claim)
  if (f.row.overdueSince) return escalate(engine, claim, now)
  if (f.row.state === 'provisioning' || f.row.state === 'active') {
    if (!f.row.endsAt || f.row.preexisting) return done(engine.db, claim)
    const dueAt = overdueAt(f.row.endsAt, f.target)
    if (now < dueAt) return redate(engine.db, claim, dueAt)
    const ended = await expire(engine, claim)
    if (!ended.ok) return retryLater(engine.db, claim, 250, { error: ended.message })
    if (ended.value.state === 'active') return
  } else if (f.row.state !== 'revoking') return done(engine.db, claim)
  const keepers = await keepersOf(engine.db, f.application.id)
  faultpoint('alarm.raised', 'before')
  const raised = await step(engine, 'take', claim, { type: 'overdue' }, (loaded) => ({
    mails: overdueMails(loaded, keepers, {}),
  }))
  if (!raised.ok) return retryLater(engine.db, claim, 250, { error: raised.message })
  faultpoint('alarm.raised', 'after')
  await redate(engine.db, claim, plus(now, ESCALATE_AFTER))
}

/** The owners were told an hour ago and it is still there: the admins are told too. Nobody is written to twice. */
async function escalate(engine: Engine, claim: Claim, now: Date): Promise<void> {
  const admins = await adminsOf(engine.db)
  const result = await inTransaction(engine.ctx, async (tx) => {
    await lock(tx, { grants: [claim.subjectId], work: [claim.id] })
    const f = await loadGrant(tx, claim.subjectId, now)
    if (f?.row.state !== 'revoking' || !f.row.overdueSince) return null
    const dueAt = plus(f.row.overdueSince, ESCALATE_AFTER)
    if (now < dueAt) return dueAt
    const mails = overdueMails(f, admins, { escalated: true })
    await save(tx, { result: null, mails, work: [] }, { now, actor: engine.ctx.actor })
    return null
  })
  if (!result.ok) throw new Error(result.message)
  if (result.value) return redate(engine.db, claim, result.value)
  await done(engine.db, claim)
}

/** One occasion for all of them, so that each is told once, whenever they are. */
function overdueMails(
  { row }: LoadedGrant,
  personIds: readonly string[],
  data: Record<string, unknown>,
): MailChange[] {
  return personIds.map((personId) => ({
    occasion: `could-not-remove:${row.id}:${row.rightOverAt?.toISOString() ?? ''}`,
    kind: 'could-not-remove',
    personId,
    grantId: row.id,
    data,
  }))
}
