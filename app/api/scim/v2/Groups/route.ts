import { scim } from '@/lib/scim/door'
import { createGroup, listGroups } from '@/lib/scim/handlers'

export const GET = scim(listGroups)
export const POST = scim(createGroup)
