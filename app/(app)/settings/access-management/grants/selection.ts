import { z } from 'zod'
import { PAGE_SIZE } from '@/lib/queries/grants'

/** Ids of rows of one page, as an address holds them: `id,id`. */
export const selectedIds = z
  .string()
  .transform((text) => text.split(',').filter(Boolean))
  .pipe(z.array(z.guid()).max(PAGE_SIZE))
