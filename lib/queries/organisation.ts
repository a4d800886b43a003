import 'server-only'
import { desc, eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { issuers } from '@/lib/issuers'
import { ORGANISATION_ID } from '@/lib/services/organisation'
import { type CheckpointStanding, checkpointStanding } from './checkpoints'
import { zoneChoices } from './person-form'

/** The organisation's settings, and who last changed them. */
export interface OrganisationPage {
  readonly name: string
  readonly timeZone: string
  readonly floorSeconds: number
  /** Null: kept for ever. */
  readonly payloadDays: number | null
  readonly checkpoints: CheckpointStanding
  readonly version: number
  readonly canEdit: boolean
  readonly frozen: boolean
  readonly canFreeze: boolean
  readonly signIn: {
    /** The identity providers that are set up, by name. */
    readonly providers: readonly string[]
    readonly only: boolean
    readonly canChange: boolean
  }
  /** IANA names one can choose. */
  readonly zones: readonly string[]
  readonly changed: { readonly at: Date; readonly by: string | null } | null
}

/** For admins and auditors; null for everybody else. */
export async function organisationPage(ctx: Ctx): Promise<OrganisationPage | null> {
  if (!can(ctx.actor, 'organisation.see', {})) return null
  const row = await ctx.db.query.organisation.findFirst()
  if (!row) return null
  const { person, timeline } = schema
  const [changed] = await ctx.db
    .select({ at: timeline.at, by: person.name })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(eq(timeline.subjectId, ORGANISATION_ID))
    .orderBy(desc(timeline.version))
    .limit(1)
  return {
    name: row.name,
    timeZone: row.timeZone,
    floorSeconds: row.floorSeconds,
    payloadDays: row.payloadDays,
    checkpoints: await checkpointStanding(ctx.db),
    version: row.version,
    canEdit: can(ctx.actor, 'organisation.edit', {}),
    frozen: row.frozenAt !== null,
    canFreeze: can(ctx.actor, 'organisation.freeze', {}),
    signIn: {
      providers: issuers().map((issuer) => issuer.name),
      only: row.singleSignOnOnly,
      canChange: can(ctx.actor, 'organisation.sign_in', {}),
    },
    zones: zoneChoices(row.timeZone),
    changed: changed ?? null,
  }
}
