import 'server-only'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import { type Ctx, systemCtx } from '@/lib/context'
import { checkFloor } from '@/lib/domain/duration'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { issuers } from '@/lib/issuers'
import { isZone } from '@/lib/reader-zone'
import { changed } from './applications'
import { change, fresh } from './change'

/** The organisation's one row as a subject of timelines, which name their subjects by UUID. */
export const ORGANISATION_ID = '00000000-0000-7000-8000-000000000001'

export const editOrganisationInput = z.object({
  version: z.coerce.number().int().positive(),
  name: z
    .string({ error: 'Give the organisation a name' })
    .trim()
    .min(1, 'Give the organisation a name')
    .max(80, 'At most 80 characters'),
  /** IANA name of a zone. */
  timeZone: z.string({ error: 'Choose a time zone' }).max(60),
  floorSeconds: z.coerce.number({ error: 'Give a whole number of minutes, hours or days' }).int(),
  /** How long what timeline entries say is kept; left out: for ever. */
  payloadDays: z.coerce
    .number({ error: 'Give a whole number of days, or nothing' })
    .int('Give a whole number of days, or nothing')
    .min(30, 'At least 30 days')
    .max(36_500, 'At most 36,500 days')
    .optional(),
})
export type EditOrganisationInput = z.output<typeof editOrganisationInput>

/**
 * Changes name, zone, the shortest length a policy may offer and how long payloads are kept. The floor is judged when publishing and when
 * asking: what is agreed or running keeps its length. Admins only.
 */
export function editOrganisation(
  ctx: Ctx,
  input: EditOrganisationInput,
): Promise<Result<{ version: number }>> {
  return change(ctx, {
    gate: 'organisation.edit',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx) {
      const { organisation } = schema
      const [row] = await tx.select().from(organisation)
      if (!row) throw new RefusalError(refuse('not_found', 'There is no organisation yet'))
      fresh(input.version, row.version, 'organisation')
      const { name, timeZone, floorSeconds, payloadDays = null } = input
      if (!isZone(timeZone))
        throw new RefusalError(refuse('invalid', 'Choose a time zone of the list', 'timeZone'))
      const refused = checkFloor(floorSeconds)
      if (refused) throw new RefusalError(refused)
      const set = { name, timeZone, floorSeconds, payloadDays }
      await tx
        .update(organisation)
        .set({ ...set, version: row.version + 1 })
        .where(eq(organisation.id, row.id))
      return { result: { version: row.version + 1 }, entry: { verb: 'changed', data: changed(row, set) } }
    },
  })
}

export const singleSignOnInput = z.object({
  version: z.coerce.number().int().positive(),
  only: z.enum(['yes', 'no']).transform((value) => value === 'yes'),
})

/**
 * Says whether people sign in at an identity provider only. Switching it on ends the sessions that began with a link
 * by mail. It is refused to whoever has not just come in through a provider themself: what does not work for them
 * would lock everybody out. Admins, soon after signing in.
 * @returns how many sessions ended
 */
export function setSingleSignOn(
  ctx: Ctx,
  input: z.output<typeof singleSignOnInput>,
): Promise<Result<{ version: number; ended: number }>> {
  return change(ctx, {
    gate: 'organisation.sign_in',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx) {
      const { organisation, session } = schema
      const [row] = await tx.select().from(organisation).for('no key update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no organisation yet'))
      fresh(input.version, row.version, 'organisation')
      if (input.only) mayRequire(ctx)
      const version = row.version + 1
      await tx
        .update(organisation)
        .set({ singleSignOnOnly: input.only, version })
        .where(eq(organisation.id, row.id))
      const gone = input.only
        ? await tx.delete(session).where(eq(session.way, 'email')).returning({ id: session.id })
        : []
      return {
        result: { version, ended: gone.length },
        entry: { verb: 'changed', data: { singleSignOnOnly: input.only, sessionsEnded: gone.length } },
      }
    },
  })
}

function mayRequire({ actor }: Ctx): void {
  if (issuers().length === 0)
    throw new RefusalError(refuse('unavailable', 'No identity provider is set up, so nobody could sign in'))
  if (actor.kind === 'person' && actor.session?.way !== 'oidc')
    throw new RefusalError(
      refuse('conflict', 'Sign in at an identity provider yourself first, so that it is seen to work'),
    )
}

/** Has links mailed again: the way back in where the identity provider is gone. Does nothing where they are. */
export function mailLinksAgain(ctx: Ctx = systemCtx('command')): Promise<Result<{ changed: boolean }>> {
  return change(ctx, {
    gate: 'organisation.sign_in',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx) {
      const { organisation } = schema
      const changed = await tx
        .update(organisation)
        .set({ singleSignOnOnly: false, version: sql`${organisation.version} + 1` })
        .where(eq(organisation.singleSignOnOnly, true))
        .returning({ id: organisation.id })
      const entry = { verb: 'changed' as const, data: { singleSignOnOnly: false } }
      return { result: { changed: changed.length > 0 }, entry: changed.length > 0 ? entry : null }
    },
  })
}
