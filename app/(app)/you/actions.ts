'use server'

import { action } from '@/lib/action'
import { awayForm } from '@/lib/forms/away'
import { ownReadingInput } from '@/lib/person-input'
import { limits } from '@/lib/rate'
import { endDelegation, endDelegationInput, setDelegation } from '@/lib/services/delegations'
import { setOwnReading } from '@/lib/services/person-edits'
import { endSession, endSessionInput, endSessions, endSessionsInput } from '@/lib/services/sessions'

export const setAway = action(awayForm, setDelegation, { limit: limits.ask })
export const endAway = action(endDelegationInput, endDelegation)
export const setReading = action(ownReadingInput, setOwnReading)
export const endOne = action(endSessionInput, endSession)
export const signOutEverywhere = action(endSessionsInput, endSessions, { redirect: () => '/sign-in' })
