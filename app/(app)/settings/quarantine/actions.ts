'use server'

import { action } from '@/lib/action'
import { endQuarantine, endQuarantineInput } from '@/lib/services/quarantine'

export const end = action(endQuarantineInput, endQuarantine)
