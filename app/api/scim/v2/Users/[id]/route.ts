import { scim } from '@/lib/scim/door'
import { deleteUser, patchUser, readOneUser, replaceUser } from '@/lib/scim/handlers'

/** A deactivation takes everything the person holds before it answers. */
export const maxDuration = 60

export const GET = scim(readOneUser)
export const PUT = scim(replaceUser)
export const PATCH = scim(patchUser)
export const DELETE = scim(deleteUser)
