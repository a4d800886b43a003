import 'server-only'
import type { Ctx } from '@/lib/context'
import { ok, type Refusal, type Result, refuse } from '@/lib/domain/errors'
import { decideByOf } from '@/lib/domain/extension'
import { blockedStep, isAutomatic } from '@/lib/domain/policy'
import type { Approval } from '@/lib/domain/request'
import { type Conflict, refusedTogether } from '@/lib/domain/separation'
import { type At, apply, type Verb } from './apply'
import { type Ask, type AskFacts, type AskInput, flowOf, type ItemFacts, loadAsk, placeOf } from './ask-facts'
import { askProblem, emergencyLength, holdingProblem, lengthOf, offerProblem } from './ask-problems'
import type { Changes, RequestRow } from './changes'
import { emergencyMails, emergencyProblem } from './emergencies'
import { accountsOf } from './facts'
import { closedWork, requestMails, stepOpens } from './open-request'
import { newGrant } from './outcome'

export type { AskInput } from './ask-facts'

const ask: Verb<Ask, AskFacts, { requestIds: string[] }> = {
  gate: 'request.ask',
  locks: async ({ personId }, db) => ({ persons: await accountsOf(db, personId) }),
  load: loadAsk,
  facts: ({ person, askerId }) => ({ askerId, beneficiaryId: person.id, managerId: person.managerId }),
  decide: decideAsk,
}

/** The rules that add a step, by name; an emergency does not wait for them, and it is said. */
function extraRules(conflicts: readonly Conflict[]): string[] | undefined {
  const names = conflicts.flatMap((c) => (c.effect === 'extra_step' ? [c.rule] : []))
  return names.length > 0 ? [...new Set(names)] : undefined
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
  const published = f.ownIds.includes(offer.publishedBy ?? '')
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
    decideBy: decideByOf(definition, at.now, null),
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
