import { scim } from '@/lib/scim/door'
import { readResourceType } from '@/lib/scim/handlers'

export const GET = scim(readResourceType)
