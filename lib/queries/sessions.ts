import 'server-only'
import { and, desc, eq, gt } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { SignInWay } from '@/lib/domain/sign-in'
import { issuers } from '@/lib/issuers'
import type { SessionsView } from '@/lib/session-views'

const { identity, session } = schema

/**
 * Where a person is signed in, the latest first; null for whoever has no business to know.
 * @param hereId the session of whoever looks
 */
export async function sessionsOf(ctx: Ctx, personId: string, hereId: string): Promise<SessionsView | null> {
  const about = { beneficiaryId: personId }
  if (!can(ctx.actor, 'session.list', about)) return null
  const { wall, offsetMs } = await readClocks(ctx.db)
  const shown = (at: Date) => new Date(at.getTime() + offsetMs)
  const [rows, known] = await Promise.all([
    ctx.db
      .select()
      .from(session)
      .where(and(eq(session.userId, personId), gt(session.expires, wall)))
      .orderBy(desc(session.lastSeenAt), desc(session.id)),
    identitiesOf(ctx.db, personId),
  ])
  return {
    personId,
    sessions: rows.map((row) => ({
      id: row.id,
      device: row.device,
      road: roadOf(row.way, row.issuer),
      signedInAt: shown(row.signedInAt),
      lastSeenAt: shown(row.lastSeenAt),
      here: row.id === hereId,
    })),
    canEnd: can(ctx.actor, 'session.end', about),
    knownAt: known.map(nameOfIssuer),
    canForget: can(ctx.actor, 'identity.forget', about),
  }
}

async function identitiesOf(db: Reader, personId: string): Promise<string[]> {
  const rows = await db
    .select({ issuer: identity.provider })
    .from(identity)
    .where(eq(identity.userId, personId))
    .orderBy(identity.provider)
  return rows.map((row) => row.issuer)
}

function roadOf(way: SignInWay, issuer: string | null): string {
  if (way === 'oidc') return issuer ? `with ${nameOfIssuer(issuer)}` : 'with single sign-on'
  return way === 'email' ? 'with a link by mail' : 'by choosing a name'
}

/** What its button says; its host where it is set up no more. */
function nameOfIssuer(address: string): string {
  return issuers().find((one) => one.address === address)?.name ?? new URL(address).host
}
