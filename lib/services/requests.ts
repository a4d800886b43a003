import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { checkPreset, durationWords, plus } from '@/lib/domain/duration'
import { ok, type Refusal, type Result, refuse } from '@/lib/domain/errors'
import { isOver } from '@/lib/domain/grant'
import {
  type ApprovalStep,
  blockedStep,
  isAutomatic,
  isEligible,
  type PolicyDefinition,
  pickPreset,
  stepsFor,
} from '@/lib/domain/policy'
import { type Approval, MOST_AT_ONCE } from '@/lib/domain/request'
import { type Conflict, extraSteps, refusedTogether } from '@/lib/domain/separation'
import { type At, apply, type Verb } from './apply'
import { type ApproverBook, type ApproverPlace, approverBook } from './approver-book'
import type { Changes, GrantRow, RequestRow } from './changes'
import { emergencyMails, emergencyProblem, openEmergencies } from './emergencies'
import {
  adminsOf,
  type EntitlementFacts,
  floorOf,
  holdApplicationOf,
  lastHeldBy,
  loadEntitlement,
  loadPerson,
} from './facts'
import { closedWork, requestMails, stepOpens } from './open-request'
import { newGrant, noticeFor } from './outcome'
import { reasonSchema } from './reason'
import { accountsOf, conflictsOf } from './separation-rules'

const askItem = z.object({
  entitlementId: z.uuid(),
  /** The preset's length; null for a permanent access, and where it is an emergency. */
  seconds: z.number().int().positive().nullable(),
})

export const askInput = z.object({
  items: z.array(askItem).min(1, 'Choose what you need').max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} at once`),
  reason: reasonSchema,
  startAt: z.date().nullable().default(null),
  /** Whom it is for, where that is somebody else: by their manager or an admin. */
  personId: z.uuid().optional(),
  /** Emergency access: at once, for the policy's emergency length, for oneself. */
  emergency: z.boolean().default(false),
})
export type AskInput = z.input<typeof askInput>

interface Ask extends z.output<typeof askInput> {
  readonly personId: string
  readonly askerId: string
}

type Person = NonNullable<Awaited<ReturnType<typeof loadPerson>>>

/** What asking for one of the items needs to know. */
interface ItemFacts extends EntitlementFacts {
  readonly offer: {
    policyVersionId: string
    definition: PolicyDefinition
    publishedBy: string | null
  } | null
  readonly live: GrantRow | null
  readonly scheduled: boolean
  readonly pending: RequestRow | null
  readonly lastHeldAt: Date | null
  readonly conflicts: readonly Conflict[]
}

interface AskFacts {
  readonly person: Person
  readonly askerId: string
  readonly items: readonly ItemFacts[]
  readonly book: ApproverBook
  readonly floorSeconds: number
  readonly adminIds: readonly string[]
  /** Emergency accesses of this person that are not over, or not reviewed. */
  readonly emergencies: Awaited<ReturnType<typeof openEmergencies>>
}

const ask: Verb<Ask, AskFacts, { requestIds: string[] }> = {
  gate: 'request.ask',
  locks: async ({ personId }, db) => ({ persons: await accountsOf(db, personId) }),
  async load(tx, input, now) {
    const person = await loadPerson(tx, input.personId)
    if (!person) return null
    const ids = input.items.map((i) => i.entitlementId)
    const items: ItemFacts[] = []
    for (const id of ids) {
      await holdApplicationOf(tx, id)
      const place = await loadEntitlement(tx, id)
      if (!place) return null
      items.push({
        ...place,
        ...(await standingOf(tx, person.id, id, now)),
        conflicts: await conflictsOf(
          tx,
          person.id,
          id,
          ids.filter((other) => other !== id),
        ),
      })
    }
    const places = items.map((item) => placeOf(item, input, flowOf(item)))
    return {
      person,
      askerId: input.askerId,
      items,
      book: await approverBook(tx, places, now),
      floorSeconds: await floorOf(tx),
      adminIds: input.emergency ? await adminsOf(tx) : [],
      emergencies: input.emergency ? await openEmergencies(tx, person.id) : [],
    }
  },
  facts: ({ person, askerId }) => ({ askerId, beneficiaryId: person.id, managerId: person.managerId }),
  decide: decideAsk,
}

/** What the policy offers now, and how it stands with this person. */
async function standingOf(
  tx: Tx,
  personId: string,
  entitlementId: string,
  now: Date,
): Promise<Pick<ItemFacts, 'offer' | 'live' | 'scheduled' | 'pending' | 'lastHeldAt'>> {
  const { grant, request, policy, policyVersion, policyEntitlement } = schema
  const [offer] = await tx
    .select({
      policyVersionId: policyVersion.id,
      definition: policyVersion.definition,
      publishedBy: policyVersion.publishedBy,
    })
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
  return {
    offer: offer ?? null,
    live: grants.find((g) => g.state !== 'scheduled') ?? null,
    scheduled: grants.some((g) => g.state === 'scheduled'),
    pending: pending ?? null,
    lastHeldAt: (await lastHeldBy(tx, personId, now)).get(entitlementId) ?? null,
  }
}

/** The steps a request for this goes through: the policy's, and what separation of duties adds. */
function flowOf({ offer, conflicts }: ItemFacts, automatic = false): ApprovalStep[] {
  const own = offer && !automatic ? stepsFor(offer.definition, 'grant') : []
  return [...own, ...extraSteps(conflicts)]
}

/** The rules that add a step, by name; an emergency does not wait for them, and it is said. */
function extraRules(conflicts: readonly Conflict[]): string[] | undefined {
  const names = conflicts.flatMap((c) => (c.effect === 'extra_step' ? [c.rule] : []))
  return names.length > 0 ? [...new Set(names)] : undefined
}

function placeOf(
  item: ItemFacts,
  who: { personId: string; askerId: string },
  steps: ApprovalStep[],
): ApproverPlace {
  return { steps, applicationId: item.application.id, personId: who.personId, askerId: who.askerId }
}

function decideAsk(f: AskFacts, input: Ask, at: At): Result<Changes<{ requestIds: string[] }>> {
  const ids = input.items.map((i) => i.entitlementId)
  const twice = ids.findIndex((id, i) => ids.indexOf(id) < i)
  if (twice >= 0) return refuse('invalid', 'This is in the list already', `items[${twice}]`)
  if (input.emergency) {
    const refused = emergencyProblem(f.emergencies, {
      others: input.askerId !== input.personId,
      count: ids.length,
    })
    if (refused) return refused
  }
  const askId = at.newId()
  const parts: AskChanges[] = []
  for (const [i, item] of f.items.entries()) {
    const asked = askOne(f, item, { input, seconds: input.items[i]?.seconds ?? null, askId, at })
    if (!asked.ok) return ids.length > 1 ? atItem(asked, i) : asked
    parts.push(asked.value)
  }
  return ok({
    result: { requestIds: parts.map((p) => p.requestId) },
    newGrants: parts.flatMap((p) => p.newGrants ?? []),
    newRequests: parts.flatMap((p) => p.newRequests ?? []),
    requests: parts.flatMap((p) => p.requests ?? []),
    work: parts.flatMap((p) => p.work ?? []),
    mails: parts.flatMap((p) => p.mails ?? []),
  })
}

/** A refusal of one item of several, at that item. */
function atItem(refused: Refusal, index: number): Refusal {
  if (refused.field === 'reason' || refused.field === 'startAt') return refused
  const field = `items[${index}]${refused.field ? `.${refused.field}` : ''}`
  return { ...refused, field }
}

type AskChanges = Omit<Changes<unknown>, 'result'> & { requestId: string }

interface Asking {
  readonly input: Ask
  readonly seconds: number | null
  readonly askId: string
  readonly at: At
}

function askOne(f: AskFacts, item: ItemFacts, { input, seconds, askId, at }: Asking): Result<AskChanges> {
  const { person } = f
  const { entitlement, application, offer } = item
  const refused =
    offerProblem(f, item) ??
    holdingProblem(f, item, input, at.now) ??
    refusedTogether(item.conflicts, entitlement.name, ['held', 'agreed', 'asked'])
  if (refused) return refused
  if (!offer) return refuse('unavailable', `No access policy offers ${entitlement.name} at present`)
  const { definition } = offer
  if (input.emergency && !definition.emergency.allowed)
    return refuse('unavailable', `The access policy has no emergency access to ${entitlement.name}`)
  const problem = askProblem(input, definition, at.now)
  if (problem) return problem
  const published = [input.askerId, person.id].includes(offer.publishedBy ?? '')
  // As with every agreement by a rule: nobody writes the rule for themselves.
  if (input.emergency && published)
    return refuse(
      'forbidden',
      'You published the access policy that allows this. Somebody else has to publish it, before you may take it',
    )
  const length = input.emergency
    ? emergencyLength(f.floorSeconds, definition)
    : lengthOf(f.floorSeconds, definition, seconds)
  if ('ok' in length) return length

  const facts = {
    groupIds: person.groupIds,
    seconds: length.seconds,
    risk: entitlement.risk,
    lastHeldAt: item.lastHeldAt,
    published,
  }
  const automatic = !input.emergency && isAutomatic(definition.automatic, facts, at.now)
  const flow = flowOf(item, automatic)
  const agreed: Exclude<Approval, 'people'> | null = input.emergency
    ? 'emergency'
    : automatic && flow.length === 0
      ? 'automatic'
      : null
  const place = placeOf(item, input, agreed ? flowOf(item) : flow)
  const standing = f.book.standing(place)
  if (!agreed && blockedStep(standing.steps, standing.approvers) !== null)
    return refuse(
      'nobody_can_approve',
      `At present nobody could agree to this. Tell an owner of ${application.name}`,
    )
  const requestId = at.newId()
  const row = {
    id: requestId,
    kind: 'grant' as const,
    state: agreed ? ('approved' as const) : ('pending' as const),
    askerId: input.askerId,
    personId: person.id,
    entitlementId: entitlement.id,
    policyVersionId: offer.policyVersionId,
    ...length,
    askedSeconds: length.seconds,
    reason: input.reason,
    startAt: input.startAt,
    steps: [...place.steps],
    step: 0,
    stepOpenedAt: at.now,
    round: 1,
    approval: agreed ?? ('people' as const),
    askId,
    askedAt: at.now,
    decideFrom: at.now,
    decideBy: plus(at.now, definition.decideWithinSeconds),
    decidedAt: agreed ? at.now : null,
  }
  const entry = {
    verb: 'asked' as const,
    data: {
      seconds: length.seconds,
      reason: input.reason,
      startAt: input.startAt ?? undefined,
      forId: input.askerId === person.id ? undefined : person.id,
      emergency: input.emergency || undefined,
      separation: extraRules(item.conflicts),
    },
  }
  const told = requestMails('asked-for-you', row, input.askerId)
  if (agreed) {
    const made = newGrant({ ...item, definition }, { ...row, requestId, emergency: input.emergency }, at)
    const approved = { verb: 'approved' as const, data: { by: agreed, seconds: length.seconds } }
    return ok({
      requestId,
      newGrants: made.newGrants,
      newRequests: [{ row: { ...row, grantId: made.grantId }, entry, agreed: approved }],
      // What was asked for in the usual way is not given a second time after the emergency.
      requests: item.pending ? [called(item.pending, at.now)] : [],
      work: [...made.work, ...(item.pending ? closedWork(item.pending.id) : [])],
      mails: [
        ...told,
        ...requestMails('request-approved', row),
        ...(input.emergency ? emergencyMails(row, [...item.ownerIds, ...f.adminIds]) : []),
        // Whoever else had asked for it is told that their request is over.
        ...(item.pending ? requestMails('request-withdrawn', item.pending, input.askerId) : []),
      ],
    })
  }
  const seats = { askerId: row.askerId, beneficiaryId: person.id, step: 0, votes: [], ...standing }
  const opened = stepOpens({ ...row, seats }, definition, at.now)
  return ok({
    requestId,
    newRequests: [{ row, entry }],
    work: opened.work,
    mails: [...told, ...opened.mails],
  })
}

function called(row: RequestRow, now: Date) {
  return {
    row,
    set: { state: 'withdrawn' as const, decidedAt: now },
    entry: { verb: 'withdrawn' as const, data: { why: 'emergency' } },
  }
}

/** Whether it can be asked for at all, by anybody, and for this person. */
function offerProblem({ person, askerId }: AskFacts, item: ItemFacts): Refusal | null {
  const { entitlement, application, offer } = item
  if (entitlement.closedAt || application.archivedAt)
    return refuse('unavailable', `${entitlement.name} is closed and cannot be asked for any more`)
  if (!entitlement.requestable)
    return refuse('unavailable', entitlement.reason ?? `${entitlement.name} cannot be asked for`)
  if (!offer) return refuse('unavailable', `No access policy offers ${entitlement.name} at present`)
  if (!person.active) return refuse('unavailable', `${person.name} is deactivated`)
  if (isEligible(offer.definition.requesters, person)) return null
  return askerId === person.id
    ? refuse('not_eligible', `The access policy does not let you ask for ${entitlement.name}`)
    : refuse('not_eligible', `The access policy does not let ${person.name} have ${entitlement.name}`)
}

/** What of the same is there already. */
function holdingProblem(f: AskFacts, item: ItemFacts, input: Ask, now: Date): Refusal | null {
  const mine = f.askerId === f.person.id
  const who = f.person.name
  if (item.pending && !input.emergency)
    return refuse(
      'conflict',
      mine
        ? 'You have asked for this already; that request is not decided yet'
        : `This is asked for ${who} already; that request is not decided yet`,
    )
  if (item.scheduled) return refuse('conflict', 'This access is agreed already and starts later')
  // One that is over is as good as being taken back: the new one waits until it is seen gone.
  const live = item.live && !isOver(item.live, now) ? item.live : null
  if (live?.state === 'active')
    return refuse(
      'conflict',
      mine
        ? 'You hold this already. Ask for an extension instead'
        : `${who} holds this already. Ask for an extension instead`,
    )
  if (live?.state === 'provisioning')
    return refuse('conflict', `This access is being given to ${mine ? 'you' : who} right now`)
  return null
}

function askProblem(input: Ask, definition: PolicyDefinition, now: Date): Refusal | null {
  if ((definition.reasonRequired || input.emergency) && input.reason === '')
    return refuse('invalid', input.emergency ? 'Say what the emergency is' : 'Say why you need it', 'reason')
  if (input.startAt && input.emergency) return refuse('invalid', 'Emergency access begins at once', 'startAt')
  return startProblem(input.startAt, now)
}

/** A start lies ahead, and not further than a year. */
export function startProblem(startAt: Date | null, now: Date): Refusal | null {
  if (startAt && startAt < now) return refuse('invalid', 'The start lies in the past', 'startAt')
  if (startAt && startAt > plus(now, 366 * 86_400))
    return refuse('invalid', 'A start is at most 366 days ahead', 'startAt')
  return null
}

/** The picked length with its notice; the floor is judged when asking: it may have been raised since publishing. */
export function lengthOf(
  floorSeconds: number,
  definition: PolicyDefinition,
  seconds: number | null,
): { seconds: number | null; noticeSeconds: number | null } | Refusal {
  const preset = pickPreset(definition, seconds)
  if (preset === null) return { seconds: null, noticeSeconds: null }
  if ('ok' in preset) return preset
  const short = checkPreset(preset, { floorSeconds, maxSeconds: definition.maxSeconds }).seconds
  if (short) return refuse('invalid', short, 'seconds')
  return { seconds: preset.seconds, noticeSeconds: preset.noticeSeconds }
}

/** The policy's emergency length with its notice. */
export function emergencyLength(
  floorSeconds: number,
  definition: PolicyDefinition,
): { seconds: number; noticeSeconds: number | null } | Refusal {
  const { seconds } = definition.emergency
  if (seconds < floorSeconds)
    return refuse(
      'unavailable',
      `The organisation’s minimum is ${durationWords(floorSeconds)} by now, longer than this policy’s emergency access`,
    )
  return { seconds, noticeSeconds: noticeFor(definition, seconds) }
}

/**
 * Asks for one or several entitlements, for oneself or for somebody else; each becomes a request of its own, all of
 * them or none. A refusal of one of several names it by its field (`items[1]`, `items[1].seconds`).
 */
export function askForSeveral(ctx: Ctx, input: AskInput): Promise<Result<{ requestIds: string[] }>> {
  const askerId = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const { personId = askerId, startAt = null, emergency = false } = input
  return apply(ctx, ask, { ...input, personId, startAt, emergency, askerId })
}

/** Asking for one entitlement: the same without the list. */
export type AskOneInput = Omit<AskInput, 'items'> & AskInput['items'][number]

/** Asks for one entitlement. Refusals name the field where they belong to one. */
export async function askForAccess(ctx: Ctx, input: AskOneInput): Promise<Result<{ requestId: string }>> {
  const { entitlementId, seconds, ...rest } = input
  const asked = await askForSeveral(ctx, { ...rest, items: [{ entitlementId, seconds }] })
  if (!asked.ok) return asked
  return ok({ requestId: asked.value.requestIds[0] ?? '' })
}
