'use server'

import { action } from '@/lib/action'
import { askSeveralForm } from '@/lib/forms/people'
import { limits } from '@/lib/rate'
import { askForSeveral } from '@/lib/services/requests'

export const askSeveral = action(askSeveralForm, askForSeveral, {
  redirect: ({ requestIds }) => `/requests?asked=${requestIds.length}`,
  limit: limits.ask,
})
