'use server'

import { action } from '@/lib/action'
import { archivePolicy, createPolicy, discardDraft, publishPolicy, saveDraft } from '@/lib/services/policies'
import {
  createPolicyInput,
  policyRefInput,
  replacePolicyInput,
  saveDraftForm,
} from '@/lib/services/policy-input'

const POLICIES = '/settings/access-management/policies'

export const create = action(createPolicyInput, createPolicy, {
  redirect: ({ policyId }) => `${POLICIES}/${policyId}/edit?step=entitlements`,
})
export const save = action(saveDraftForm, saveDraft)
export const publish = action(replacePolicyInput, publishPolicy)
export const discard = action(policyRefInput, discardDraft, {
  redirect: ({ gone, policyId }) => (gone ? POLICIES : `${POLICIES}/${policyId}`),
})
export const archive = action(replacePolicyInput, archivePolicy)
