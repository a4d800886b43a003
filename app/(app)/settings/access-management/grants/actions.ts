'use server'

import { action, reading } from '@/lib/action'
import { findOptions, followGrants, followQuestion, optionsQuestion } from '@/lib/queries/grant-questions'
import { endInput, revokeGrant } from '@/lib/services/grants'
import { askExtensionInput, askForExtension } from '@/lib/services/requests'
import { revokeMany, revokeManyInput } from '@/lib/services/revoke-many'
import { forgetView, forgetViewInput, saveView, saveViewInput } from '@/lib/services/views'

export const revoke = action(endInput, revokeGrant)
export const revokeSelected = action(revokeManyInput, revokeMany)
export const extend = action(askExtensionInput, askForExtension)
export const keepView = action(saveViewInput, saveView)
export const dropView = action(forgetViewInput, forgetView)
export const findFilterOptions = reading(optionsQuestion, findOptions, [])
export const follow = reading(followQuestion, followGrants, null)
