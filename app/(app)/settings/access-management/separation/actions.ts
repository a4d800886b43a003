'use server'

import { action } from '@/lib/action'
import {
  changeSeparationInput,
  createSeparationInput,
  separationRefInput,
} from '@/lib/services/separation-input'
import { archiveSeparation, changeSeparation, createSeparation } from '@/lib/services/separations'

const SEPARATION = '/settings/access-management/separation'

export const create = action(createSeparationInput, createSeparation, {
  redirect: ({ separationId }) => `${SEPARATION}/${separationId}?saved=1`,
})
export const change = action(changeSeparationInput, changeSeparation, {
  redirect: ({ separationId }) => `${SEPARATION}/${separationId}?saved=1`,
})
export const archive = action(separationRefInput, archiveSeparation)
