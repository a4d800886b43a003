import { scim } from '@/lib/scim/door'
import { createUser, listUsers } from '@/lib/scim/handlers'

export const GET = scim(listUsers)
export const POST = scim(createUser)
