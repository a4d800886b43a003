import { TZDate } from '@date-fns/tz'
import { z } from 'zod'
import { MOST_AT_ONCE, verdicts } from '@/lib/domain/request'
import { isZone, zoneOf } from '@/lib/reader-zone'

/** What the people's forms send. Empty fields arrive as missing, so texts have a default. */
const words = z.string().trim().max(2000, 'At most 2,000 characters').default('')
const version = z.number().int().positive()
const seconds = z.number({ error: 'Choose how long' }).int().positive()

export const giveBackForm = z.object({ grantId: z.uuid(), version: version.optional(), reason: words })

export const withdrawForm = z.object({ requestId: z.uuid() })

/** A moment as a form writes it, on the wall clock of a zone. */
export const local = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, 'Give a day and a time')
  .optional()

/** `permanent` is sent by policies without lengths, so that a missing choice is told from none to make. */
export const askForm = z
  .object({
    entitlementId: z.uuid(),
    seconds: seconds.optional(),
    permanent: z.boolean().optional(),
    reason: words,
    when: z.enum(['agreed', 'set']).default('agreed'),
    startAt: local,
    zone: z.string().refine(isZone, 'This time zone is not known'),
    personId: z.uuid().optional(),
  })
  .superRefine((value, context) => {
    if (value.seconds === undefined && !value.permanent)
      context.addIssue({ code: 'custom', path: ['seconds'], message: 'Choose how long' })
    if (value.when === 'set' && !value.startAt)
      context.addIssue({ code: 'custom', path: ['startAt'], message: 'Give a day and a time' })
  })
  .transform(({ entitlementId, seconds: length, permanent, reason, when, startAt, zone, personId }) => ({
    entitlementId,
    personId,
    seconds: permanent ? null : (length ?? null),
    reason,
    startAt: when === 'set' && startAt ? momentIn(startAt, zone) : null,
  }))

/** Several in one go: each item with its own length, the rest once for all. */
export const askSeveralForm = z
  .object({
    items: z
      .array(
        z.object({
          entitlementId: z.uuid(),
          seconds: seconds.optional(),
          permanent: z.boolean().optional(),
        }),
      )
      .min(1, 'Choose what you need')
      .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} at once`),
    reason: words,
    when: z.enum(['agreed', 'set']).default('agreed'),
    startAt: local,
    zone: z.string().refine(isZone, 'This time zone is not known'),
    personId: z.uuid().optional(),
  })
  .superRefine(({ items, when, startAt }, context) => {
    items.forEach((item, i) => {
      if (item.seconds === undefined && !item.permanent)
        context.addIssue({ code: 'custom', path: ['items', i, 'seconds'], message: 'Choose how long' })
    })
    if (when === 'set' && !startAt)
      context.addIssue({ code: 'custom', path: ['startAt'], message: 'Give a day and a time' })
  })
  .transform(({ items, reason, when, startAt, zone, personId }) => ({
    items: items.map(({ entitlementId, seconds: length, permanent }) => ({
      entitlementId,
      seconds: permanent ? null : (length ?? null),
    })),
    reason,
    startAt: when === 'set' && startAt ? momentIn(startAt, zone) : null,
    personId,
  }))

export const extendForm = z.object({ grantId: z.uuid(), seconds, reason: words })

/** A later start is read on the wall clock of `zone`; left empty it stays as it was asked for. */
export const decideForm = z
  .object({
    requestId: z.uuid(),
    verdict: z.enum(verdicts),
    note: words.transform((v) => v || null),
    seconds: seconds.optional(),
    startAt: local,
    zone: z.string().refine(isZone, 'This time zone is not known').default('UTC'),
    version,
  })
  .transform(({ startAt, zone, ...rest }) => (startAt ? { ...rest, startAt: momentIn(startAt, zone) } : rest))

/** One request of a bulk decision: its id and the version that was looked at, "id:version". */
const picked = z
  .string()
  .regex(/^[0-9a-f-]{36}:\d{1,9}$/)
  .transform((value) => ({ requestId: value.slice(0, 36), version: Number(value.slice(37)) }))
  .pipe(z.object({ requestId: z.uuid(), version }))

export const decideManyForm = z.object({
  picked: z.array(picked).min(1, 'Select at least one request').max(100, 'At most 100 at once'),
  verdict: z.enum(verdicts),
  note: words.transform((v) => v || null),
})

export const completeForm = z.object({
  taskId: z.uuid(),
  version,
  evidence: z
    .string({ error: 'Say what you did and how one can see it' })
    .trim()
    .min(1, 'Say what you did and how one can see it')
    .max(2000, 'At most 2,000 characters'),
})

/** The moment a wall clock shows: "2026-11-13T08:00" in Europe/Berlin. Hours a clock change skips move forward. */
export function momentIn(text: string, zone: string): Date {
  const [date = '', time = ''] = text.split('T')
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return new Date(new TZDate(year, month - 1, day, hours, minutes, zoneOf(zone)).getTime())
}

/** The same the other way round, for a field's value and its least one. */
export function wallClock(at: Date, zone: string): string {
  const there = new TZDate(at.getTime(), zoneOf(zone))
  const two = (n: number) => String(n).padStart(2, '0')
  const date = `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())}`
  return `${date}T${two(there.getHours())}:${two(there.getMinutes())}`
}
