'use server'

import { action } from '@/lib/action'
import { reviewForm } from '@/lib/forms/emergency'
import { completeForm } from '@/lib/forms/people'
import { completeReview } from '@/lib/services/reviews'
import { completeTask } from '@/lib/services/tasks'

export const complete = action(completeForm, completeTask)

export const finishReview = action(reviewForm, completeReview)
