import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import type { Result } from '@/lib/domain/errors'
import { lapseRequest } from '@/lib/services/decisions'
import { escalateRequest, remindOfRequest } from '@/lib/services/request-escalation'
import type { Engine } from '../engine'
import { type Claim, done, redate, retryLater } from '../work'

/** A request's time to be decided is over. */
export async function lapse(engine: Engine, claim: Claim): Promise<void> {
  const row = await pending(engine, claim)
  if (!row) return done(engine.db, claim)
  if ((await readNow(engine.db)) < row.decideBy) return redate(engine.db, claim, row.decideBy)
  await finish(engine, claim, await lapseRequest(engine.ctx, claim.subjectId))
}

/** A step was open for as long as its policy lets it wait: the fallback is asked as well. */
export async function escalate(engine: Engine, claim: Claim): Promise<void> {
  if (!(await pending(engine, claim))) return done(engine.db, claim)
  await finish(engine, claim, await escalateRequest(engine.ctx, claim.subjectId))
}

/** Reminds whoever may decide; what it arms next takes the place of this item. */
export async function remind(engine: Engine, claim: Claim): Promise<void> {
  if (!(await pending(engine, claim))) return done(engine.db, claim)
  await finish(engine, claim, await remindOfRequest(engine.ctx, claim.subjectId))
}

async function pending(engine: Engine, claim: Claim) {
  const row = await engine.db.query.request.findFirst({
    where: eq(schema.request.id, claim.subjectId),
    columns: { state: true, decideBy: true },
  })
  return row?.state === 'pending' ? row : null
}

/** A refusal by the machine says that something else came first, and that nothing is left to do. */
async function finish(engine: Engine, claim: Claim, result: Result<unknown>): Promise<void> {
  const settled = result.ok || (claim.kind !== 'lapse' && ['conflict', 'too_late'].includes(result.code))
  if (!settled) return retryLater(engine.db, claim, 1000, { error: result.message })
  await done(engine.db, claim)
}
