/**
 * The one door to everything outside, and the one gate in it: whatever changes a target, sends a mail, or tells another
 * system something goes through here, and in quarantine nothing does. A test of the house sees that nobody goes around.
 */
import 'server-only'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Db, type Reader, schema } from '@/db/client'
import { inngest } from '@/inngest/client'
import { type CallOptions, callConnector } from '@/lib/connectors/call'
import { type ConnectorContext, ConnectorError } from '@/lib/connectors/contract'
import { createEgress, type Egress } from '@/lib/egress'
import { env } from '@/lib/env'
import { type Delivery, deliver, type MailTransport, type OutgoingMail } from '@/lib/mail/transport'
import { inQuarantine } from './quarantine-state'

const HELD = 'Leasehold is in quarantine after a restore: nothing leaves until an admin confirms'

/** Nothing was sent or changed outside, because of quarantine. */
export class HeldInQuarantine extends Error {
  override readonly name = 'HeldInQuarantine'
  constructor() {
    super(HELD)
  }
}

/** For so long the answer that nothing is held is good, in milliseconds: thousands of calls in a second ask once. */
const ANSWER_MS = 1_000
/** When each database last said so, as this process counts. */
const freeAt = new WeakMap<Reader, number>()

async function isHeld(db: Reader): Promise<boolean> {
  const said = freeAt.get(db)
  if (said !== undefined && performance.now() - said < ANSWER_MS) return false
  const asked = performance.now()
  if (await inQuarantine(db)) return true
  freeAt.set(db, asked)
  return false
}

/** Asked right before anything is written outside. @throws {HeldInQuarantine} */
export async function mayWriteOutside(db: Reader): Promise<void> {
  if (await isHeld(db)) throw new HeldInQuarantine()
}

const shared = globalThis as { leaseholdEgress?: Egress }

/** The process's own way out, under the operator's allow list (`EGRESS_ALLOW`). */
function egress(): Egress {
  shared.leaseholdEgress ??= createEgress(env().EGRESS_ALLOW)
  return shared.leaseholdEgress
}

/** A change cannot be asked for without the database that says whether it may be made. */
type Effect = { effect: 'look'; db?: Reader } | { effect: 'change'; db: Reader }

/** One attempt at a target. A look goes through in quarantine; a change is refused as `retryable`, before anything is sent. */
export async function callOutside<Config, R>(
  attempt: (ctx: ConnectorContext<Config>) => Promise<R>,
  { db, ...options }: Omit<CallOptions<Config>, 'egress' | 'effect'> & Effect,
): Promise<R> {
  if (options.effect === 'change' && (!db || (await isHeld(db))))
    throw new ConnectorError('retryable', `${HELD}.`)
  return callConnector(attempt, { ...options, egress: egress() })
}

/** Hands one mail over. In quarantine it is held back, other than a sign-in link of an admin. */
export async function sendMail(
  db: Reader,
  mail: OutgoingMail,
  transport: MailTransport,
  { signIn = false }: { signIn?: boolean } = {},
): Promise<Delivery> {
  if ((await isHeld(db)) && !(signIn && (await isAdmins(db, mail.to))))
    return { state: 'failed', permanent: false, error: HELD }
  return deliver(mail, transport)
}

async function isAdmins(db: Reader, address: string): Promise<boolean> {
  const { person } = schema
  const email = address.trim().toLowerCase()
  if (env().ADMIN_EMAILS.includes(email)) return true
  const found = await db.query.person.findFirst({
    where: and(sql`lower(${person.email}) = ${email}`, eq(person.admin, true), isNull(person.deactivatedAt)),
    columns: { id: true },
  })
  return found !== undefined
}

/** The way to a system that is told something: a receiver of the audit log, a place for checkpoints. @throws {HeldInQuarantine} */
export async function outsideFetch(db: Reader): Promise<typeof globalThis.fetch> {
  await mayWriteOutside(db)
  return egress().fetch
}

/** Hands the job engine a hint. @throws {HeldInQuarantine} */
export async function hintJobEngine(
  db: Db,
  hint: { id: string; name: string; data: Record<string, unknown> },
): Promise<void> {
  await mayWriteOutside(db)
  await inngest.send(hint)
}
