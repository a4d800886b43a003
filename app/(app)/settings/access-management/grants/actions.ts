'use server'

import { action } from '@/lib/action'
import { limits } from '@/lib/rate'
import { extendMany, extendManyInput } from '@/lib/services/extend-many'
import { askExtensionInput, askForExtension } from '@/lib/services/extension-requests'
import { endInput, revokeGrant } from '@/lib/services/grants'
import { revokeMany, revokeManyInput } from '@/lib/services/revoke-many'
import { forgetView, forgetViewInput, saveView, saveViewInput } from '@/lib/services/views'

export const revoke = action(endInput, revokeGrant)
export const revokeSelected = action(revokeManyInput, revokeMany)
export const extend = action(askExtensionInput, askForExtension, { limit: limits.ask })
export const extendSelected = action(extendManyInput, extendMany, { limit: limits.ask })
export const keepView = action(saveViewInput, saveView)
export const dropView = action(forgetViewInput, forgetView)
