import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { checkPreset, plus } from '@/lib/domain/duration'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { isOver } from '@/lib/domain/grant'
import {
  blockedStep,
  extensionRoom,
  isEligible,
  type PolicyDefinition,
  pickPreset,
} from '@/lib/domain/policy'
import { type At, apply, type Verb } from './apply'
import type { Changes, GrantRow, RequestRow } from './changes'
import {
  type EntitlementFacts,
  floorOf,
  holdApplicationOf,
  type LoadedGrant,
  loadEntitlement,
  loadGrant,
  loadPerson,
  resolveApprovers,
} from './facts'

export const reasonSchema = z.string().trim().max(2000, 'At most 2,000 characters')

export const askInput = z.object({
  entitlementId: z.uuid(),
  /** The preset's length; null for a permanent access. */
  seconds: z.number().int().positive().nullable(),
  reason: reasonSchema,
  startAt: z.date().nullable().default(null),
})
export type AskInput = z.infer<typeof askInput>

interface AskFacts extends EntitlementFacts {
  readonly person: NonNullable<Awaited<ReturnType<typeof loadPerson>>>
  readonly offer: { policyVersionId: string; definition: PolicyDefinition } | null
  readonly approvers: string[][]
  readonly floorSeconds: number
  readonly live: GrantRow | null
  readonly scheduled: boolean
  readonly pending: RequestRow | null
}

const ask: Verb<AskInput & { personId: string }, AskFacts, { requestId: string }> = {
  gate: 'request.ask',
  locks: ({ personId }) => ({ persons: [personId] }),
  async load(tx, { entitlementId, personId }) {
    await holdApplicationOf(tx, entitlementId)
    const place = await loadEntitlement(tx, entitlementId)
    const person = await loadPerson(tx, personId)
    if (!place || !person) return null
    const { grant, request, policy, policyVersion, policyEntitlement } = schema
    const [offer] = await tx
      .select({ policyVersionId: policyVersion.id, definition: policyVersion.definition })
      .from(policyEntitlement)
      .innerJoin(policy, eq(policy.id, policyEntitlement.policyId))
      .innerJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
      .where(eq(policyEntitlement.entitlementId, entitlementId))
    const mine = and(eq(grant.personId, personId), eq(grant.entitlementId, entitlementId))
    const grants = await tx
      .select()
      .from(grant)
      .where(and(mine, inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking'])))
    const pending = await tx.query.request.findFirst({
      where: and(
        eq(request.personId, personId),
        eq(request.entitlementId, entitlementId),
        eq(request.state, 'pending'),
      ),
    })
    const who = { personId, askerId: personId, managerId: person.managerId, ownerIds: place.ownerIds }
    return {
      ...place,
      person,
      offer: offer ?? null,
      approvers: offer ? await resolveApprovers(tx, offer.definition, who) : [],
      floorSeconds: await floorOf(tx),
      live: grants.find((g) => g.state !== 'scheduled') ?? null,
      scheduled: grants.some((g) => g.state === 'scheduled'),
      pending: pending ?? null,
    }
  },
  facts: ({ person, ownerIds }) => ({ askerId: person.id, beneficiaryId: person.id, ownerIds }),
  decide: decideAsk,
}

function decideAsk(f: AskFacts, input: AskInput, at: At): Result<Changes<{ requestId: string }>> {
  const { entitlement, application, offer, person } = f
  if (entitlement.closedAt || application.archivedAt)
    return refuse('unavailable', `${entitlement.name} is closed and cannot be asked for any more`)
  if (!entitlement.requestable)
    return refuse('unavailable', entitlement.reason ?? `${entitlement.name} cannot be asked for`)
  if (!offer) return refuse('unavailable', `No access policy offers ${entitlement.name} at present`)
  if (!isEligible(offer.definition.requesters, person))
    return refuse('not_eligible', `The access policy does not let you ask for ${entitlement.name}`)
  if (f.pending) return refuse('conflict', 'You have asked for this already; that request is not decided yet')
  if (f.scheduled) return refuse('conflict', 'This access is agreed already and starts later')
  // One that is over is as good as being taken back: the new one waits until it is seen gone.
  const live = f.live && !isOver(f.live, at.now) ? f.live : null
  if (live?.state === 'active')
    return refuse('conflict', 'You hold this already. Ask for an extension instead')
  if (live?.state === 'provisioning') return refuse('conflict', 'This access is being given to you right now')
  const problem = askProblem(f, offer.definition, input, at.now)
  if (problem) return problem
  const preset = pickPreset(offer.definition, input.seconds)
  if (preset && 'ok' in preset) return preset
  if (blockedStep(offer.definition.steps, f.approvers) !== null)
    return refuse(
      'nobody_can_approve',
      `At present nobody could agree to this. Tell an owner of ${application.name}`,
    )
  const id = at.newId()
  const decideBy = plus(at.now, offer.definition.decideWithinSeconds)
  const row = {
    id,
    kind: 'grant' as const,
    state: 'pending' as const,
    askerId: person.id,
    personId: person.id,
    entitlementId: entitlement.id,
    policyVersionId: offer.policyVersionId,
    seconds: input.seconds,
    askedSeconds: input.seconds,
    noticeSeconds: preset?.noticeSeconds ?? null,
    reason: input.reason,
    startAt: input.startAt,
    askedAt: at.now,
    decideBy,
  }
  return ok({
    result: { requestId: id },
    newRequests: [{ row, entry: { verb: 'asked', data: { seconds: input.seconds, reason: input.reason } } }],
    ...opened(id, decideBy, f.approvers[0] ?? []),
  })
}

function askProblem(f: AskFacts, definition: PolicyDefinition, input: AskInput, now: Date) {
  if (definition.reasonRequired && input.reason === '')
    return refuse('invalid', 'Say why you need it', 'reason')
  if (input.startAt && input.startAt < now) return refuse('invalid', 'The start lies in the past', 'startAt')
  if (input.startAt && input.startAt > plus(now, 366 * 86_400))
    return refuse('invalid', 'A start is at most 366 days ahead', 'startAt')
  return definition.mode === 'permanent' ? null : lengthProblem(f.floorSeconds, definition, input.seconds)
}

/** The floor is judged when asking: it may have been raised since the policy was published. */
function lengthProblem(floorSeconds: number, definition: PolicyDefinition, seconds: number | null) {
  const preset = definition.presets.find((p) => p.seconds === seconds)
  if (!preset) return null
  const short = checkPreset(preset, { floorSeconds, maxSeconds: definition.maxSeconds }).seconds
  return short ? refuse('invalid', short, 'seconds') : null
}

/** A request that is open owes its clock and a mail to each person who may decide now. */
export function opened(requestId: string, decideBy: Date, approverIds: readonly string[], step = 0) {
  return {
    work: [
      {
        subjectType: 'request' as const,
        subjectId: requestId,
        order: { kind: 'lapse' as const, dueAt: decideBy },
      },
    ],
    mails: approverIds.map((personId) => ({
      occasion: `decision-needed:${requestId}:${step}`,
      kind: 'decision-needed',
      personId,
      requestId,
    })),
  }
}

/** Asks for an entitlement for oneself. Refusals name the field where they belong to one. */
export function askForAccess(ctx: Ctx, input: AskInput): Promise<Result<{ requestId: string }>> {
  const personId = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  return apply(ctx, ask, { ...input, personId })
}

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
  readonly approvers: string[][]
}

const askExtension: Verb<AskExtensionInput & { askerId: string }, ExtensionFacts, { requestId: string }> = {
  gate: 'grant.extend',
  async locks({ grantId }, db) {
    const row = await db.query.grant.findFirst({
      where: eq(schema.grant.id, grantId),
      columns: { personId: true },
    })
    return { persons: row ? [row.personId] : [], grants: [grantId] }
  },
  async load(tx, { grantId, askerId }, now) {
    const grant = await loadGrant(tx, grantId, now)
    const holder = grant && (await loadPerson(tx, grant.row.personId))
    if (!grant || !holder) return null
    const who = { personId: holder.id, askerId, managerId: holder.managerId, ownerIds: grant.ownerIds }
    const floorSeconds = await floorOf(tx)
    return {
      ...grant,
      askerId,
      holder,
      floorSeconds,
      approvers: await resolveApprovers(tx, grant.definition, who),
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
    const preset = pickPreset(definition, input.seconds)
    if (!preset || 'ok' in preset) return preset ?? refuse('invalid', 'A permanent access has no end to move')
    const short = lengthProblem(f.floorSeconds, definition, preset.seconds)
    if (short) return short
    if (plus(row.endsAt, preset.seconds) > room.latestEnd)
      return refuse(
        'limit',
        'That would run past the latest possible end. Choose a shorter length',
        'seconds',
      )
    if (definition.reasonRequired && input.reason === '')
      return refuse('invalid', 'Say why you need it longer', 'reason')
    if (blockedStep(definition.steps, f.approvers) !== null)
      return refuse(
        'nobody_can_approve',
        `At present nobody could agree to this. Tell an owner of ${f.application.name}`,
      )
    const id = at.newId()
    const byPolicy = plus(at.now, definition.decideWithinSeconds)
    const decideBy = byPolicy < row.endsAt ? byPolicy : row.endsAt
    const request = {
      id,
      kind: 'extension' as const,
      state: 'pending' as const,
      askerId: f.askerId,
      personId: row.personId,
      entitlementId: row.entitlementId,
      policyVersionId: row.policyVersionId,
      grantId: row.id,
      seconds: preset.seconds,
      askedSeconds: preset.seconds,
      noticeSeconds: preset.noticeSeconds,
      reason: input.reason,
      startAt: null,
      askedAt: at.now,
      decideBy,
    }
    return ok({
      result: { requestId: id },
      newRequests: [
        {
          row: request,
          entry: {
            verb: 'asked',
            data: { seconds: preset.seconds, reason: input.reason, endsAt: row.endsAt },
          },
        },
      ],
      ...opened(id, decideBy, f.approvers[0] ?? []),
    })
  },
}

/** Asks for more time on a grant: by its holder, or by an owner or admin for the holder (who then both may not decide). */
export function askForExtension(ctx: Ctx, input: AskExtensionInput): Promise<Result<{ requestId: string }>> {
  const askerId = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  return apply(ctx, askExtension, { ...input, askerId })
}
