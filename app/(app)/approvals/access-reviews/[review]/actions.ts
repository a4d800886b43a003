'use server'

import { action } from '@/lib/action'
import { decideLines, decideLinesInput } from '@/lib/services/access-review-decisions'

export const decide = action(decideLinesInput, decideLines)
