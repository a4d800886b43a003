'use server'

import { action } from '@/lib/action'
import { answerForm, editForm, reassignForm } from '@/lib/forms/deciding'
import { giveBackForm, withdrawForm } from '@/lib/forms/people'
import { limits } from '@/lib/rate'
import { proposeAccount, proposeInput } from '@/lib/services/accounts'
import { withdrawRequest } from '@/lib/services/decisions'
import { endInput, returnGrant, revokeGrant } from '@/lib/services/grants'
import { answerQuestion, editRequest } from '@/lib/services/request-edits'
import { reassignRequest } from '@/lib/services/request-escalation'

export const giveBack = action(giveBackForm, returnGrant)
export const revoke = action(endInput, revokeGrant)
export const withdraw = action(withdrawForm, (ctx, { requestId }) => withdrawRequest(ctx, requestId))
export const answer = action(answerForm, answerQuestion)
export const reassign = action(reassignForm, reassignRequest)
export const nameAccount = action(proposeInput, proposeAccount, { limit: limits.ask })
export const edit = action(editForm, editRequest, {
  limit: limits.ask,
  redirect: (_result, { requestId }) => `/requests/${requestId}?changed`,
})
