'use server'

import { action } from '@/lib/action'
import { giveAgain, giveAgainInput } from '@/lib/services/give-again'

export const giveAgainAndGoHome = action(giveAgainInput, giveAgain, { redirect: () => '/' })
