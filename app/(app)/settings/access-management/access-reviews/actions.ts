'use server'

import { action } from '@/lib/action'
import { startReviewForm } from '@/lib/forms/access-reviews'
import { callOffReview, callOffReviewInput, previewReview, startReview } from '@/lib/services/access-reviews'

export const preview = action(startReviewForm, previewReview)
export const start = action(startReviewForm, startReview)
export const callOff = action(callOffReviewInput, callOffReview)
