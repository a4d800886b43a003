import 'server-only'
import { readNow } from '@/lib/clock'
import { plus } from '@/lib/domain/duration'
import { isOver } from '@/lib/domain/grant'
import { overdueAt } from '@/lib/domain/grant-end'
import { inTransaction, lock } from '@/lib/services/apply'
import { adminsOf, loadGrant } from '@/lib/services/facts'
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
    await save(tx, { result: null, mails: [mail], work: [] }, { now, actor: engine.ctx.actor })
    return 'owed'
  })
  if (!result.ok) throw new Error(result.message)
  if (result.value instanceof Date) return redate(engine.db, claim, result.value)
  await done(engine.db, claim)
}

/**
 * Raises the alarm when an access that should be gone is not: an entry, and a mail to owners and admins. It does not
 * wait for the take: where no take came to run, the alarm itself puts the end on record first.
 */
export async function alarm(engine: Engine, claim: Claim): Promise<void> {
  const now = await readNow(engine.db)
  const f = await loadGrant(engine.db, claim.subjectId, now)
  if (!f || f.row.overdueSince) return done(engine.db, claim)
  if (f.row.state === 'provisioning' || f.row.state === 'active') {
    if (!f.row.endsAt || f.row.preexisting) return done(engine.db, claim)
    const dueAt = overdueAt(f.row.endsAt, f.target)
    if (now < dueAt) return redate(engine.db, claim, dueAt)
    const ended = await expire(engine, claim)
    if (!ended.ok) return retryLater(engine.db, claim, 250, { error: ended.message })
    if (ended.value.state === 'active') return
  } else if (f.row.state !== 'revoking') return done(engine.db, claim)
  const admins = await adminsOf(engine.db)
  const raised = await step(engine, 'take', claim, { type: 'overdue' }, (loaded) => ({
    mails: [...new Set([...loaded.ownerIds, ...admins])].map((personId) => ({
      occasion: `could-not-remove:${loaded.row.id}:${loaded.row.rightOverAt?.toISOString() ?? ''}`,
      kind: 'could-not-remove',
      personId,
      grantId: loaded.row.id,
    })),
  }))
  if (!raised.ok) return retryLater(engine.db, claim, 250, { error: raised.message })
  await done(engine.db, claim)
}
