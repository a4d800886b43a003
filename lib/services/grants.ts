import 'server-only'
import { z } from 'zod'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import type { Ctx } from '@/lib/context'
import type { GateVerb } from '@/lib/domain/authorize'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { decideGrant, type EndReason, type GrantState, type GrantStep } from '@/lib/domain/grant'
import { type At, apply, type Verb } from './apply'
import { type Changes, grantChanges, type MailChange, type RequestRow } from './changes'
import { calledOffMails } from './conversion-mails'
import { reviewOpens } from './emergencies'
import { type LoadedGrant, loadGrant } from './facts'
import { closedWork, requestMails } from './open-request'
import { reasonSchema } from './reason'

/** The locks of every verb on a grant: its person, itself, and its pending extension. */
export function grantLocks({ grantId }: { grantId: string }, db: Reader) {
  return locksOfGrants([grantId], db)
}

/** The same for several grants. */
export async function locksOfGrants(grantIds: readonly string[], db: Reader) {
  const { grant, request } = schema
  const [rows, requests] = await Promise.all([
    db.select({ personId: grant.personId }).from(grant).where(isAmong(grant.id, grantIds)),
    db.select({ id: request.id }).from(request).where(isAmong(request.grantId, grantIds)),
  ])
  return {
    persons: [...new Set(rows.map((row) => row.personId))],
    grants: grantIds,
    requests: requests.map((row) => row.id),
  }
}

/** The part of a verb that every verb on a grant has in common. */
export const onGrant = {
  locks: grantLocks,
  load: (tx: Reader, { grantId }: { grantId: string }, now: Date) => loadGrant(tx, grantId, now),
  facts: (f: LoadedGrant) => ({ beneficiaryId: f.row.personId, ownerIds: f.ownerIds }),
}

/**
 * A machine step on a loaded grant as changes. A grant that leaves `active` takes its pending extension request
 * with it, and an emergency access that is over opens its review, in the same transaction.
 */
export function stepGrant(
  f: LoadedGrant,
  step: GrantStep,
  at: Pick<At, 'now' | 'newId'>,
  set: Parameters<typeof grantChanges>[3] = {},
): Required<Pick<Changes<unknown>, 'grants' | 'requests' | 'newTasks' | 'work' | 'mails'>> {
  const changes = grantChanges(f.row, step, f.connection?.id ?? null, set)
  const review = reviewOpens(f, step, at)
  // Given again is no end: what was asked for meanwhile waits.
  const left =
    f.row.state === 'active' &&
    step.next.state !== undefined &&
    !['active', 'provisioning'].includes(step.next.state)
  if (!left || !f.pending) return { ...changes, ...review, requests: [] }
  const lapsed = lapsePending(f.pending, at.now)
  return {
    grants: changes.grants,
    requests: lapsed.requests,
    newTasks: review.newTasks,
    work: [...changes.work, ...lapsed.work],
    mails: [...lapsed.mails, ...review.mails],
  }
}

function lapsePending(row: RequestRow, now: Date) {
  return {
    requests: [
      {
        row,
        set: { state: 'lapsed' as const, decidedAt: now },
        entry: { verb: 'lapsed' as const, data: { why: 'grant_ended' } },
      },
    ],
    work: closedWork(row.id),
    mails: requestMails('request-lapsed', row),
  }
}

/** Moves the end of a grant: the same row, a new notice armed, nothing revoked in between. */
export function extendStep(
  f: LoadedGrant,
  more: { seconds: number; noticeSeconds: number; requestId: string },
  now: Date,
): Result<Required<Pick<Changes<unknown>, 'grants' | 'work'>>> {
  const decided = decideGrant(
    f.row,
    { type: 'extend', seconds: more.seconds, noticeSeconds: more.noticeSeconds },
    now,
    f.target,
  )
  if (!decided.ok) return decided
  const step = { ...decided.value, data: { ...decided.value.data, requestId: more.requestId } }
  return ok(grantChanges(f.row, step, f.connection?.id ?? null, { noticeSentAt: null, noticeError: null }))
}

/** Ends the grace of a grant now, where it is not over by itself. The take that follows is the usual one. */
export function graceOverStep(
  f: LoadedGrant,
  now: Date,
): Required<Pick<Changes<unknown>, 'grants' | 'work'>> {
  const decided = decideGrant(f.row, { type: 'grace_over' }, now, f.target)
  return decided.ok ? grantChanges(f.row, decided.value, f.connection?.id ?? null) : { grants: [], work: [] }
}

export const endInput = z.object({
  grantId: z.uuid(),
  reason: reasonSchema,
  /** The version the person looked at; left out for "whatever it is now". */
  version: z.number().int().positive().optional(),
})
export type EndInput = z.infer<typeof endInput>
type Ended = { state: GrantState }

function endVerb(
  gate: GateVerb,
  reason: Exclude<EndReason, 'expired' | 'attested'>,
): Verb<EndInput, LoadedGrant, Ended> {
  return {
    gate,
    ...onGrant,
    decide(f, input, at) {
      if (gate === 'grant.revoke' && input.reason === '')
        return refuse('invalid', 'Say why; the holder is told', 'reason')
      const planned = f.row.converts && f.row.state === 'scheduled'
      if (planned && reason === 'returned')
        return refuse(
          'forbidden',
          'Only an owner of the application or an admin calls this off. Talk to them',
        )
      if (input.version !== undefined && input.version !== f.row.version && f.row.state !== 'active')
        return refuse('stale', 'This access changed after you opened it. Look again')
      return endStep(f, reason, input.reason, at)
    },
  }
}

/** Ends a loaded grant now, for whatever reason but its end: the machine's step, and who is told of it. */
export function endStep(
  f: LoadedGrant,
  reason: Exclude<EndReason, 'expired' | 'attested'>,
  note: string,
  at: At,
): Result<ReturnType<typeof stepGrant> & { readonly result: Ended }> {
  const planned = f.row.converts && f.row.state === 'scheduled'
  const decided = decideGrant(f.row, { type: 'end', reason, note: note || null }, at.now, f.target)
  if (!decided.ok) return decided
  const step = decided.value
  const changes = stepGrant(f, step, at)
  return ok({
    result: { state: step.next.state ?? f.row.state },
    ...changes,
    mails: [...changes.mails, ...(planned ? calledOffMails(f, at, note) : endedAtOnce(f, step.next.state))],
  })
}

/** Who is told when a grant ends without anything to take away; otherwise the proof of its absence tells them. */
export function endedAtOnce(f: LoadedGrant, state: GrantState | undefined): MailChange[] {
  if (state !== 'ended' && state !== 'failed') return []
  return [
    {
      occasion: `access-ended:${f.row.id}:${f.row.version}`,
      kind: 'access-ended',
      personId: f.row.personId,
      grantId: f.row.id,
    },
  ]
}

const revoke = endVerb('grant.revoke', 'revoked')
const giveBack = endVerb('grant.return', 'returned')
const leave = endVerb('grant.take', 'left')

/** Takes an access away now; a reason is required and the holder is told it. By an owner or an admin. */
export function revokeGrant(ctx: Ctx, input: EndInput): Promise<Result<Ended>> {
  return apply(ctx, revoke, input)
}

/** The holder gives an access back before its end, or calls off one that has not started. */
export function returnGrant(ctx: Ctx, input: EndInput): Promise<Result<Ended>> {
  return apply(ctx, giveBack, input)
}

/** Takes an access away because its holder was deactivated. Called by the product itself. */
export function endForLeaver(ctx: Ctx, grantId: string): Promise<Result<Ended>> {
  return apply(ctx, leave, { grantId, reason: '' })
}

/** What became of each grant of a bulk revocation, in the order given. */
export type BulkOutcome = { grantId: string; result: Result<Ended> }[]

/** Revokes several grants with one reason, each on its own: one refusal does not keep the others. */
export async function revokeGrants(
  ctx: Ctx,
  grantIds: readonly string[],
  reason: string,
): Promise<BulkOutcome> {
  const outcome: BulkOutcome = []
  for (const grantId of grantIds)
    outcome.push({ grantId, result: await revokeGrant(ctx, { grantId, reason }) })
  return outcome
}
