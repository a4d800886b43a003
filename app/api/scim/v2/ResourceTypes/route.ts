import { scim } from '@/lib/scim/door'
import { listResourceTypes } from '@/lib/scim/handlers'

export const GET = scim(listResourceTypes)
