import 'server-only'
import type { Result } from '@/lib/domain/errors'
import type { GrantState } from '@/lib/domain/grant'
import type { LoadedGrant } from '@/lib/services/facts'
import { endedAtOnce } from '@/lib/services/grants'
import { type Engine, step } from '../engine'
import type { Claim } from '../work'

/** Puts it on record that the right is over: by the take at the end, or by the alarm where no take came to run. */
export function expire(engine: Engine, claim: Claim): Promise<Result<{ state: GrantState }>> {
  return step(engine, 'take', claim, { type: 'expire' }, (loaded) => ({
    set: missedNotice(loaded),
    mails: loaded.row.preexisting ? endedAtOnce(loaded, 'ended') : [],
  }))
}

/** A notice that did not go out before the end never will; that stays to be seen. */
function missedNotice({ row }: LoadedGrant): { noticeError?: string } {
  const owed = row.state === 'active' && row.noticeSeconds !== null && row.noticeSentAt === null
  return owed ? { noticeError: row.noticeError ?? 'It could not be sent before the end' } : {}
}
