'use server'

import { action, reading } from '@/lib/action'
import { becameQuery, questionForm } from '@/lib/forms/deciding'
import { decideForm, decideManyForm } from '@/lib/forms/people'
import { whatBecame } from '@/lib/queries/approvals'
import { limits } from '@/lib/rate'
import { decideOnRequests } from '@/lib/services/bulk-decisions'
import { decideOnRequest } from '@/lib/services/decisions'
import { askQuestion } from '@/lib/services/request-edits'

export const decide = action(decideForm, decideOnRequest)
export const decideMany = action(decideManyForm, decideOnRequests)
export const question = action(questionForm, askQuestion, { limit: limits.ask })
export const became = reading(becameQuery, whatBecame, [])
