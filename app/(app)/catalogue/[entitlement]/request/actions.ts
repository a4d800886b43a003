'use server'

import { action } from '@/lib/action'
import { askForm } from '@/lib/forms/people'
import { limits } from '@/lib/rate'
import { askForAccess } from '@/lib/services/requests'

export const ask = action(askForm, askForAccess, {
  redirect: ({ requestId }) => `/requests/${requestId}?asked`,
  limit: limits.ask,
})
