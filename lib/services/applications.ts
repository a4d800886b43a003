import 'server-only'
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { ApplicationSaved } from '@/lib/application-views'
import type { Ctx } from '@/lib/context'
import { NO_SUCH_THING } from '@/lib/domain/authorize'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { newId } from '@/lib/ids'
import type {
  AddEntitlementInput,
  ApplicationRefInput,
  CreateApplicationInput,
  EditApplicationInput,
  EditEntitlementInput,
  OwnersInput,
} from './application-input'
import { change, fresh } from './change'
import { connectorNamed, fieldNames, only, readSettings } from './connection-settings'
import { sealSecrets } from './connections'
import { ownersOf } from './facts'
import { escalateStuck } from './request-escalation'
import { arm } from './save'

export type ApplicationRow = typeof schema.application.$inferSelect

/** Leaves a transaction with a refusal. */
export const stop = (...words: Parameters<typeof refuse>): never => {
  throw new RefusalError(refuse(...words))
}

/** An application, archived or not, or the refusal that there is none. */
export async function anyApplication(db: Reader, applicationId: string): Promise<ApplicationRow> {
  const row = await db.query.application.findFirst({ where: eq(schema.application.id, applicationId) })
  return row ?? stop('not_found', 'There is no such application, or not any more')
}

/** An application that stands, or the refusal that there is none. */
export async function standing(db: Reader, applicationId: string): Promise<ApplicationRow> {
  const row = await anyApplication(db, applicationId)
  if (row.archivedAt) return stop('unavailable', 'This application is archived and stays as it is')
  return row
}

/**
 * Adds an application: with a connection when `connector` is given, else fulfilled by hand by a group. Problems of
 * the connector's settings come back at `settings.<field>`. Admins only; with a connection, and so with its secrets,
 * soon after signing in.
 */
export function createApplication(
  ctx: Ctx,
  input: CreateApplicationInput,
): Promise<Result<ApplicationSaved>> {
  const id = newId()
  return change(ctx, {
    gate: input.connector ? 'application.connect' : 'application.create',
    subject: { type: 'application', id },
    async run(tx, at) {
      await nameIsFree(tx, input.name, id)
      await ownersStand(tx, input.ownerIds)
      const connectionId = input.connector ? await connect(tx, at.now, input.connector, input.settings) : null
      if (!connectionId) await groupStands(tx, input.fulfilmentGroupId)
      const { name, description, taskSeconds, checklist } = input
      await tx.insert(schema.application).values({
        id,
        name,
        description,
        connectionId,
        fulfilmentGroupId: connectionId ? null : input.fulfilmentGroupId,
        taskSeconds,
        checklist: connectionId ? null : checklist,
      })
      if (input.ownerIds.length)
        await tx
          .insert(schema.applicationOwner)
          .values(input.ownerIds.map((personId) => ({ applicationId: id, personId })))
      return {
        result: { applicationId: id, version: 1 },
        entry: {
          verb: 'created',
          data: { name, connector: input.connector, owners: input.ownerIds, connectionId },
        },
      }
    },
  })
}

async function connect(
  tx: Tx,
  now: Date,
  connectorId: string,
  values: CreateApplicationInput['settings'],
): Promise<string> {
  const connector = connectorNamed(connectorId)
  const names = [...fieldNames(connector, false), ...fieldNames(connector, true)]
  const read = readSettings(connectorId, only(values, names))
  const id = newId()
  await tx.insert(schema.connection).values({
    id,
    connector: connectorId,
    config: read.config,
    secrets: sealSecrets(id, read.secrets),
  })
  await arm(tx, { subjectType: 'connection', subjectId: id, order: { kind: 'probe', dueAt: now } }, now)
  return id
}

/** Changes name, description and, without a connection, who gives and takes by hand. Owners and admins. */
export function editApplication(ctx: Ctx, input: EditApplicationInput): Promise<Result<ApplicationSaved>> {
  return change(ctx, {
    gate: 'application.edit',
    subject: { type: 'application', id: input.applicationId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
    async run(tx) {
      const row = await standing(tx, input.applicationId)
      fresh(input.version, row.version, 'application')
      await nameIsFree(tx, input.name, row.id)
      const { name, description } = input
      const byHand = row.connectionId
        ? {}
        : {
            fulfilmentGroupId: input.fulfilmentGroupId,
            checklist: input.checklist,
            taskSeconds: input.taskSeconds,
          }
      if (!row.connectionId) await groupStands(tx, input.fulfilmentGroupId)
      const set = { name, description, ...byHand }
      await bump(tx, row, set)
      return { result: saved(row), entry: { verb: 'changed', data: changed(row, set) } }
    },
  })
}

/** Says who owns the application. Owners agree to requests, so only admins name them. */
export async function setOwners(ctx: Ctx, input: OwnersInput): Promise<Result<ApplicationSaved>> {
  const done = await change(ctx, {
    gate: 'application.owners',
    subject: { type: 'application', id: input.applicationId },
    async run(tx) {
      const row = await standing(tx, input.applicationId)
      fresh(input.version, row.version, 'application')
      await ownersStand(tx, input.ownerIds)
      const { applicationOwner } = schema
      const before = await tx
        .delete(applicationOwner)
        .where(eq(applicationOwner.applicationId, row.id))
        .returning({ id: applicationOwner.personId })
      if (input.ownerIds.length)
        await tx
          .insert(applicationOwner)
          .values(input.ownerIds.map((personId) => ({ applicationId: row.id, personId })))
      await bump(tx, row, {})
      return {
        result: saved(row),
        entry: { verb: 'changed', data: { owners: input.ownerIds, was: before.map((o) => o.id) } },
      }
    },
  })
  if (done.ok) await escalateStuck(ctx.db)
  return done
}

/** How many grants of this application are not over: planned, being given, held or being taken. */
export async function liveGrants(db: Reader, applicationId: string): Promise<number> {
  const { grant } = schema
  return db.$count(
    grant,
    and(
      eq(grant.applicationId, applicationId),
      inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
    ),
  )
}

/**
 * Closes an application for good. Refused while grants live, because what is to be taken back needs its connection,
 * and while requests wait: an agreement to nothing would be worth nothing.
 */
export function archiveApplication(ctx: Ctx, input: ApplicationRefInput): Promise<Result<ApplicationSaved>> {
  return change(ctx, {
    gate: 'application.create',
    subject: { type: 'application', id: input.applicationId },
    async run(tx, at) {
      // Whoever asks or agrees holds this row as well, so what is counted below stays counted.
      const { application } = schema
      await tx
        .select({ id: application.id })
        .from(application)
        .where(eq(application.id, input.applicationId))
        .for('update')
      const row = await standing(tx, input.applicationId)
      fresh(input.version, row.version, 'application')
      const live = await liveGrants(tx, row.id)
      if (live > 0)
        stop(
          'conflict',
          `${live === 1 ? '1 live grant needs' : `${live} live grants need`} this application. Revoke them first, or wait until they have ended`,
        )
      const open = await openRequests(tx, row.id)
      if (open > 0)
        stop(
          'conflict',
          `${open === 1 ? '1 request for it is' : `${open} requests for it are`} not decided yet. Have them denied or withdrawn first, or wait until they have lapsed`,
        )
      await bump(tx, row, { archivedAt: at.now })
      return { result: saved(row), entry: { verb: 'archived', data: { name: row.name } } }
    },
  })
}

async function openRequests(db: Reader, applicationId: string): Promise<number> {
  const { request, entitlement } = schema
  const offered = db
    .select({ id: entitlement.id })
    .from(entitlement)
    .where(eq(entitlement.applicationId, applicationId))
  return db.$count(request, and(eq(request.state, 'pending'), inArray(request.entitlementId, offered)))
}

/** Adds something that people give by hand. Refused where a connection lists what there is. */
export function addEntitlement(
  ctx: Ctx,
  input: AddEntitlementInput,
): Promise<Result<{ entitlementId: string }>> {
  return change(ctx, {
    gate: 'application.edit',
    subject: { type: 'application', id: input.applicationId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, input.applicationId) }),
    async run(tx, at) {
      const row = await standing(tx, input.applicationId)
      if (row.connectionId)
        stop('conflict', 'The entitlements of this application come from its connection. Sync the catalogue')
      const { entitlement } = schema
      const externalId = input.name.toLowerCase()
      const twin = await tx.query.entitlement.findFirst({
        where: and(eq(entitlement.applicationId, row.id), eq(entitlement.externalId, externalId)),
      })
      if (twin) stop('invalid', `${row.name} has an entitlement called “${twin.name}” already`, 'name')
      const { applicationId, ...words } = input
      const id = at.newId()
      await tx.insert(entitlement).values({ id, applicationId, externalId, ...words })
      return {
        result: { entitlementId: id },
        entry: { verb: 'changed', data: { entitlementAdded: input.name, entitlementId: id } },
      }
    },
  })
}

/** Changes the words around an entitlement and its risk; its name belongs to the target. */
export function editEntitlement(
  ctx: Ctx,
  input: EditEntitlementInput,
): Promise<Result<{ entitlementId: string; version: number }>> {
  const { entitlement } = schema
  return withApplicationOf(ctx, input.entitlementId, (applicationId) =>
    change(ctx, {
      gate: 'application.edit',
      subject: { type: 'application', id: applicationId },
      facts: async (tx) => ({ ownerIds: await ownersOf(tx, applicationId) }),
      async run(tx) {
        await standing(tx, applicationId)
        const row = await tx.query.entitlement.findFirst({ where: eq(entitlement.id, input.entitlementId) })
        if (!row) return stop('not_found', 'There is no such entitlement, or not any more')
        fresh(input.version, row.version, 'entitlement')
        const { description, howToUse, risk } = input
        const set = { description, howToUse, risk }
        await tx
          .update(entitlement)
          .set({ ...set, version: row.version + 1 })
          .where(eq(entitlement.id, row.id))
        const data = { entitlement: row.name, entitlementId: row.id, ...changed(row, set) }
        return {
          result: { entitlementId: row.id, version: row.version + 1 },
          entry: { verb: 'changed', data },
        }
      },
    }),
  )
}

async function withApplicationOf<R>(
  ctx: Ctx,
  entitlementId: string,
  run: (applicationId: string) => Promise<Result<R>>,
): Promise<Result<R>> {
  const row = await ctx.db.query.entitlement.findFirst({
    where: eq(schema.entitlement.id, entitlementId),
    columns: { applicationId: true },
  })
  return row ? run(row.applicationId) : refuse('not_found', NO_SUCH_THING)
}

const saved = (row: ApplicationRow): ApplicationSaved => ({
  applicationId: row.id,
  version: row.version + 1,
})

async function bump(tx: Tx, row: ApplicationRow, set: Partial<ApplicationRow>): Promise<void> {
  await tx
    .update(schema.application)
    .set({ ...set, version: row.version + 1 })
    .where(eq(schema.application.id, row.id))
}

/** What changed, old beside new, for the timeline. */
export function changed(before: Record<string, unknown>, set: Record<string, unknown>) {
  const moved = Object.entries(set).filter(([key, value]) => before[key] !== value)
  return Object.fromEntries(moved.map(([key, value]) => [key, { was: before[key] ?? null, is: value }]))
}

async function nameIsFree(tx: Tx, name: string, applicationId: string): Promise<void> {
  const { application } = schema
  const [taken] = await tx
    .select({ name: application.name })
    .from(application)
    .where(and(sql`lower(${application.name}) = lower(${name})`, ne(application.id, applicationId)))
  if (taken) stop('invalid', `There is an application called “${taken.name}” already`, 'name')
}

async function ownersStand(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { person } = schema
  const found = await tx.$count(person, and(inArray(person.id, [...ids]), isNull(person.deactivatedAt)))
  if (found !== ids.length) stop('invalid', 'An owner is deactivated or gone. Choose again', 'ownerIds')
}

async function groupStands(tx: Tx, id: string | null): Promise<void> {
  if (!id) stop('invalid', 'Choose the group that gives and takes by hand', 'fulfilmentGroupId')
  const found = id && (await tx.query.group.findFirst({ where: eq(schema.group.id, id) }))
  if (!found || found.deactivatedAt)
    stop('invalid', 'This group is gone. Choose another', 'fulfilmentGroupId')
}
