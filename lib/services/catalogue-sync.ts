import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { SyncSummary } from '@/lib/application-views'
import { catalogueWords, emptyWords, shrunkWords } from '@/lib/catalogue-words'
import { ConnectorError, type ListedEntitlement } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import { type CatalogueMerge, type CatalogueNews, mergeCatalogue } from '@/lib/domain/catalogue'
import { ok, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { liveGrantStates } from '@/lib/domain/grant'
import { newId } from '@/lib/ids'
import type { ApplicationIdInput } from './application-input'
import type { At } from './apply'
import type { ConnectionRow, Entry } from './changes'
import { withCall } from './connection-calls'
import { keepersOf } from './facts'
import { owe } from './save'
import { listEntitlements } from './target-lists'

/** Why a sync changed nothing; what is kept of it on the connection. */
interface Nothing {
  readonly code: 'unavailable' | 'conflict'
  readonly message: string
  readonly shrunk: ConnectionRow['syncShrunk']
}

type Synced = { readonly summary: SyncSummary } | { readonly nothing: Nothing }

/**
 * Reads the target's whole catalogue and brings ours to it, by the target's immutable ids. A listing that breaks off,
 * comes back empty, or has shrunk by more than half changes nothing: why is kept on the connection, and answered.
 * Owners and admins, and the product itself every hour.
 */
export function syncCatalogue(ctx: Ctx, input: ApplicationIdInput): Promise<Result<SyncSummary>> {
  return sync(ctx, input, false)
}

/** Reads again, and takes a listing that has shrunk as it is. What it lacks closes at the next one. Admins. */
export function acceptListing(ctx: Ctx, input: ApplicationIdInput): Promise<Result<SyncSummary>> {
  return sync(ctx, input, true)
}

async function sync(
  ctx: Ctx,
  { applicationId }: ApplicationIdInput,
  accepted: boolean,
): Promise<Result<SyncSummary>> {
  const gate = accepted ? 'connection.edit' : 'connection.test'
  const synced = await withCall<Synced>(ctx, gate, applicationId, async (row) => {
    const listed = await listEntitlements(row).catch((error: unknown) => {
      if (error instanceof ConnectorError) return error
      throw error
    })
    return async (tx, at) => {
      const outcome = await bringToIt(tx, at, { row, applicationId, listed, accepted })
      const nothing = 'nothing' in outcome ? outcome.nothing : null
      await tx
        .update(schema.connection)
        .set({
          ...(nothing ? {} : { syncedAt: at.now }),
          syncError: nothing?.message ?? null,
          syncShrunk: nothing?.shrunk ?? null,
        })
        .where(eq(schema.connection.id, row.id))
      return { result: outcome, entry: 'entry' in outcome ? outcome.entry : null }
    }
  })
  if (!synced.ok) return synced
  if ('summary' in synced.value) return ok(synced.value.summary)
  return refuse(synced.value.nothing.code, synced.value.nothing.message)
}

interface Listing {
  readonly row: ConnectionRow
  readonly applicationId: string
  readonly listed: readonly ListedEntitlement[] | ConnectorError
  readonly accepted: boolean
}

async function bringToIt(
  tx: Tx,
  at: At,
  { row, applicationId, listed, accepted }: Listing,
): Promise<{ nothing: Nothing } | { summary: SyncSummary; entry: Entry | null }> {
  if (listed instanceof ConnectorError) {
    const message = `The catalogue could not be read, so nothing changed. ${listed.message}`
    return { nothing: { code: 'unavailable', message, shrunk: null } }
  }
  const { entitlement } = schema
  const known = await tx
    .select()
    .from(entitlement)
    .where(eq(entitlement.connectionId, row.id))
    .orderBy(entitlement.id)
    .for('update')
  const merge = mergeCatalogue(known, listed, { accepted })
  if (merge.kind === 'empty')
    return { nothing: { code: 'unavailable', message: emptyWords(merge.offered), shrunk: null } }
  if (merge.kind === 'shrunk') {
    const { offered, lacking } = merge
    return { nothing: { code: 'conflict', message: shrunkWords(merge), shrunk: { offered, lacking } } }
  }
  await store(tx, at, { applicationId, connectionId: row.id, known, merge })
  for (const gone of merge.news.filter((item) => item.kind === 'gone'))
    await tellConcerned(tx, at, applicationId, gone)
  const what = catalogueWords(merge)
  return {
    summary: summaryOf(listed.length, merge),
    entry: what ? { verb: 'synced', data: { what, accepted: accepted || undefined } } : null,
  }
}

type Merged = Extract<CatalogueMerge, { kind: 'merged' }>

async function store(
  tx: Tx,
  at: At,
  place: {
    readonly applicationId: string
    readonly connectionId: string
    readonly known: readonly (typeof schema.entitlement.$inferSelect)[]
    readonly merge: Merged
  },
): Promise<void> {
  const { entitlement } = schema
  const { applicationId, connectionId, known, merge } = place
  if (merge.added.length > 0)
    await tx.insert(entitlement).values(
      merge.added.map((item) => ({
        id: newId(),
        applicationId,
        connectionId,
        externalId: item.id,
        name: item.name,
        description: item.description ?? null,
        requestable: item.requestable,
        reason: item.reason ?? null,
      })),
    )
  const versions = new Map(known.map((row) => [row.id, row.version]))
  for (const { id, set } of merge.changes) {
    const { closes, ...values } = set
    const closedAt = closes === 'gone' ? at.now : closes === 'back' ? null : undefined
    await tx
      .update(entitlement)
      .set({
        ...values,
        ...(closedAt === undefined ? {} : { closedAt }),
        version: (versions.get(id) ?? 0) + 1,
      })
      .where(eq(entitlement.id, id))
  }
}

/** Writes to the holders of live grants on what is gone, and to its owners where a grant or a policy is about it. */
async function tellConcerned(tx: Tx, at: At, applicationId: string, gone: CatalogueNews): Promise<void> {
  const { grant, policyEntitlement } = schema
  const entitlementId = gone.id ?? ''
  const live = await tx
    .select({ id: grant.id, personId: grant.personId })
    .from(grant)
    .where(
      and(eq(grant.entitlementId, entitlementId), inArray(grant.state, ['scheduled', ...liveGrantStates])),
    )
  const offered = await tx.query.policyEntitlement.findFirst({
    where: eq(policyEntitlement.entitlementId, entitlementId),
  })
  if (live.length === 0 && !offered) return
  const told = await keepersOf(tx, applicationId)
  const occasion = `entitlement-gone:${entitlementId}:${at.now.toISOString()}`
  const data = { entitlementId }
  for (const { id, personId } of live)
    if (!told.includes(personId))
      await owe(
        tx,
        { occasion: `${occasion}:${id}`, kind: 'entitlement-gone', personId, grantId: id, data },
        at.now,
      )
  for (const personId of told) await owe(tx, { occasion, kind: 'entitlement-gone', personId, data }, at.now)
}

function summaryOf(found: number, { news, missing }: Merged): SyncSummary {
  const count = (...kinds: CatalogueNews['kind'][]) => news.filter(({ kind }) => kinds.includes(kind)).length
  return {
    found,
    added: count('added', 'recreated'),
    renamed: count('renamed'),
    closed: count('gone'),
    reopened: count('reopened'),
    changed: count('requestable', 'not_requestable'),
    missing: missing.length,
  }
}

/**
 * The scheduled sync of one connection. A target that could not be read is on the connection's page already; only
 * what should not have happened is thrown. Nothing of an archived application is read.
 */
export async function syncConnection(ctx: Ctx, connectionId: string): Promise<void> {
  const { application } = schema
  const row = await ctx.db.query.application.findFirst({ where: eq(application.connectionId, connectionId) })
  if (!row || row.archivedAt) return
  const synced = await syncCatalogue(ctx, { applicationId: row.id })
  if (synced.ok || synced.code === 'unavailable' || synced.code === 'conflict') return
  throw new RefusalError(synced)
}
