'use server'

import { action } from '@/lib/action'
import { decideForm, decideManyForm } from '@/lib/forms/people'
import { decideOnRequests } from '@/lib/services/bulk-decisions'
import { decideOnRequest } from '@/lib/services/decisions'

export const decide = action(decideForm, decideOnRequest)
export const decideMany = action(decideManyForm, decideOnRequests)
