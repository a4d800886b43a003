import 'server-only'
import { ConnectorError } from '@/lib/connectors/contract'
import { LOOK_AFTER_ATTESTED } from '@/lib/domain/duration'
import { faultpoint } from '@/lib/faultpoints'
import { newId } from '@/lib/ids'
import { adminsOf, type LoadedGrant } from '@/lib/services/facts'
import { givenAgain } from '../access'
import { SLOW_GAP_MS } from '../backoff'
import { type Engine, grantNow, nowOf, step } from '../engine'
import { look as lookAt, openTarget, pinnedAccount } from '../target'
import { type Claim, done, retryLater } from '../work'

const HOURLY_MS = LOOK_AFTER_ATTESTED * 1000

/** It ended on the word of people, and no look has proven them right yet. */
const isAttested = ({ row }: LoadedGrant) => row.endReason === 'attested' && row.verified === false

/**
 * The second look, when a late give could have landed: absent is settled; our access found again is taken
 * back again, loudly. What people attested as gone is looked at every hour until it is seen absent. Stops once a newer
 * give on the same access began: what is there then is the newer one's.
 */
export async function look(engine: Engine, claim: Claim): Promise<void> {
  const { f } = await grantNow(engine, claim.subjectId)
  if (!f?.connection || !['ended', 'failed'].includes(f.row.state) || (await givenAgain(engine.db, f.row.id)))
    return done(engine.db, claim)
  const account = await pinnedAccount(engine, f)
  if (!account) return done(engine.db, claim)
  try {
    const target = await openTarget(engine, f, claim)
    const holding = await lookAt(target, f, account)
    if (holding.state === 'direct') return reopen(engine, claim)
    if (holding.state === 'absent' || holding.state === 'indirect') {
      if (f.row.state === 'failed') return done(engine.db, claim)
      const seen = isAttested(f) ? { seenAt: await nowOf(engine) } : {}
      faultpoint('look.seen', 'before')
      const settled = await step(engine, 'take', claim, { type: 'settled', ...seen })
      if (settled.ok) faultpoint('look.seen', 'after')
      else await retryLater(engine.db, claim, 1000, { error: settled.message })
      return
    }
    const pause = isAttested(f) ? HOURLY_MS : SLOW_GAP_MS / 15
    await retryLater(engine.db, claim, pause, { error: 'The target could not say' })
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    const pause = isAttested(f) ? HOURLY_MS : Math.min(SLOW_GAP_MS, 60_000 * claim.attempt)
    await retryLater(engine.db, claim, pause, { error: error.message })
  }
}

async function reopen(engine: Engine, claim: Claim): Promise<void> {
  const admins = await adminsOf(engine.db)
  faultpoint('look.reopened', 'before')
  const result = await step(engine, 'take', claim, { type: 'reopen' }, (loaded, at) => ({
    findings: [
      {
        id: newId(),
        kind: 'came_back',
        grantId: loaded.row.id,
        detail: isAttested(loaded)
          ? 'Found again after people had attested that it was gone'
          : 'Found again after it had been seen absent',
        foundAt: at.now,
      },
    ],
    mails: [...new Set([...loaded.ownerIds, ...admins])].map((personId) => ({
      occasion: `came-back:${loaded.row.id}:${loaded.row.version}`,
      kind: 'could-not-remove',
      personId,
      grantId: loaded.row.id,
    })),
  }))
  if (result.ok) return faultpoint('look.reopened', 'after')
  // Whatever stood in the way, the look stays until it has an answer: our access is there and nobody takes it.
  await retryLater(engine.db, claim, 1000, { error: result.message })
}
