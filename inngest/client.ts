import 'server-only'
import { Inngest } from 'inngest'

/** The product's name at the job engine; never renamed, or runs that sleep there would be lost. */
export const inngest = new Inngest({ id: 'leasehold', checkpointing: false })
