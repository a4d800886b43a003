'use server'

import { action } from '@/lib/action'
import { awayForm } from '@/lib/forms/away'
import { limits } from '@/lib/rate'
import { endDelegation, endDelegationInput, setDelegation } from '@/lib/services/delegations'

export const setAway = action(awayForm, setDelegation, { limit: limits.ask })
export const endAway = action(endDelegationInput, endDelegation)
