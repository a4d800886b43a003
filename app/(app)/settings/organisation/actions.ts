'use server'

import { action } from '@/lib/action'
import { editOrganisation, editOrganisationInput } from '@/lib/services/organisation'

export const edit = action(editOrganisationInput, editOrganisation)
