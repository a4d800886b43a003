import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, schema, type Tx } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { plus } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import { hashToken, newId, newToken } from '@/lib/ids'
import { stop } from './applications'
import type { At } from './apply'
import { change } from './change'
import type { Entry } from './changes'

const { group, scimClient, scimGroup, scimToken } = schema
type ClientRow = typeof scimClient.$inferSelect

/** While one token replaces the other, both are taken. */
export const TOKENS_AT_ONCE = 2

/** Said of a token that is stored nowhere: it begins so, for whoever searches what leaked. */
const PREFIX = 'lhscim_'

export const connectScimInput = z.object({
  name: z
    .string({ error: 'Give the client a name' })
    .trim()
    .min(1, 'Give the client a name')
    .max(60, 'At most 60 characters'),
})
export const scimClientInput = z.object({ clientId: z.uuid() })
export const scimTokenInput = z.object({ clientId: z.uuid(), tokenId: z.uuid() })

/** A token as it is shown, once. */
export interface ShownToken {
  readonly clientId: string
  readonly token: string
}

/**
 * Connects a provisioning client: makes it and its first token. Admins only.
 * @returns refused `invalid` at `name` when a connected client has that name
 */
export function connectScimClient(
  ctx: Ctx,
  { name }: z.output<typeof connectScimInput>,
): Promise<Result<ShownToken>> {
  const clientId = newId()
  return change(ctx, {
    gate: 'scim.connect',
    subject: { type: 'scim_client', id: clientId },
    async run(tx, at) {
      const same = and(sql`lower(${scimClient.name}) = lower(${name})`, isNull(scimClient.revokedAt))
      if ((await tx.$count(scimClient, same)) > 0) stop('invalid', `${name} is connected already`, 'name')
      const createdBy = at.actor.kind === 'person' ? at.actor.id : null
      await tx.insert(scimClient).values({ id: clientId, name, createdAt: at.now, createdBy })
      const { token, hint } = await makeToken(tx, clientId, at)
      return { result: { clientId, token }, entry: { verb: 'created', data: { name, hint } } }
    },
  })
}

/**
 * Makes one more token, so that the old one can be replaced in the client and then be revoked.
 * @returns refused `limit` while two are taken
 */
export function addScimToken(
  ctx: Ctx,
  { clientId }: z.output<typeof scimClientInput>,
): Promise<Result<ShownToken>> {
  return edited(ctx, 'scim.connect', clientId, async (tx, row, at) => {
    const live = and(eq(scimToken.clientId, row.id), isNull(scimToken.revokedAt))
    if ((await tx.$count(scimToken, live)) >= TOKENS_AT_ONCE)
      stop('limit', 'Two tokens are taken already. Revoke the one that is not used any more first')
    const { token, hint } = await makeToken(tx, row.id, at)
    return { result: { clientId, token }, entry: { verb: 'token_made', data: { name: row.name, hint } } }
  })
}

/** Revokes a token: the next request with it is refused. @returns refused `conflict` when it is revoked already */
export function revokeScimToken(ctx: Ctx, input: z.output<typeof scimTokenInput>): Promise<Result<null>> {
  return edited(ctx, 'scim.revoke', input.clientId, async (tx, row, at) => {
    const [gone] = await tx
      .update(scimToken)
      .set({ revokedAt: at.now })
      .where(
        and(eq(scimToken.id, input.tokenId), eq(scimToken.clientId, row.id), isNull(scimToken.revokedAt)),
      )
      .returning({ hint: scimToken.hint })
    if (!gone) return stop('conflict', 'This token is revoked already')
    return { result: null, entry: { verb: 'token_revoked', data: { name: row.name, hint: gone.hint } } }
  })
}

/** Disconnects a client for good: its tokens are revoked, its people and groups stay and are changed by hand. */
export function disconnectScimClient(
  ctx: Ctx,
  { clientId }: z.output<typeof scimClientInput>,
): Promise<Result<null>> {
  return edited(ctx, 'scim.revoke', clientId, async (tx, row, at) => {
    await tx
      .update(scimToken)
      .set({ revokedAt: at.now })
      .where(and(eq(scimToken.clientId, row.id), isNull(scimToken.revokedAt)))
    const provisioned = tx
      .select({ id: scimGroup.groupId })
      .from(scimGroup)
      .where(eq(scimGroup.clientId, row.id))
    await tx.update(group).set({ managedBy: null }).where(inArray(group.id, provisioned))
    await tx.update(scimClient).set({ revokedAt: at.now }).where(eq(scimClient.id, row.id))
    return { result: null, entry: { verb: 'disconnected', data: { name: row.name } } }
  })
}

async function edited<R>(
  ctx: Ctx,
  gate: 'scim.connect' | 'scim.revoke',
  clientId: string,
  run: (tx: Tx, row: ClientRow, at: At) => Promise<{ result: R; entry: Entry }>,
): Promise<Result<R>> {
  return change(ctx, {
    gate,
    subject: { type: 'scim_client', id: clientId },
    async run(tx, at) {
      const [row] = await tx.select().from(scimClient).where(eq(scimClient.id, clientId)).for('no key update')
      if (!row) return stop('not_found', 'There is no such client')
      if (row.revokedAt) return stop('conflict', `${row.name} is disconnected`)
      const done = await run(tx, row, at)
      await tx
        .update(scimClient)
        .set({ version: sql`${scimClient.version} + 1` })
        .where(eq(scimClient.id, row.id))
      return done
    },
  })
}

async function makeToken(tx: Tx, clientId: string, at: At): Promise<{ token: string; hint: string }> {
  const token = `${PREFIX}${newToken()}`
  const hint = token.slice(-4)
  const createdBy = at.actor.kind === 'person' ? at.actor.id : null
  const values = { id: newId(), clientId, hash: hashToken(token), hint, createdAt: at.now, createdBy }
  await tx.insert(scimToken).values(values)
  return { token, hint }
}

/** A client whose token was shown to us. */
export interface ScimCaller {
  readonly clientId: string
  readonly name: string
}

/**
 * Whose token this is, or null. It is looked up by its digest and the digests are compared in constant time, so that
 * neither finding nor missing it tells anything of the token. Notes, to the minute, when it was last used.
 */
export async function callerByToken(db: Db, token: string): Promise<ScimCaller | null> {
  const hash = hashToken(token)
  const [found] = await db
    .select({ id: scimToken.id, hash: scimToken.hash, clientId: scimClient.id, name: scimClient.name })
    .from(scimToken)
    .innerJoin(scimClient, eq(scimClient.id, scimToken.clientId))
    .where(and(eq(scimToken.hash, hash), isNull(scimToken.revokedAt), isNull(scimClient.revokedAt)))
    .orderBy(asc(scimToken.id))
  const same = timingSafeEqual(Buffer.from(hash), Buffer.from(found?.hash ?? '0'.repeat(hash.length)))
  if (!found || !same) return null
  const { wall } = await readClocks(db)
  const stale = or(isNull(scimToken.lastUsedAt), lt(scimToken.lastUsedAt, plus(wall, -60)))
  await db
    .update(scimToken)
    .set({ lastUsedAt: wall })
    .where(and(eq(scimToken.id, found.id), stale))
  return { clientId: found.clientId, name: found.name }
}
