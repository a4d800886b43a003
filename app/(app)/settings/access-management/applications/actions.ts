'use server'

import { action } from '@/lib/action'
import { linkAccount, linkInput, unlinkAccount, unlinkInput } from '@/lib/services/accounts'
import { deleteApplication } from '@/lib/services/application-delete'
import {
  addEntitlementInput,
  applicationIdInput,
  applicationRefInput,
  connectionSettingsInput,
  createApplicationInput,
  editApplicationInput,
  editEntitlementInput,
  ownersInput,
  pauseInput,
  replaceSecretsInput,
} from '@/lib/services/application-input'
import {
  addEntitlement,
  archiveApplication,
  createApplication,
  editApplication,
  editEntitlement,
  setOwners,
} from '@/lib/services/applications'
import { acceptListing, syncCatalogue } from '@/lib/services/catalogue-sync'
import { editConnection, replaceSecrets, setPaused } from '@/lib/services/connection-edits'
import { secretInputs } from '@/lib/services/connection-settings'
import { testConnection } from '@/lib/services/connection-tests'
import {
  drillNow,
  drillRefInput,
  endDrill as endDrillVerb,
  setDrill,
  setDrillInput,
} from '@/lib/services/drills'
import {
  adoptHolder,
  exclusiveInput,
  ignoreFinding,
  removeHolders,
  removeInput,
  setExclusive,
  settleInput,
} from '@/lib/services/findings'
import {
  freezeApplication,
  freezeApplicationInput,
  thawApplication,
  thawApplicationInput,
} from '@/lib/services/freeze'
import { readHolders } from '@/lib/services/holder-readings'

export const create = action(createApplicationInput, createApplication, {
  redirect: ({ applicationId }) => `/settings/access-management/applications/${applicationId}`,
  writeOnly: secretInputs('settings'),
})
export const edit = action(editApplicationInput, editApplication)
export const nameOwners = action(ownersInput, setOwners)
export const archive = action(applicationRefInput, archiveApplication)
export const remove = action(applicationRefInput, deleteApplication)
export const changeSettings = action(connectionSettingsInput, editConnection, {
  writeOnly: secretInputs('settings'),
})
export const replaceSecret = action(replaceSecretsInput, replaceSecrets, {
  writeOnly: secretInputs('secrets'),
})
export const pause = action(pauseInput, setPaused)
export const freeze = action(freezeApplicationInput, freezeApplication)
export const thaw = action(thawApplicationInput, thawApplication)
export const test = action(applicationIdInput, testConnection)
export const sync = action(applicationIdInput, syncCatalogue)
export const acceptList = action(applicationIdInput, acceptListing)
export const add = action(addEntitlementInput, addEntitlement)
export const describe = action(editEntitlementInput, editEntitlement)
export const link = action(linkInput, linkAccount)
export const unlink = action(unlinkInput, unlinkAccount)
export const setAside = action(setDrillInput, setDrill)
export const endDrill = action(drillRefInput, endDrillVerb)
export const runDrill = action(drillRefInput, drillNow)
export const readHolding = action(applicationIdInput, readHolders)
export const adopt = action(settleInput, adoptHolder)
export const ignore = action(settleInput, ignoreFinding)
export const removeFound = action(removeInput, removeHolders)
export const makeExclusive = action(exclusiveInput, setExclusive)
