'use server'

import { action } from '@/lib/action'
import { giveBackForm, withdrawForm } from '@/lib/forms/people'
import { withdrawRequest } from '@/lib/services/decisions'
import { endInput, returnGrant, revokeGrant } from '@/lib/services/grants'

export const giveBack = action(giveBackForm, returnGrant)
export const revoke = action(endInput, revokeGrant)
export const withdraw = action(withdrawForm, (ctx, { requestId }) => withdrawRequest(ctx, requestId))
