'use server'

import { action } from '@/lib/action'
import { attestGone, attestInput, confirmGone, retryInput, retryTake } from '@/lib/services/overdue'

export const retry = action(retryInput, retryTake)
export const attest = action(attestInput, attestGone)
export const confirm = action(attestInput, confirmGone)
