import 'server-only'
import { and, desc, eq, inArray, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema, type Tx } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { type AttestationFacts, attestProblem, firstProblem, secondProblem } from '@/lib/domain/attestation'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { decideGrant } from '@/lib/domain/grant'
import { type At, apply, type Verb } from './apply'
import type { Changes, GrantRow, TaskRow } from './changes'
import { accountsOf, type LoadedGrant, loadGrant, ownersOf } from './facts'
import { endedAtOnce, grantLocks, onGrant, stepGrant } from './grants'
import { reasonSchema } from './reason'

export const retryInput = z.object({ grantId: z.uuid() })
export type RetryInput = z.infer<typeof retryInput>

interface RetryFacts extends LoadedGrant {
  /** The target asked to be left alone. */
  readonly resting: boolean
}

const retry: Verb<RetryInput, RetryFacts, { grantId: string }> = {
  gate: 'grant.retry',
  locks: onGrant.locks,
  async load(tx: Tx, { grantId }, now) {
    const f = await loadGrant(tx, grantId, now)
    const resumeAt = f?.connection?.resumeAt
    return f && { ...f, resting: Boolean(resumeAt && resumeAt > (await readClocks(tx)).wall) }
  },
  facts: onGrant.facts,
  decide(f, _input, at) {
    const decided = decideGrant(f.row, { type: 'retry' }, at.now, f.target)
    if (!decided.ok) return decided
    if (!f.connection)
      return refuse('conflict', 'People take it out by hand. Ask those who have the task for it')
    if (f.resting)
      return refuse(
        'conflict',
        `${f.application.name} asks us to slow down. It is tried as soon as that is over`,
      )
    return ok({
      result: { grantId: f.row.id },
      ...stepGrant(f, decided.value, at),
      hastened: [{ kind: 'take', subjectId: f.row.id, connectionId: f.connection.id }],
    })
  },
}

/** Has an access that is being taken back tried at once, however long its next try is away. By an owner or an admin. */
export function retryTake(ctx: Ctx, input: RetryInput): Promise<Result<{ grantId: string }>> {
  return apply(ctx, retry, input)
}

export const attestInput = z.object({ grantId: z.uuid(), reason: reasonSchema })
export type AttestInput = z.infer<typeof attestInput>

interface AttestFacts extends LoadedGrant {
  readonly attestation: AttestationFacts
  /** Every account of the holder. */
  readonly ownIds: readonly string[]
  readonly openTasks: readonly TaskRow[]
}

type Attested = { grantId: string; ended: boolean }

const onOverdue = {
  locks: grantLocks,
  async load(tx: Reader, { grantId }: { grantId: string }, now: Date): Promise<AttestFacts | null> {
    const f = await loadGrant(tx, grantId, now)
    if (!f) return null
    const { task } = schema
    const ownIds = await accountsOf(tx, f.row.personId)
    const openTasks = await tx
      .select()
      .from(task)
      .where(and(eq(task.grantId, grantId), eq(task.state, 'open'), inArray(task.kind, ['give', 'take'])))
    return { ...f, ownIds, openTasks, attestation: await attestationOf(tx, f.row, ownIds) }
  },
  facts: (f: AttestFacts) => ({ ...onGrant.facts(f), ownIds: f.ownIds }),
}

/** Where the attestation of a grant's present end stands. `ownIds` are the holder's accounts. */
export async function attestationOf(
  db: Reader,
  row: GrantRow,
  ownIds: readonly string[],
): Promise<AttestationFacts> {
  const { attestation } = schema
  const [first] = row.rightOverAt
    ? await db
        .select({ personId: attestation.personId, at: attestation.at })
        .from(attestation)
        .where(
          and(
            eq(attestation.grantId, row.id),
            eq(attestation.rightOverAt, row.rightOverAt),
            eq(attestation.seat, 1),
          ),
        )
    : []
  const accounts = first ? await accountsOf(db, first.personId) : []
  const seconds = await mayConfirm(db, row.applicationId)
  return {
    grant: row,
    lastLook: await lastLook(db, row.id),
    first: first ? { ...first, accounts } : null,
    others: seconds.filter((id) => !ownIds.includes(id) && !accounts.includes(id)).length,
  }
}

/** Who may be the second: the active admins, owners and auditors. */
async function mayConfirm(db: Reader, applicationId: string): Promise<string[]> {
  const { person } = schema
  const readers = await db
    .select({ id: person.id })
    .from(person)
    .where(and(or(eq(person.admin, true), eq(person.auditor, true)), isNull(person.deactivatedAt)))
  return [...new Set([...readers.map((row) => row.id), ...(await ownersOf(db, applicationId))])]
}

/** What the target answered at the last look since the taking began; what came before the first take tells nothing. */
async function lastLook(db: Reader, grantId: string): Promise<string | null> {
  const { attempt } = schema
  const calls = await db
    .select({ operation: attempt.operation, outcome: attempt.outcome })
    .from(attempt)
    .where(and(eq(attempt.grantId, grantId), inArray(attempt.operation, ['revoke', 'revoke.poll', 'check'])))
    .orderBy(desc(attempt.id))
    .limit(LOOKED_BACK)
  const look = calls.findIndex((call) => call.operation === 'check')
  const asked = calls.findIndex((call) => call.operation !== 'check')
  // A try that did not get as far as looking says nothing either.
  return look !== -1 && asked !== -1 && look < asked ? (calls[look]?.outcome ?? null) : null
}

/** A try makes one call to take and one to look, so the last of each are among these. */
const LOOKED_BACK = 4

const HOW = 'Say how you know that it is gone'

const attest: Verb<AttestInput, AttestFacts, Attested> = {
  gate: 'grant.attest',
  ...onOverdue,
  decide(f, { reason }, at) {
    const decided = decideGrant(f.row, { type: 'begin_attest', note: reason }, at.now, f.target)
    if (!decided.ok) return decided
    const refused = attestProblem(f.attestation, f.application.name) ?? firstProblem(f.attestation)
    if (refused) return refused
    if (reason === '') return refuse('invalid', HOW, 'reason')
    return ok({
      result: { grantId: f.row.id, ended: false },
      ...stepGrant(f, decided.value, at),
      attestations: seated(f, 1, at),
    })
  },
}

const confirm: Verb<AttestInput, AttestFacts, Attested> = {
  gate: 'grant.confirm_gone',
  ...onOverdue,
  decide(f, { reason }, at) {
    const who = secondProblem(f.attestation, at.actor.kind === 'person' ? at.actor.id : '', at.now)
    const alone = 'alone' in who && who.alone
    const decided = decideGrant(f.row, { type: 'attest', note: reason, alone }, at.now, f.target)
    if (!decided.ok) return decided
    const refused = attestProblem(f.attestation, f.application.name)
    if (refused) return refused
    if ('refusal' in who) return who.refusal
    if (reason === '') return refuse('invalid', HOW, 'reason')
    const changes = stepGrant(f, decided.value, at)
    return ok({
      result: { grantId: f.row.id, ended: true },
      ...changes,
      // Where people take by hand, nothing can be looked at, and the task for it is over.
      work: f.connection
        ? changes.work
        : changes.work.filter((w) => w.order.kind !== 'look' || 'cancel' in w.order),
      tasks: f.openTasks.map((row) => ({
        row,
        set: { state: 'void' as const },
        entry: { verb: 'cancelled' as const, data: { grantId: f.row.id } },
      })),
      mails: [...changes.mails, ...endedAtOnce(f, 'ended')],
      attestations: seated(f, 2, at),
    })
  },
}

function seated(f: AttestFacts, seat: 1 | 2, at: At): NonNullable<Changes<unknown>['attestations']> {
  const { id: grantId, rightOverAt } = f.row
  if (at.actor.kind !== 'person' || !rightOverAt) throw new Error('only people attest, and only an end')
  return [{ id: at.newId(), grantId, rightOverAt, seat, personId: at.actor.id, at: at.now }]
}

/**
 * States that an overdue access is gone although its target cannot be asked. One person's word changes nothing yet:
 * we go on taking it back. By an owner or an admin, with a fresh sign-in, never by the holder.
 */
export function attestGone(ctx: Ctx, input: AttestInput): Promise<Result<Attested>> {
  return apply(ctx, attest, input)
}

/**
 * The second person's word: the grant ends as attested, which is not verified, and is looked at hourly until the target
 * was seen without it. By any other owner, admin or auditor.
 */
export function confirmGone(ctx: Ctx, input: AttestInput): Promise<Result<Attested>> {
  return apply(ctx, confirm, input)
}
