import 'server-only'
import type { MailChange } from '@/lib/services/changes'
import { notConverted } from '@/lib/services/conversion-mails'
import type { LoadedGrant } from '@/lib/services/facts'

/**
 * Tells the holder and the owners that what was agreed could not be given: also where something was sent and the
 * outcome is unclear, because until it is seen gone nobody else would say so.
 */
export function notGiven(f: LoadedGrant, why: string): MailChange[] {
  if (f.row.converts) return notConverted(f, f.ownerIds, { why })
  return [...new Set([f.row.personId, ...f.ownerIds])].map((personId) => ({
    occasion: `could-not-give:${f.row.id}`,
    kind: 'could-not-give',
    personId,
    grantId: f.row.id,
    data: { why },
  }))
}
