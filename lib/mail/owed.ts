import 'server-only'
import type { Reader } from '@/db/client'
import { env } from '@/lib/env'
import { createLink, requestDigest } from '@/lib/links'
import type { MailRow } from '@/lib/services/changes'
import type { LoadedRequest } from '@/lib/services/facts'

/** What every composer is given: where to read, the owed mail, its reader, the moment, and the common part of the props. */
export interface Owed {
  readonly db: Reader
  readonly row: MailRow
  readonly reader: { readonly id: string; readonly name: string; readonly email: string }
  readonly now: Date
  readonly base: { readonly org: string; readonly zone: string; readonly now: Date }
}

/** An address inside the product. */
export function pageUrl(path: `/${string}`): string {
  return `${env().APP_URL}${path}`
}

/** The number by which people find a record again. */
export function reference(kind: 'Request' | 'Grant' | 'Task', id: string): string {
  return `${kind} ${id.slice(-8)}`
}

/** The page of one request for its reader, findable until it lapses. */
export async function decideUrl({ db, reader }: Owed, r: LoadedRequest): Promise<string> {
  const token = await createLink(db, {
    purpose: 'decide',
    personId: reader.id,
    requestId: r.row.id,
    grantId: null,
    digest: requestDigest(r.row),
    round: r.row.round,
    expiresAt: r.row.decideBy,
  })
  return pageUrl(`/decide/${token}`)
}
