'use server'

import { action } from '@/lib/action'
import { emergencyForm } from '@/lib/forms/emergency'
import { askForm } from '@/lib/forms/people'
import { limits } from '@/lib/rate'
import { askForAccess } from '@/lib/services/requests'

export const ask = action(askForm, askForAccess, {
  redirect: ({ requestId }) => `/requests/${requestId}?asked`,
  limit: limits.ask,
})

export const takeEmergency = action(emergencyForm, askForAccess, {
  redirect: ({ requestId }) => `/requests/${requestId}?asked`,
  limit: limits.ask,
})
