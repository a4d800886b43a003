'use server'

import { action } from '@/lib/action'
import { takeEverythingBack, takeEverythingInput } from '@/lib/services/take-everything'

export const takeEverything = action(takeEverythingInput, takeEverythingBack)
