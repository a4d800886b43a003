import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { checkFloor } from '@/lib/domain/duration'
import { RefusalError, type Result, refuse } from '@/lib/domain/errors'
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
})
export type EditOrganisationInput = z.output<typeof editOrganisationInput>

/**
 * Changes name, zone and the shortest length a policy may offer. The floor is judged when publishing and when
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
      const { name, timeZone, floorSeconds } = input
      if (!isZone(timeZone))
        throw new RefusalError(refuse('invalid', 'Choose a time zone of the list', 'timeZone'))
      const refused = checkFloor(floorSeconds)
      if (refused) throw new RefusalError(refused)
      const set = { name, timeZone, floorSeconds }
      await tx
        .update(organisation)
        .set({ ...set, version: row.version + 1 })
        .where(eq(organisation.id, row.id))
      return { result: { version: row.version + 1 }, entry: { verb: 'changed', data: changed(row, set) } }
    },
  })
}
