'use server'

import { action } from '@/lib/action'
import { convertForm } from '@/lib/forms/conversion'
import { callOffConversions, callOffInput } from '@/lib/services/conversion-call-off'
import { previewConversion } from '@/lib/services/conversion-preview'
import { convertHolders } from '@/lib/services/conversions'

export const preview = action(convertForm, previewConversion)
export const convert = action(convertForm, convertHolders)
export const callOff = action(callOffInput, callOffConversions)
