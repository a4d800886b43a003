'use server'

import { action, reading } from '@/lib/action'
import { createPersonInput, editPersonInput } from '@/lib/person-input'
import { absenceEffect, absenceQuery } from '@/lib/queries/absence'
import { runImport, runImportInput } from '@/lib/services/directory-imports'
import { nestGroups, nestGroupsInput, unnestGroup, unnestGroupInput } from '@/lib/services/group-nesting'
import {
  addMembers,
  addMembersInput,
  createGroup,
  createGroupInput,
  deactivateGroup,
  editGroup,
  editGroupInput,
  groupRefInput,
  memberInput,
  reactivateGroup,
  removeMember,
} from '@/lib/services/groups'
import { deactivateInput, deactivatePerson, reactivateInput, reactivatePerson } from '@/lib/services/people'
import { createPerson, editPerson } from '@/lib/services/person-edits'
import { setRole as changeRole, setRoleInput } from '@/lib/services/roles'
import { handOverGroup, handOverInput } from '@/lib/services/scim-groups'
import { endSession, endSessionInput, endSessions, endSessionsInput } from '@/lib/services/sessions'
import { forgetIdentities, forgetIdentitiesInput } from '@/lib/services/sign-in'

export const preview = reading(absenceQuery, absenceEffect, null)
export const deactivate = action(deactivateInput, deactivatePerson)
export const reactivate = action(reactivateInput, reactivatePerson)
export const setRole = action(setRoleInput, changeRole)
export const createOne = action(createPersonInput, createPerson, {
  redirect: ({ personId }) => `/settings/people/${personId}`,
})
export const editOne = action(editPersonInput, editPerson, {
  redirect: ({ personId }) => `/settings/people/${personId}`,
})
export const confirmImport = action(runImportInput, runImport)
export const create = action(createGroupInput, createGroup, {
  redirect: ({ groupId }) => `/settings/people/groups/${groupId}`,
})
export const edit = action(editGroupInput, editGroup)
export const add = action(addMembersInput, addMembers)
export const takeOut = action(memberInput, removeMember)
export const nest = action(nestGroupsInput, nestGroups)
export const handOver = action(handOverInput, handOverGroup)
export const unnest = action(unnestGroupInput, unnestGroup)
export const putOutOfUse = action(groupRefInput, deactivateGroup)
export const putInUse = action(groupRefInput, reactivateGroup)
export const endOneSession = action(endSessionInput, endSession)
export const endEverySession = action(endSessionsInput, endSessions)
export const forgetAccounts = action(forgetIdentitiesInput, forgetIdentities)
