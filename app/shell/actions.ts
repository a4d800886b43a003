'use server'

import { action, reading } from '@/lib/action'
import { clockInput, moveClockAs } from '@/lib/demo-clock'
import { paletteQuery, searchShell } from '@/lib/queries/shell'
import { whoIsHere as whoIsHereNow, whoIsHereQuery } from '@/lib/queries/sign-in'

export const moveClock = action(clockInput, moveClockAs)
export const searchPalette = reading(paletteQuery, searchShell, [])
export const whoIsHere = reading(whoIsHereQuery, whoIsHereNow, null)
