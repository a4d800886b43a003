import 'server-only'
import { Inngest } from 'inngest'
import { log } from '@/lib/log'

/** The product's name at the job engine; never renamed, or runs that sleep there would be lost. */
export const inngest = new Inngest({
  id: 'leasehold',
  checkpointing: false,
  logger: log,
  internalLogger: log,
})
