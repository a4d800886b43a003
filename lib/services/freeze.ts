import 'server-only'
import { and, eq, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Freeze } from '@/lib/application-views'
import type { Ctx } from '@/lib/context'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { change } from './change'
import { ownersOf } from './facts'
import { ORGANISATION_ID } from './organisation'
import { reasonSchema } from './reason'

const { application, organisation } = schema

export const freezeOrganisationInput = z.object({ reason: reasonSchema.min(1, 'Say why; everybody sees it') })
export const freezeApplicationInput = freezeOrganisationInput.extend({ applicationId: z.uuid() })
/** What one found out since may be said, and goes into the timeline. */
export const thawOrganisationInput = z.object({ reason: reasonSchema })
export const thawApplicationInput = thawOrganisationInput.extend({ applicationId: z.uuid() })

type Frozen = { frozen: boolean }
const thawed = { frozenAt: null, frozenBy: null, frozenReason: null }

/**
 * Freezes all giving in the organisation: what is agreed waits, up to its start-by; taking back goes on. Shown to
 * everybody on every page. Admins only. Refuses `conflict` where it is frozen already.
 */
export function freezeOrganisation(
  ctx: Ctx,
  { reason }: z.infer<typeof freezeOrganisationInput>,
): Promise<Result<Frozen>> {
  return onOrganisation(ctx, true, reason)
}

/** Lets giving go on; what waited is given at once. Refuses `conflict` where nothing is frozen. */
export function thawOrganisation(
  ctx: Ctx,
  { reason }: z.infer<typeof thawOrganisationInput>,
): Promise<Result<Frozen>> {
  return onOrganisation(ctx, false, reason)
}

function onOrganisation(ctx: Ctx, freeze: boolean, note: string): Promise<Result<Frozen>> {
  return change(ctx, {
    gate: 'organisation.freeze',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx, at) {
      const [row] = await tx.select().from(organisation).for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no organisation yet'))
      standsOtherwise(row.frozenAt !== null, freeze, 'All giving')
      const by = at.actor.kind === 'person' ? at.actor.id : null
      const set = freeze ? { frozenAt: at.now, frozenBy: by, frozenReason: note } : thawed
      await tx
        .update(organisation)
        .set({ ...set, version: row.version + 1 })
        .where(eq(organisation.id, row.id))
      await nudge(tx)
      return { result: { frozen: freeze }, entry: { verb: freeze ? 'frozen' : 'unfrozen', data: { note } } }
    },
  })
}

/** The same for one application, by an owner of it or an admin. */
export function freezeApplication(
  ctx: Ctx,
  { applicationId, reason }: z.infer<typeof freezeApplicationInput>,
): Promise<Result<Frozen>> {
  return onApplication(ctx, applicationId, true, reason)
}

/** Lets giving on one application go on. */
export function thawApplication(
  ctx: Ctx,
  { applicationId, reason }: z.infer<typeof thawApplicationInput>,
): Promise<Result<Frozen>> {
  return onApplication(ctx, applicationId, false, reason)
}

function onApplication(
  ctx: Ctx,
  applicationId: string,
  freeze: boolean,
  note: string,
): Promise<Result<Frozen>> {
  return change(ctx, {
    gate: 'application.freeze',
    subject: { type: 'application', id: applicationId },
    facts: async (tx) => ({ ownerIds: await ownersOf(tx, applicationId) }),
    async run(tx, at) {
      const [row] = await tx
        .select()
        .from(application)
        .where(eq(application.id, applicationId))
        .for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such application, or not any more'))
      standsOtherwise(row.frozenAt !== null, freeze, `Giving on ${row.name}`)
      const by = at.actor.kind === 'person' ? at.actor.id : null
      const set = freeze ? { frozenAt: at.now, frozenBy: by, frozenReason: note } : thawed
      await tx
        .update(application)
        .set({ ...set, version: row.version + 1 })
        .where(eq(application.id, applicationId))
      await nudge(tx)
      const data = { note, name: row.name }
      return { result: { frozen: freeze }, entry: { verb: freeze ? 'frozen' : 'unfrozen', data } }
    },
  })
}

function standsOtherwise(frozen: boolean, freeze: boolean, what: string): void {
  if (frozen === freeze)
    throw new RefusalError(refuse('conflict', freeze ? `${what} is frozen already` : `${what} is not frozen`))
}

/** Touches what waits to be given, so that it is looked at now and not when somebody comes by. */
async function nudge(tx: Tx): Promise<void> {
  const { work } = schema
  await tx.update(work).set({ dueAt: work.dueAt }).where(eq(work.kind, 'give'))
}

/** The freeze that holds for an application, the organisation's before its own; null where giving goes on. */
export async function freezeOf(db: Reader, applicationId: string | null): Promise<Freeze | null> {
  const { person } = schema
  const [everywhere] = await db
    .select({ at: organisation.frozenAt, reason: organisation.frozenReason, by: person.name })
    .from(organisation)
    .leftJoin(person, eq(person.id, organisation.frozenBy))
    .where(isNotNull(organisation.frozenAt))
  if (everywhere?.at)
    return { scope: 'organisation', ...everywhere, at: everywhere.at, reason: everywhere.reason ?? '' }
  if (!applicationId) return null
  const [here] = await db
    .select({ at: application.frozenAt, reason: application.frozenReason, by: person.name })
    .from(application)
    .leftJoin(person, eq(person.id, application.frozenBy))
    .where(and(eq(application.id, applicationId), isNotNull(application.frozenAt)))
  return here?.at ? { scope: 'application', ...here, at: here.at, reason: here.reason ?? '' } : null
}
