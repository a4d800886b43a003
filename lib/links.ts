import 'server-only'
import { eq } from 'drizzle-orm'
import { type Db, type Reader, schema } from '@/db/client'
import { readClocks } from './clock'
import { hashToken, newToken } from './ids'

/** What a mail's link leads to. It finds a page; what may be done there, the signed-in person's rights decide. */
export type LinkPurpose = 'decide' | 'extend'

export interface LinkTarget {
  readonly purpose: LinkPurpose
  readonly personId: string
  readonly requestId: string | null
  readonly grantId: string | null
  /** The request's round that it was mailed in. */
  readonly round?: number
}

/** Exactly what a decision is about; an edit of any part of it makes older links say so instead of deciding. */
export function requestDigest(request: {
  id: string
  personId: string
  entitlementId: string
  seconds: number | null
  startAt: Date | null
  reason: string
  round: number
}): string {
  const { id, personId, entitlementId, seconds, startAt, reason, round } = request
  return hashToken(
    JSON.stringify([id, personId, entitlementId, seconds, startAt?.toISOString() ?? null, reason, round]),
  )
}

/** Makes a link and returns its token, which is stored nowhere but in the mail. */
export async function createLink(
  db: Reader,
  target: LinkTarget & { digest: string; expiresAt: Date },
): Promise<string> {
  const token = newToken()
  await db.insert(schema.link).values({ tokenHash: hashToken(token), ...target })
  return token
}

/** A link that was found, with the digest of what its mail said. */
export interface FoundLink extends LinkTarget {
  readonly round: number
  readonly digest: string
}

export type OpenedLink =
  | { readonly state: 'ok' | 'used' | 'expired' | 'changed'; readonly link: FoundLink }
  | { readonly state: 'unknown'; readonly link: null }

/**
 * Looks a link up and changes nothing. `changed`: the request was edited since the mail; `used`: the decision
 * was made; `expired`: its time is over. An unknown token says nothing about anything.
 */
export async function openLink(db: Db, token: string, purpose: LinkPurpose): Promise<OpenedLink> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return { state: 'unknown', link: null }
  const row = await db.query.link.findFirst({ where: eq(schema.link.tokenHash, hashToken(token)) })
  if (!row || row.purpose !== purpose) return { state: 'unknown', link: null }
  const link: FoundLink = {
    purpose,
    personId: row.personId,
    requestId: row.requestId,
    grantId: row.grantId,
    round: row.round,
    digest: row.digest,
  }
  if (row.usedAt) return { state: 'used', link }
  const { now } = await readClocks(db)
  if (now >= row.expiresAt) return { state: 'expired', link }
  if (!row.requestId) return { state: 'ok', link }
  const request = await db.query.request.findFirst({ where: eq(schema.request.id, row.requestId) })
  return { state: request && requestDigest(request) === row.digest ? 'ok' : 'changed', link }
}
