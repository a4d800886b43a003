import 'server-only'
import { schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import { inTransaction } from '@/lib/services/apply'
import { adminsOf } from '@/lib/services/facts'
import { lookAfter } from '@/lib/services/look-after'
import { approvalGaps, nextNight } from '@/lib/services/nightly'
import { save } from '@/lib/services/save'
import type { Engine } from '../engine'
import { type Claim, redate } from '../work'

/** Every night: could anybody say yes to everything that may be asked? Admins are told where nobody could. */
export async function check(engine: Engine, claim: Claim): Promise<void> {
  await lookAfter(engine.db)
  const now = await readNow(engine.db)
  const gaps = await approvalGaps(engine.db)
  if (gaps.length > 0) {
    const day = claim.dueAt.toISOString()
    const mails = (await adminsOf(engine.db)).map((personId) => ({
      occasion: `approval-gaps:${day}`,
      kind: 'approval-gaps',
      personId,
    }))
    const owed = await inTransaction(engine.ctx, (tx) =>
      save(tx, { result: null, mails }, { now, actor: engine.ctx.actor }),
    )
    if (!owed.ok) throw new Error(owed.message)
  }
  const [org] = await engine.db.select({ zone: schema.organisation.timeZone }).from(schema.organisation)
  await redate(engine.db, claim, nextNight(now, org?.zone ?? 'UTC'))
}
