import { scim } from '@/lib/scim/door'
import { listSchemas } from '@/lib/scim/handlers'

export const GET = scim(listSchemas)
