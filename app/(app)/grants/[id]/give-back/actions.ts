'use server'

import { action } from '@/lib/action'
import { giveBackForm } from '@/lib/forms/people'
import { returnGrant } from '@/lib/services/grants'

export const giveBackAndGoHome = action(giveBackForm, returnGrant, { redirect: () => '/' })
