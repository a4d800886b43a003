import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether a machine's request carries this secret as its bearer; takes the same time whatever it carries. */
export function hasBearer(headers: Pick<Headers, 'get'>, secret: string | undefined): boolean {
  const given = headers.get('authorization') ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(`Bearer ${secret ?? ''}`)) && Boolean(secret)
}
