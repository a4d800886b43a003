'use server'

import { action } from '@/lib/action'
import { erasePerson, erasePersonInput } from '@/lib/services/erasure'

export const erase = action(erasePersonInput, erasePerson)
