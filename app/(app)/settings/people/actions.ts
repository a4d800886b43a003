'use server'

import { action, reading } from '@/lib/action'
import { absenceEffect, absenceQuery } from '@/lib/queries/absence'
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
import { deactivateInput, deactivatePerson } from '@/lib/services/people'

export const preview = reading(absenceQuery, absenceEffect, null)
export const deactivate = action(deactivateInput, deactivatePerson)
export const create = action(createGroupInput, createGroup, {
  redirect: ({ groupId }) => `/settings/people/groups/${groupId}`,
})
export const edit = action(editGroupInput, editGroup)
export const add = action(addMembersInput, addMembers)
export const takeOut = action(memberInput, removeMember)
export const putOutOfUse = action(groupRefInput, deactivateGroup)
export const putInUse = action(groupRefInput, reactivateGroup)
