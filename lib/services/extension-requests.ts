import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import {
  decideByOf,
  extensionFlow,
  extensionRoom,
  isExtensionAutomatic,
  pastLatestEnd,
} from '@/lib/domain/extension'
import { isOver } from '@/lib/domain/grant'
import { blockedStep, isEligible } from '@/lib/domain/policy'
import { apply, type Verb } from './apply'
import { type ApproverBook, type ApproverPlace, approverBook } from './approver-book'
import { lengthOf } from './ask-problems'
import { accountsOf, floorOf, type LoadedGrant, loadGrant, loadPerson } from './facts'
import { extendStep } from './grants'
import { requestMails, stepOpens } from './open-request'
import { reasonSchema } from './reason'
import { conflictsOf } from './separation-rules'

export const askExtensionInput = z.object({
  grantId: z.uuid(),
  seconds: z.number().int().positive(),
  reason: reasonSchema,
})
export type AskExtensionInput = z.infer<typeof askExtensionInput>

interface ExtensionFacts extends LoadedGrant {
  readonly askerId: string
  readonly floorSeconds: number
  readonly holder: NonNullable<Awaited<ReturnType<typeof loadPerson>>>
  readonly publishedBy: string | null
  /** Every account of who asks and of who holds it. */
  readonly ownIds: readonly string[]
  /** With all steps: the policy's, then those that separation of duties adds. */
  readonly place: ApproverPlace
  readonly book: ApproverBook
  readonly flow: ReturnType<typeof extensionFlow>
}

type ExtensionAsk = AskExtensionInput & { askerId: string }

const askExtension: Verb<ExtensionAsk, ExtensionFacts, { requestId: string }> = {
  gate: 'grant.extend',
  async locks({ grantId }, db) {
    const row = await db.query.grant.findFirst({
      where: eq(schema.grant.id, grantId),
      columns: { personId: true },
    })
    return { persons: row ? await accountsOf(db, row.personId) : [], grants: [grantId] }
  },
  async load(tx, { grantId, askerId }, now) {
    const grant = await loadGrant(tx, grantId, now)
    const holder = grant && (await loadPerson(tx, grant.row.personId))
    if (!grant || !holder) return null
    const version = await tx.query.policyVersion.findFirst({
      where: eq(schema.policyVersion.id, grant.row.policyVersionId),
      columns: { publishedBy: true },
    })
    const conflicts = await conflictsOf(tx, holder.id, grant.row.entitlementId)
    const flow = extensionFlow(grant.definition, conflicts, grant.entitlement.name)
    const place = {
      steps: flow.steps,
      applicationId: grant.application.id,
      personId: holder.id,
      askerId,
    }
    return {
      ...grant,
      askerId,
      ownIds: await accountsOf(tx, askerId, holder.id),
      holder,
      floorSeconds: await floorOf(tx),
      publishedBy: version?.publishedBy ?? null,
      place,
      book: await approverBook(tx, [place], now),
      flow,
    }
  },
  facts: (f) => ({ beneficiaryId: f.row.personId, ownerIds: f.ownerIds }),
  decide(f, input, at) {
    const { row, definition } = f
    if (f.pending)
      return refuse('conflict', 'More time was asked for already; that request is not decided yet')
    if (row.state === 'active' && isOver(row, at.now))
      return refuse('too_late', 'This access has just ended. Ask for it anew')
    if (row.state !== 'active' || !row.endsAt || !row.grantedAt)
      return refuse('too_late', 'Only an active access with an end can be extended. Ask for it anew')
    if (!f.holder.active) return refuse('unavailable', 'The holder is deactivated')
    if (!isEligible(definition.requesters, f.holder))
      return refuse(
        'not_eligible',
        `The access policy no longer lets ${f.askerId === f.holder.id ? 'you' : f.holder.name} hold ${f.entitlement.name}`,
      )
    const room = extensionRoom(definition.extension, {
      grantedAt: row.grantedAt,
      endsAt: row.endsAt,
      extensions: row.extensions,
    })
    if (!room.allowed) return refuse('limit', room.why ?? 'No extension is left')
    if (row.emergency) return refuse('limit', 'Emergency access is not extended. Ask for it in the usual way')
    if (f.flow.refused) return f.flow.refused
    const length = lengthOf(f.floorSeconds, definition, input.seconds)
    if ('ok' in length) return length
    const { seconds, noticeSeconds } = length
    if (seconds === null || noticeSeconds === null)
      return refuse('invalid', 'A permanent access has no end to move')
    const past = pastLatestEnd(room, row.endsAt, seconds)
    if (past) return past
    if (definition.reasonRequired && input.reason === '')
      return refuse('invalid', 'Say why you need it longer', 'reason')
    const published = f.ownIds.includes(f.publishedBy ?? '')
    const automatic = isExtensionAutomatic(definition, { published, seconds })
    const { extra } = f.flow
    const agreed = automatic && extra.length === 0
    // A rule may agree in the policy's place; holding both for longer is still for whoever the other rule names.
    const place = automatic && !agreed ? { ...f.place, steps: extra } : f.place
    const standing = f.book.standing(place)
    if (!agreed && blockedStep(standing.steps, standing.approvers) !== null)
      return refuse(
        'nobody_can_approve',
        `At present nobody could agree to this. Tell an owner of ${f.application.name}`,
      )
    const requestId = at.newId()
    const request = {
      id: requestId,
      kind: 'extension' as const,
      state: agreed ? ('approved' as const) : ('pending' as const),
      askerId: f.askerId,
      personId: row.personId,
      entitlementId: row.entitlementId,
      policyVersionId: row.policyVersionId,
      grantId: row.id,
      seconds,
      askedSeconds: seconds,
      noticeSeconds,
      reason: input.reason,
      startAt: null,
      steps: [...place.steps],
      step: 0,
      stepOpenedAt: at.now,
      round: 1,
      approval: agreed ? ('automatic' as const) : ('people' as const),
      askId: requestId,
      askedAt: at.now,
      decideFrom: at.now,
      decideBy: decideByOf(definition, at.now, { endsAt: row.endsAt, graceGiven: row.graceGiven }),
      decidedAt: agreed ? at.now : null,
    }
    const entry = {
      verb: 'asked' as const,
      data: { seconds, reason: input.reason, endsAt: row.endsAt },
    }
    if (agreed) {
      const step = extendStep(f, { seconds, noticeSeconds, requestId }, at.now)
      if (!step.ok) return step
      return ok({
        result: { requestId },
        newRequests: [
          { row: request, entry, agreed: { verb: 'approved', data: { by: 'automatic', seconds } } },
        ],
        ...step.value,
        mails: requestMails('extended', request).map((mail) => ({ ...mail, grantId: row.id })),
      })
    }
    const seats = { askerId: f.askerId, beneficiaryId: row.personId, step: 0, votes: [], ...standing }
    return ok({
      result: { requestId },
      newRequests: [{ row: request, entry }],
      ...stepOpens({ ...request, seats }, definition, at.now),
    })
  },
}

/** Asks for more time on a grant: by its holder, or by an owner or admin for the holder (who then both may not decide). */
export function askForExtension(ctx: Ctx, input: AskExtensionInput): Promise<Result<{ requestId: string }>> {
  const askerId = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  return apply(ctx, askExtension, { ...input, askerId })
}
