import type { GrantDetails } from '@/lib/grant-views'
import { endReasonWords } from '@/lib/outcome-words'

/** The proof of an end as text to keep elsewhere: facts in UTC, one per line. */
export function proofText(details: GrantDetails): string {
  const { row, account, policy, settledAt, calls } = details
  const utc = (at: Date | null) => at?.toISOString() ?? 'never'
  const last = calls.findLast((call) => call.operation === 'check')
  const lines = [
    `Grant ${row.id}`,
    `${row.person.name} <${details.personEmail}>: ${row.entitlement.name} in ${row.application.name}`,
    account ? `Account: ${account.name} (${account.externalId})` : null,
    `Access policy: ${policy.name}, version ${policy.number}`,
    `Given: ${utc(row.grantedAt)}`,
    `Agreed end: ${utc(row.endsAt)}`,
    `Right over: ${utc(row.rightOverAt)}, ${endReasonWords[row.endReason ?? 'expired']}`,
    row.preexisting
      ? 'Held before our first give, so it was not removed.'
      : `Seen absent: ${utc(row.seenAbsentAt)}, ${((row.lateMs ?? 0) / 1000).toFixed(1)} s late, ${row.verified ? 'verified by a look' : 'not verified'}`,
    settledAt ? `Looked again: ${utc(settledAt)}, still absent` : null,
    last ? `Last look: ${last.outcome}, ${last.startedAt.toISOString()}` : null,
  ]
  return lines.filter((line) => line !== null).join('\n')
}
