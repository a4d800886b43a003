'use server'

import { action } from '@/lib/action'
import { endInput, returnGrant } from '@/lib/services/grants'

export const giveBack = action(endInput, returnGrant)
