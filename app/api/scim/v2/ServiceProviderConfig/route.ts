import { scim } from '@/lib/scim/door'
import { readConfig } from '@/lib/scim/handlers'

export const GET = scim(readConfig)
