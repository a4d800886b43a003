import 'server-only'
import { plus } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import type { GrantEvent, GrantState } from '@/lib/domain/grant'
import type { GrantRow, MailChange } from '@/lib/services/changes'
import type { LoadedGrant } from '@/lib/services/facts'
import { endedAtOnce } from '@/lib/services/grants'
import { type Engine, step } from '../engine'
import type { Claim } from '../work'

/**
 * Puts it on record that the right is over, where the alarm finds that no take came to run. Where more time is asked for
 * and undecided, and the policy has a grace, the end moves once instead; the answer is then `active`.
 */
export function expire(engine: Engine, claim: Claim): Promise<Result<{ state: GrantState }>> {
  return step(
    engine,
    'take',
    claim,
    (f, at) => expiry(f, at.now).event,
    (f, at) => expiry(f, at.now).also,
  )
}

interface Expiry {
  readonly event: GrantEvent
  readonly also: { readonly set: Partial<GrantRow>; readonly mails?: readonly MailChange[] }
}

/** What the end of a right is to its machine, and what belongs to it. */
export function expiry(f: LoadedGrant, now: Date): Expiry {
  const seconds = graceOf(f, now)
  if (seconds) return { event: { type: 'grace', seconds }, also: { set: { graceGiven: true } } }
  const mails = f.row.preexisting ? endedAtOnce(f, 'ended') : []
  return { event: { type: 'expire' }, also: { set: missedNotice(f), mails } }
}

/** The one grace of a grant, in seconds; 0 where there is none: not in the policy, given before, or nothing pending. */
function graceOf({ row, definition, pending }: LoadedGrant, now: Date): number {
  const { graceSeconds } = definition
  if (row.state !== 'active' || !row.endsAt || row.graceGiven || graceSeconds === 0) return 0
  const undecided = pending !== null && now < pending.decideBy
  return undecided && now < plus(row.endsAt, graceSeconds) ? graceSeconds : 0
}

/** A notice that did not go out before the end never will; that stays to be seen. */
function missedNotice({ row }: LoadedGrant): { noticeError?: string } {
  const owed = row.state === 'active' && row.noticeSeconds !== null && row.noticeSentAt === null
  return owed ? { noticeError: row.noticeError ?? 'It could not be sent before the end' } : {}
}
