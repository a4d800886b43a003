import { z } from 'zod'
import { isLocale, isZone } from '@/lib/reader-zone'

/** What cannot be seen or turns a line around has no place in what approvers read. */
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Default_Ignorable_Code_Point}|\p{Zl}|\p{Zp}/u

const seen = (text: string) => !UNSEEN.test(text)
const UNSEEN_WORDS = 'This holds characters that cannot be seen'

/** One line of text that may be left out. Empty is null. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `At most ${max} characters`)
    .refine(seen, UNSEEN_WORDS)
    .optional()
    .transform((text) => text || null)

const zone = z
  .string()
  .trim()
  .max(60, 'At most 60 characters')
  .optional()
  .transform((text) => text || null)
  .refine((text) => text === null || (isZone(text) && !text.includes(';')), 'This time zone is not known')

const locale = z
  .string()
  .trim()
  .max(35, 'At most 35 characters')
  .optional()
  .transform((text) => text || null)
  .refine((text) => text === null || isLocale(text), 'This is not a locale such as en-US')

/** How somebody reads times. */
export const readingInput = { timeZone: zone, locale }

/** What is known of a person, apart from whom they answer to. */
export const aboutPerson = {
  name: z
    .string({ error: 'Give the person a name' })
    .trim()
    .min(1, 'Give the person a name')
    .max(120, 'At most 120 characters')
    .refine(seen, UNSEEN_WORDS),
  email: z
    .string({ error: 'Give an e-mail address' })
    .trim()
    .toLowerCase()
    .max(254, 'This is too long for an e-mail address')
    .pipe(z.email('This is not an e-mail address')),
  title: line(120),
  team: line(120),
  ...readingInput,
}

const managerId = z
  .uuid('Choose somebody of the list')
  .optional()
  .transform((id) => id ?? null)

export const createPersonInput = z.object({ ...aboutPerson, managerId })
export type CreatePersonInput = z.output<typeof createPersonInput>

export const editPersonInput = z.object({
  personId: z.uuid(),
  version: z.coerce.number().int().positive(),
  ...aboutPerson,
  managerId,
})
export type EditPersonInput = z.output<typeof editPersonInput>

export const ownReadingInput = z.object({ personId: z.uuid(), ...readingInput })
export type OwnReadingInput = z.output<typeof ownReadingInput>
