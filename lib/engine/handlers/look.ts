import 'server-only'
import { readNow } from '@/lib/clock'
import { ConnectorError } from '@/lib/connectors/contract'
import { newId } from '@/lib/ids'
import { adminsOf, loadGrant } from '@/lib/services/facts'
import { givenAgain } from '../access'
import { SLOW_GAP_MS } from '../backoff'
import { type Engine, step } from '../engine'
import { look as lookAt, openTarget, pinnedAccount } from '../target'
import { type Claim, done, retryLater } from '../work'

/**
 * The second look, when a late give could have landed: absent is settled; our access found again is taken
 * back again, loudly. Stops once a newer give on the same access began: what is there then is the newer one's.
 */
export async function look(engine: Engine, claim: Claim): Promise<void> {
  const f = await loadGrant(engine.db, claim.subjectId, await readNow(engine.db))
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
      const settled = await step(engine, 'take', claim, { type: 'settled' })
      if (!settled.ok) await retryLater(engine.db, claim, 1000, { error: settled.message })
      return
    }
    await retryLater(engine.db, claim, SLOW_GAP_MS / 15, { error: 'The target could not say' })
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    await retryLater(engine.db, claim, Math.min(SLOW_GAP_MS, 60_000 * claim.attempt), {
      error: error.message,
    })
  }
}

async function reopen(engine: Engine, claim: Claim): Promise<void> {
  const admins = await adminsOf(engine.db)
  const result = await step(engine, 'take', claim, { type: 'reopen' }, (loaded, at) => ({
    findings: [
      {
        id: newId(),
        kind: 'came_back',
        grantId: loaded.row.id,
        detail: 'Found again after it had been seen absent',
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
  // Whatever stood in the way, the look stays until it has an answer: our access is there and nobody takes it.
  if (!result.ok) await retryLater(engine.db, claim, 1000, { error: result.message })
}
