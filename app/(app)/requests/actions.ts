'use server'

import { action } from '@/lib/action'
import { giveBackForm, withdrawForm } from '@/lib/forms/people'
import { withdrawRequest } from '@/lib/services/decisions'
import { returnGrant } from '@/lib/services/grants'

export const giveBack = action(giveBackForm, returnGrant)
export const withdraw = action(withdrawForm, (ctx, { requestId }) => withdrawRequest(ctx, requestId))
