import { scim } from '@/lib/scim/door'
import { readSchema } from '@/lib/scim/handlers'

export const GET = scim(readSchema)
