import type { Db } from '@/db/client'
import type { Actor } from '@/lib/domain/timeline'
import { decideOnRequest } from '@/lib/services/decisions'
import { revokeGrant } from '@/lib/services/grants'

/** What a person does on a page: they agree to a request, or revoke a grant. */
export interface Act {
  readonly actor: Extract<Actor, { kind: 'person' }>
  readonly approve?: string
  readonly revoke?: string
}

/** Does it; somebody whose answer was lost does it again, and that it was done already is no fault. */
export async function act(db: Db, { actor, approve, revoke }: Act): Promise<void> {
  const ctx = { db, actor }
  const done = approve
    ? await decideOnRequest(ctx, { requestId: approve, verdict: 'approve', note: null, version: 1 })
    : await revokeGrant(ctx, { grantId: revoke ?? '', reason: 'no longer needed' })
  if (!done.ok && done.code !== 'conflict') throw new Error(`refused: ${done.code} ${done.message}`)
}
