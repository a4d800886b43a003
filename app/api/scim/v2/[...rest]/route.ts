import { scim } from '@/lib/scim/door'
import { nothingHere } from '@/lib/scim/handlers'

/** Bulk, /Me and /.search are not offered; whoever asks is told so in this protocol's shape. */
export const GET = scim(nothingHere)
export const POST = scim(nothingHere)
export const PUT = scim(nothingHere)
export const PATCH = scim(nothingHere)
export const DELETE = scim(nothingHere)
