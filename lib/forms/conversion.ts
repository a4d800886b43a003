import { z } from 'zod'
import { MOST_CONVERTED } from '@/lib/conversion'
import { isZone } from '@/lib/reader-zone'
import { local, momentIn } from './people'

const chosen = z
  .array(z.object({ externalId: z.string().min(1).max(500), endsAt: z.string().max(40).optional() }))
  .max(MOST_CONVERTED, `At most ${MOST_CONVERTED} at once`)

/** Those ticked, as one value: an account of the target each, and an end of its own where it has one. */
const holders = z.string({ error: 'Choose whose access becomes a lease' }).transform((text, context) => {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    read = null
  }
  const parsed = chosen.safeParse(read)
  if (parsed.success && parsed.data.length > 0) return parsed.data
  context.addIssue({
    code: 'custom',
    message:
      parsed.success || read === null
        ? 'Choose whose access becomes a lease'
        : `At most ${MOST_CONVERTED} at once`,
  })
  return z.NEVER
})

/** What the form of a conversion sends, with its moments on the wall clock of `zone`. */
export const convertForm = z
  .object({
    entitlementId: z.uuid(),
    holders,
    startAt: local,
    endsAt: local,
    zone: z.string().refine(isZone, 'This time zone is not known'),
    reason: z
      .string({ error: 'Say why; everybody concerned is told' })
      .trim()
      .min(1, 'Say why; everybody concerned is told')
      .max(2000, 'At most 2,000 characters'),
  })
  .transform(({ startAt, endsAt, zone, ...rest }, context) => {
    if (!startAt) context.addIssue({ code: 'custom', path: ['startAt'], message: 'Give a day and a time' })
    if (!endsAt) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'Give a day and a time' })
    const own = rest.holders.map((one) => (one.endsAt ? local.safeParse(one.endsAt).data : null))
    if (!startAt || !endsAt) return z.NEVER
    return {
      ...rest,
      zone,
      startAt: momentIn(startAt, zone),
      endsAt: momentIn(endsAt, zone),
      holders: rest.holders.map(({ externalId }, i) => {
        const at = own[i]
        return at ? { externalId, endsAt: momentIn(at, zone) } : { externalId }
      }),
    }
  })
export type ConvertForm = z.output<typeof convertForm>
