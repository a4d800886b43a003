import 'server-only'
import { lt, sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { readClocks } from './clock'
import type { Refusal } from './domain/errors'
import { log } from './log'

const { refusal } = schema
const HOUR_MS = 3_600_000
const KEPT_MS = 90 * 86_400_000

/** The refusals that are about who asks. Everything else is about what was asked. */
const recorded = ['forbidden', 'not_found', 'unauthenticated'] as const
type Recorded = (typeof recorded)[number]

/** The fixed parts of our addresses; a test keeps them so. Whatever else one types is one and the same to the record. */
const words = new Set(
  `access-management access-reviews erase evidence pack
  accounts again api applications approvals ask attachments audit auth callback catalogue
  clock confirm convert cron decide delivery demo dev directory edit export extend give-again give-back grants groups
  Groups health import inngest lengths live mail metrics new oidc options organisation overdue people policies quarantine refusals request requests
  resend ResourceTypes Schemas scim sent separation ServiceProviderConfig settings sign-in signed-in sweep
  take-back tasks timeline upload Users v2 you`.split(/\s+/),
)

/** `/settings/people/*` of an address: neither ids, nor the tokens of links, nor what somebody made up, nor a query. */
export function doorOf(path: string): string {
  const [pathname = '/'] = path.split('?', 1)
  const parts = pathname.slice(0, 2_000).split('/').slice(1, 7)
  return `/${parts.map((part) => (part === '' || words.has(part) ? part : '*')).join('/')}`
}

/**
 * Puts on record that somebody was refused: counted by person, door and hour, and as a line of the log. It never
 * stands in the way of the answer. What is older than 90 days is dropped.
 * @param door as {@link doorOf} gives it
 */
export async function recordRefusal(
  db: Db,
  told: { personId: string | null; door: string; code: Refusal['code'] },
): Promise<void> {
  const code = recorded.find((one): one is Recorded => one === told.code)
  if (!code) return
  const { personId, door } = told
  log.warn({ personId, door, code }, 'refused')
  try {
    const { wall } = await readClocks(db)
    const hour = new Date(Math.floor(wall.getTime() / HOUR_MS) * HOUR_MS)
    const [row] = await db
      .insert(refusal)
      .values({ hour, personId, door, code, lastAt: wall })
      .onConflictDoUpdate({
        target: [refusal.hour, refusal.personId, refusal.door, refusal.code],
        set: { count: sql`${refusal.count} + 1`, lastAt: sql`excluded.last_at` },
      })
      .returning({ count: refusal.count })
    if (row?.count === 1) await db.delete(refusal).where(lt(refusal.hour, new Date(wall.getTime() - KEPT_MS)))
  } catch (error) {
    log.error({ err: error }, 'a refusal was not put on record')
  }
}

/** The same for a door of machines, which knows nobody: its secret or signature was not there, or was wrong. */
export function recordMachine(db: Db, request: Request, code: Recorded): Promise<void> {
  return recordRefusal(db, { personId: null, door: doorOf(new URL(request.url).pathname), code })
}
