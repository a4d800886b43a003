'use server'

import { action } from '@/lib/action'
import { extendForm } from '@/lib/forms/people'
import { limits } from '@/lib/rate'
import { askForExtension } from '@/lib/services/extension-requests'

export const extend = action(extendForm, askForExtension, {
  redirect: ({ requestId }) => `/requests/${requestId}?asked`,
  limit: limits.ask,
})
