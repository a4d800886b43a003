import 'server-only'
import type { Reader } from '@/db/client'
import { env } from '@/lib/env'
import type { MailRow } from '@/lib/services/changes'

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
