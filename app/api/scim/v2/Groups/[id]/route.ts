import { scim } from '@/lib/scim/door'
import { deleteGroup, patchGroup, readOneGroup, replaceGroup } from '@/lib/scim/handlers'

export const GET = scim(readOneGroup)
export const PUT = scim(replaceGroup)
export const PATCH = scim(patchGroup)
export const DELETE = scim(deleteGroup)
