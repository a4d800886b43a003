import 'server-only'
import { z } from 'zod'

/** A reason, a note, a question or an answer, as a person typed it. */
export const reasonSchema = z.string().trim().max(2000, 'At most 2,000 characters')
