import { z } from 'zod'
import { isZone } from '@/lib/reader-zone'
import { local, momentIn } from './people'

/**
 * Who decides in somebody's place, and when, on the wall clock of `zone`; an empty start is now. Without scripts the
 * choice comes from a select of its own, `substitute`.
 */
export const awayForm = z
  .object({
    personId: z.uuid(),
    substituteId: z.uuid().optional(),
    substitute: z.uuid().optional(),
    startsAt: local,
    endsAt: local,
    zone: z.string().refine(isZone, 'This time zone is not known'),
  })
  .transform(({ personId, substituteId, substitute, startsAt, endsAt, zone }, context) => {
    const chosen = substitute ?? substituteId
    if (!chosen)
      context.addIssue({ code: 'custom', path: ['substituteId'], message: 'Choose who decides instead' })
    if (!endsAt) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'Give a day and a time' })
    if (!chosen || !endsAt) return z.NEVER
    return {
      personId,
      substituteId: chosen,
      startsAt: startsAt ? momentIn(startsAt, zone) : null,
      endsAt: momentIn(endsAt, zone),
    }
  })
