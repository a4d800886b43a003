'use server'

import { action } from '@/lib/action'
import {
  freezeOrganisation,
  freezeOrganisationInput,
  thawOrganisation,
  thawOrganisationInput,
} from '@/lib/services/freeze'
import {
  editOrganisation,
  editOrganisationInput,
  setSingleSignOn,
  singleSignOnInput,
} from '@/lib/services/organisation'

export const edit = action(editOrganisationInput, editOrganisation)
export const freeze = action(freezeOrganisationInput, freezeOrganisation)
export const thaw = action(thawOrganisationInput, thawOrganisation)
export const requireSignOn = action(singleSignOnInput, setSingleSignOn)
