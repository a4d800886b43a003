import 'server-only'
import type { At } from './apply'
import type { MailChange } from './changes'
import type { LoadedGrant } from './facts'

/** To the holder and to others whom it concerns: the planned lease does not begin, the access stays what it was. */
export function notConverted(
  f: Pick<LoadedGrant, 'row'>,
  others: readonly string[],
  data: { why: string; byId?: string },
): MailChange[] {
  return [...new Set([f.row.personId, ...others])].map((personId) => ({
    occasion: `conversion-called-off:${f.row.id}`,
    kind: 'conversion-called-off',
    personId,
    grantId: f.row.id,
    data,
  }))
}

/** Called off by somebody, who knows; whose access it is does not yet. */
export function calledOffMails(f: LoadedGrant, at: Pick<At, 'actor'>, why: string): MailChange[] {
  const byId = at.actor.kind === 'person' ? at.actor.id : undefined
  return notConverted(f, [], { why, ...(byId ? { byId } : {}) })
}
