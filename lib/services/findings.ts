import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { NO_SUCH_THING } from '@/lib/domain/authorize'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { liveGrantStates } from '@/lib/domain/grant'
import type { At } from './apply'
import { change, fresh } from './change'
import type { Entry } from './changes'
import { ownersOf } from './facts'
import { peopleOfHolders } from './holders'
import { reasonSchema } from './reason'
import { arm } from './save'

/** So many accesses are removed in one go. */
export const MOST_REMOVED = 10

const findingId = z.uuid()
const findingIds = z.array(z.uuid()).min(1, 'Choose at least one').max(100)

export const settleInput = z.object({ findingId, reason: reasonSchema })
export type SettleInput = z.infer<typeof settleInput>

export const removeInput = z.object({
  applicationId: z.uuid(),
  findingIds,
  /** The application's name, typed. */
  confirm: z.string().max(200).default(''),
  reason: reasonSchema,
})
export type RemoveInput = z.infer<typeof removeInput>

export const exclusiveInput = z.object({
  entitlementId: z.uuid(),
  version: z.coerce.number().int().positive(),
  exclusive: z.stringbool(),
  cap: z.coerce
    .number({ error: 'Say how many may be removed in one go' })
    .int()
    .min(1, 'At least 1')
    .max(50, 'At most 50')
    .default(5),
  /** The findings whose holders the dry run named. */
  seen: z.array(z.uuid()).max(1_000).default([]),
})
export type ExclusiveInput = z.infer<typeof exclusiveInput>

type FindingRow = typeof schema.finding.$inferSelect

interface Place {
  readonly finding: FindingRow
  readonly entitlement: typeof schema.entitlement.$inferSelect
  readonly applicationId: string
}

/** A finding with the entitlement it is about, its own or its grant's. */
export async function findingPlace(db: Reader, id: string): Promise<Place | null> {
  const { entitlement, finding, grant } = schema
  const found = await db.query.finding.findFirst({ where: eq(finding.id, id) })
  if (!found) return null
  const ofGrant = found.grantId && (await db.query.grant.findFirst({ where: eq(grant.id, found.grantId) }))
  const entitlementId = found.entitlementId ?? (ofGrant ? ofGrant.entitlementId : null)
  const ours =
    entitlementId && (await db.query.entitlement.findFirst({ where: eq(entitlement.id, entitlementId) }))
  return ours ? { finding: found, entitlement: ours, applicationId: ours.applicationId } : null
}

function stop(...args: Parameters<typeof refuse>): never {
  throw new RefusalError(refuse(...args))
}

const gone = () => refuse('not_found', NO_SUCH_THING)

/** Settles one open finding, with its reason, in the application's timeline. What is being removed stops being. */
async function settle(
  ctx: Ctx,
  input: SettleInput,
  body: (tx: Tx, at: At, place: Place) => Promise<Entry['verb']>,
): Promise<Result<null>> {
  const place = await findingPlace(ctx.db, input.findingId)
  if (!place) return gone()
  const { applicationId } = place
  return change(ctx, {
    gate: 'finding.settle',
    subject: { type: 'application', id: applicationId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, applicationId) }),
    async run(tx, at) {
      if (input.reason === '') stop('invalid', 'Say why; it stays with the record', 'reason')
      const finding = await lockOpen(tx, [input.findingId])
      const verb = await body(tx, at, { ...place, finding: finding[0]! })
      const cancel = { kind: 'remove', cancel: true } as const
      await arm(tx, { subjectType: 'finding', subjectId: input.findingId, order: cancel }, at.now)
      await tx
        .update(schema.finding)
        .set({
          closedAt: at.now,
          closedBy: at.actor.kind === 'person' ? at.actor.id : null,
          closedAs: verb === 'adopted' ? 'adopted' : 'ignored',
          reason: input.reason,
        })
        .where(eq(schema.finding.id, input.findingId))
      const data = {
        note: input.reason,
        name: finding[0]?.holder?.name,
        entitlement: place.entitlement.name,
        kind: finding[0]?.kind,
        grantId: finding[0]?.grantId ?? undefined,
      }
      return { result: null, entry: { verb, data } }
    },
  })
}

/** Locks findings that are all still open, or refuses. */
async function lockOpen(tx: Tx, ids: readonly string[]): Promise<FindingRow[]> {
  const { finding } = schema
  const rows = await tx
    .select()
    .from(finding)
    .where(and(inArray(finding.id, [...ids]), isNull(finding.closedAt)))
    .orderBy(finding.id)
    .for('update')
  if (rows.length !== new Set(ids).size) stop('conflict', 'This is settled already. Look again')
  return rows
}

/** Says that somebody holds it rightly, for good: a standing right from now on. Owners and admins, with a reason. */
export function adoptHolder(ctx: Ctx, input: SettleInput): Promise<Result<null>> {
  return settle(ctx, input, async (tx, at, { finding, entitlement }) => {
    const { holder } = finding
    if (finding.kind !== 'unknown_holder' || !holder)
      return stop('conflict', 'Only somebody without a lease can be adopted')
    const { standing } = schema
    await tx
      .insert(standing)
      .values({
        entitlementId: entitlement.id,
        externalId: holder.id,
        name: holder.name,
        email: holder.email ?? null,
        since: at.now,
        adoptedBy: at.actor.kind === 'person' ? at.actor.id : null,
        reason: input.reason,
      })
      .onConflictDoNothing()
    return 'adopted'
  })
}

/** Leaves a finding be, for as long as every reading finds it. Owners and admins, with a reason. */
export function ignoreFinding(ctx: Ctx, input: SettleInput): Promise<Result<null>> {
  return settle(ctx, input, async () => 'ignored')
}

/**
 * Orders that holders without a lease are removed, a work item each: called, looked at, and closed only once seen
 * gone. So many in one go, and the application's name typed. Owners and admins, with a reason.
 */
export function removeHolders(ctx: Ctx, input: RemoveInput): Promise<Result<{ ordered: number }>> {
  const { applicationId } = input
  return change(ctx, {
    gate: 'finding.settle',
    subject: { type: 'application', id: applicationId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, applicationId) }),
    async run(tx, at) {
      const application = await tx.query.application.findFirst({
        where: eq(schema.application.id, applicationId),
      })
      if (!application?.connectionId)
        return stop('not_found', 'There is no such application, or not any more')
      if (input.findingIds.length > MOST_REMOVED)
        stop('limit', `At most ${MOST_REMOVED} are removed in one go`, 'findingIds')
      if (input.confirm.trim() !== application.name)
        stop('invalid', `Type ${application.name} to confirm`, 'confirm')
      if (input.reason === '') stop('invalid', 'Say why; it stays with the record', 'reason')
      const rows = await lockOpen(tx, input.findingIds)
      const entitlements = await tx.query.entitlement.findMany({
        where: and(
          eq(schema.entitlement.applicationId, applicationId),
          inArray(
            schema.entitlement.id,
            rows.flatMap((row) => row.entitlementId ?? []),
          ),
        ),
      })
      const byId = new Map(entitlements.map((row) => [row.id, row]))
      const removals = rows.map(({ id, kind, holder, entitlementId }) => {
        const entitlement = byId.get(entitlementId ?? '')
        if (kind !== 'unknown_holder' || !holder || !entitlement)
          return stop('conflict', 'Only somebody without a lease can be removed here')
        if (holder.fixed) stop('conflict', `${holder.name} cannot be removed from here. ${holder.fixed}`)
        return {
          findingId: id,
          account: holder.id,
          name: holder.name,
          entitlement: entitlement.externalId,
          entitlementName: entitlement.name,
        }
      })
      for (const { findingId: subjectId } of removals)
        await arm(
          tx,
          {
            subjectType: 'finding',
            subjectId,
            order: { kind: 'remove', dueAt: at.now },
            connectionId: application.connectionId,
          },
          at.now,
        )
      return {
        result: { ordered: removals.length },
        entry: { verb: 'removing', data: { reason: input.reason, removals } },
      }
    },
  })
}

/**
 * Makes an entitlement just-in-time only, or ends that. From then on each complete reading removes who holds it
 * without a right, up to the cap, else nobody. Standing holders stay. Whoever switches it on has seen, by name, whom
 * the next reading would remove: with somebody else on that list by now, it is refused. Admins.
 */
export async function setExclusive(ctx: Ctx, input: ExclusiveInput): Promise<Result<{ version: number }>> {
  const { entitlement, finding } = schema
  const place = await ctx.db.query.entitlement.findFirst({ where: eq(entitlement.id, input.entitlementId) })
  if (!place) return refuse('not_found', NO_SUCH_THING)
  return change(ctx, {
    gate: 'entitlement.exclusive',
    subject: { type: 'application', id: place.applicationId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, place.applicationId) }),
    async run(tx) {
      const [row] = await tx.select().from(entitlement).where(eq(entitlement.id, place.id)).for('update')
      if (!row || row.closedAt) return stop('conflict', `${place.name} is closed`)
      fresh(input.version, row.version, 'entitlement')
      if (input.exclusive && !row.holdersAt)
        stop('conflict', 'Read who holds it first: only then can be said whom it would remove')
      const open = await tx.query.finding.findMany({
        where: and(
          eq(finding.entitlementId, row.id),
          eq(finding.kind, 'unknown_holder'),
          isNull(finding.closedAt),
        ),
        columns: { id: true, holder: true },
      })
      const seen = new Set(input.seen)
      if (input.exclusive && open.some(({ id, holder }) => !holder?.fixed && !seen.has(id)))
        stop('stale', 'Somebody else was found meanwhile. Look again at whom it would remove')
      await tx
        .update(entitlement)
        .set({ exclusive: input.exclusive, exclusiveCap: input.cap, version: row.version + 1 })
        .where(eq(entitlement.id, row.id))
      const what = input.exclusive
        ? `${row.name} is just-in-time only: at most ${input.cap} are removed by one reading.`
        : `${row.name} is not just-in-time only any more: nobody is removed by a reading.`
      const told = { verb: 'changed', data: { what, dryRun: open.length } } as const
      return { result: { version: row.version + 1 }, entry: told }
    },
  })
}

/** Closes a finding whose holder was seen gone, under the claim that removed it. */
export async function closeRemoved(
  ctx: Ctx,
  findingId: string,
  applicationId: string,
  how: { readonly mine: (tx: Tx) => Promise<boolean>; readonly entry: Entry },
): Promise<Result<null>> {
  return change(ctx, {
    gate: 'grant.take',
    subject: { type: 'application', id: applicationId },
    async run(tx, at) {
      if (!(await how.mine(tx))) stop('not_found', 'The claim is lost')
      await lockOpen(tx, [findingId])
      await tx
        .update(schema.finding)
        .set({ closedAt: at.now, closedAs: 'removed', seenAt: at.now })
        .where(eq(schema.finding.id, findingId))
      const cancel = { kind: 'remove', cancel: true } as const
      await arm(tx, { subjectType: 'finding', subjectId: findingId, order: cancel }, at.now)
      return { result: null, entry: how.entry }
    },
  })
}

/** Writes what a target answered to a removal into the application's timeline; for answers that are new ones. */
export function noteAnswer(ctx: Ctx, applicationId: string, entry: Entry): Promise<Result<null>> {
  return change(ctx, {
    gate: 'grant.take',
    subject: { type: 'application', id: applicationId },
    run: async () => ({ result: null, entry }),
  })
}

/**
 * Whether somebody may be removed at all: a lease that came meanwhile, or is on its way, is in the way, and so is a
 * standing right. Not pinned yet, a person is known by the address.
 */
export async function mayRemove(
  db: Reader,
  { finding, entitlement }: Place,
  connectionId: string,
): Promise<boolean> {
  const { holder } = finding
  if (!holder) return false
  const { grant, standing } = schema
  const stands = await db.query.standing.findFirst({
    where: and(eq(standing.entitlementId, entitlement.id), eq(standing.externalId, holder.id)),
  })
  if (stands) return false
  const person = (await peopleOfHolders(db, connectionId, [holder])).get(holder.id)
  if (!person) return true
  const leased = await db.query.grant.findFirst({
    where: and(
      eq(grant.personId, person.id),
      eq(grant.entitlementId, entitlement.id),
      inArray(grant.state, ['scheduled', ...liveGrantStates]),
    ),
  })
  return leased === undefined
}
