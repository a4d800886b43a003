import 'server-only'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { ConnectorError } from '@/lib/connectors/contract'
import type { Ctx } from '@/lib/context'
import { conversionNotice, LEAST_WARNING, LONGEST_CONVERSION, MOST_CONVERTED } from '@/lib/conversion'
import { authorize, NO_SUCH_THING } from '@/lib/domain/authorize'
import { durationWords, plus } from '@/lib/domain/duration'
import { ok, type Refusal, type Result, refuse } from '@/lib/domain/errors'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { pinnedTo } from './account-questions'
import { type At, apply, type Verb } from './apply'
import type { Changes } from './changes'
import { standingProblem, whyNot } from './conversion-checks'
import { type EntitlementFacts, floorOf, holdApplicationOf, loadEntitlement } from './facts'
import { newGrant } from './outcome'
import { readHolders, type StandingHolder } from './standing-holders'

export const convertInput = z.object({
  entitlementId: z.uuid(),
  /** Accounts in the target, by its id; with an end of their own where theirs is another. */
  holders: z
    .array(z.object({ externalId: z.string().min(1).max(500), endsAt: z.date().optional() }))
    .min(1, 'Choose whose access becomes a lease')
    .max(MOST_CONVERTED, `At most ${MOST_CONVERTED} at once`),
  startAt: z.date(),
  endsAt: z.date(),
  reason: z
    .string()
    .trim()
    .min(1, 'Say why; everybody concerned is told')
    .max(2000, 'At most 2,000 characters'),
})
export type ConvertInput = z.output<typeof convertInput>

/** What is converted, checked against the target a moment ago: the person and the length of each. */
export interface ConvertItem {
  readonly holder: StandingHolder & { readonly person: NonNullable<StandingHolder['person']> }
  readonly endsAt: Date
  readonly seconds: number
}

interface Conversion {
  readonly input: ConvertInput
  readonly items: readonly ConvertItem[]
}

interface ConvertFacts extends EntitlementFacts {
  readonly offer: { readonly policyVersionId: string; readonly definition: PolicyDefinition }
  readonly floorSeconds: number
  /** Why it cannot be, found under the locks. */
  readonly problem: Refusal | null
  /** Who is linked to their account already. */
  readonly linked: ReadonlySet<string>
}

const convert: Verb<Conversion, ConvertFacts, { grantIds: string[] }> = {
  gate: 'grants.convert',
  locks: ({ items }) => ({ persons: items.map((one) => one.holder.person.id) }),
  async load(tx, { input, items }) {
    await holdApplicationOf(tx, input.entitlementId)
    const place = await loadEntitlement(tx, input.entitlementId)
    if (!place) return null
    const offered = await whyNot(tx, place)
    if (!offered.ok) return { ...place, ...nothing, problem: offered }
    return {
      ...place,
      offer: offered.value,
      floorSeconds: await floorOf(tx),
      problem: await firstProblem(tx, place, items),
      linked: await linkedAlready(tx, place, items),
    }
  },
  facts: (f) => ({ ownerIds: f.ownerIds }),
  decide: decideConversion,
}

const nothing = {
  offer: { policyVersionId: '', definition: {} as PolicyDefinition },
  floorSeconds: 0,
  linked: new Set<string>(),
}

async function firstProblem(tx: Tx, place: EntitlementFacts, items: readonly ConvertItem[]) {
  for (const { holder } of items) {
    const problem = await standingProblem(tx, place, holder)
    if (problem) return refuse('conflict', `${holder.account.name}: ${problem}`, 'holders')
  }
  return null
}

async function linkedAlready(tx: Tx, { connection }: EntitlementFacts, items: readonly ConvertItem[]) {
  const linked = new Set<string>()
  for (const { holder } of items) {
    const pinned = await pinnedTo(tx, connection!.id, holder.person.id)
    if (pinned?.externalId === holder.account.id) linked.add(holder.account.id)
  }
  return linked
}

function decideConversion(f: ConvertFacts, c: Conversion, at: At): Result<Changes<{ grantIds: string[] }>> {
  if (f.problem) return f.problem
  const refused = datesProblem(c, at, f.floorSeconds)
  if (refused) return refused
  const askId = at.newId()
  const parts = c.items.map((item) => convertOne(f, c.input, item, askId, at))
  return ok({
    result: { grantIds: parts.map((part) => part.grantId) },
    accounts: parts.flatMap((part) => part.accounts),
    standing: parts.flatMap((part) => part.standing),
    newGrants: parts.flatMap((part) => part.newGrants),
    newRequests: parts.flatMap((part) => part.newRequests),
    work: parts.flatMap((part) => part.work),
    mails: parts.map((part) => part.mail),
  })
}

/** What is wrong with the dates; they are judged when it is agreed, by the database's clock. */
export function datesProblem(
  { input, items }: { input: Pick<ConvertInput, 'startAt'>; items: readonly ConvertItem[] },
  { now, actor }: Pick<At, 'now' | 'actor'>,
  floorSeconds: number,
): Refusal | null {
  const { startAt } = input
  const onlyMine = items.every((one) => actor.kind === 'person' && one.holder.person.id === actor.id)
  // Whoever fills the form takes a few minutes for it.
  const least = plus(now, (onlyMine ? 0 : LEAST_WARNING) - 300)
  if (startAt < least)
    return refuse(
      'invalid',
      onlyMine
        ? 'The start lies in the past'
        : `People get at least ${durationWords(LEAST_WARNING)} to say that it is wrong. Choose a later start`,
      'startAt',
    )
  if (startAt > plus(now, LONGEST_CONVERSION))
    return refuse('invalid', 'A start is at most 366 days ahead', 'startAt')
  for (const { seconds, holder } of items) {
    if (seconds < floorSeconds)
      return refuse(
        'invalid',
        `The lease of ${holder.account.name} would be shorter than the organisation’s minimum, ${durationWords(floorSeconds)}`,
        'endsAt',
      )
    if (seconds > LONGEST_CONVERSION)
      return refuse('invalid', 'A lease ends at most 366 days after its start', 'endsAt')
  }
  return null
}

function convertOne(f: ConvertFacts, input: ConvertInput, item: ConvertItem, askId: string, at: At) {
  const { holder, seconds } = item
  const { entitlementId, reason, startAt } = input
  const personId = holder.person.id
  const askerId = at.actor.kind === 'person' ? at.actor.id : personId
  const requestId = at.newId()
  const noticeSeconds = conversionNotice(seconds)
  const { policyVersionId } = f.offer
  const asked = { requestId, personId, entitlementId, policyVersionId, seconds, noticeSeconds, startAt }
  const made = newGrant({ ...f, definition: f.offer.definition }, { ...asked, converts: true }, at)
  const row = {
    id: requestId,
    kind: 'grant' as const,
    state: 'approved' as const,
    approval: 'conversion' as const,
    askerId,
    personId,
    entitlementId,
    policyVersionId,
    grantId: made.grantId,
    seconds,
    noticeSeconds,
    askedSeconds: seconds,
    reason,
    startAt,
    steps: [],
    step: 0,
    stepOpenedAt: at.now,
    askId,
    askedAt: at.now,
    decideFrom: at.now,
    decideBy: startAt > at.now ? startAt : at.now,
    decidedAt: at.now,
  }
  const forId = askerId === personId ? undefined : personId
  return {
    grantId: made.grantId,
    newGrants: made.newGrants,
    work: made.work,
    newRequests: [
      {
        row,
        entry: { verb: 'asked' as const, data: { seconds, reason, startAt, forId, converts: true } },
        agreed: { verb: 'approved' as const, data: { by: 'conversion', seconds } },
      },
    ],
    accounts: f.linked.has(holder.account.id)
      ? []
      : [
          {
            id: at.newId(),
            connectionId: f.connection!.id,
            personId,
            externalId: holder.account.id,
            name: holder.account.name,
            email: holder.person.email,
          },
        ],
    // Until it begins it is held for good, and rightly: somebody has looked at it.
    standing: [
      {
        entitlementId,
        externalId: holder.account.id,
        name: holder.account.name,
        email: holder.account.email ?? null,
        since: at.now,
        adoptedBy: at.actor.kind === 'person' ? at.actor.id : null,
        reason,
      },
    ],
    mail: {
      occasion: `conversion-planned:${made.grantId}`,
      kind: 'conversion-planned',
      personId,
      grantId: made.grantId,
      requestId,
    },
  }
}

/**
 * Turns standing access into leases: each becomes a grant that is scheduled to begin at `startAt` on what is held
 * already, and ends at its own `endsAt`. All of them or none; whose access it is gets a mail. Until it begins it can
 * be called off. Owners and admins, also for themselves: it only narrows.
 */
export async function convertHolders(ctx: Ctx, input: ConvertInput): Promise<Result<{ grantIds: string[] }>> {
  const checked = await checkConversion(ctx, input)
  return checked.ok ? apply(ctx, convert, { input, items: checked.value.items }) : checked
}

/** Reads who holds it now and holds the choice against it; nothing is changed. The preview is written from this. */
export async function checkConversion(
  ctx: Ctx,
  input: ConvertInput,
): Promise<Result<{ place: EntitlementFacts; items: ConvertItem[]; definition: PolicyDefinition }>> {
  const place = await loadEntitlement(ctx.db, input.entitlementId)
  if (!place) return refuse('not_found', NO_SUCH_THING)
  const refused = authorize(ctx.actor, 'grants.convert', { ownerIds: place.ownerIds })
  if (refused) return refused
  const offered = await whyNot(ctx.db, place)
  if (!offered.ok) return offered
  let holders: StandingHolder[]
  try {
    holders = await readHolders(ctx.db, place.connection!, place.entitlement)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return refuse('unavailable', `Who holds it could not be read, so nothing was changed. ${error.message}`)
  }
  const items: ConvertItem[] = []
  for (const chosen of input.holders) {
    const holder = holders.find((one) => one.account.id === chosen.externalId)
    if (!holder)
      return refuse('conflict', 'Somebody you chose does not hold it any more. Look again', 'holders')
    const problem = await standingProblem(ctx.db, place, holder)
    if (problem || !holder.person)
      return refuse(
        'conflict',
        `${holder.account.name}: ${problem ?? 'no person is known for it'}`,
        'holders',
      )
    const endsAt = chosen.endsAt ?? input.endsAt
    const seconds = Math.round((endsAt.getTime() - input.startAt.getTime()) / 1000)
    items.push({ holder: { ...holder, person: holder.person }, endsAt, seconds })
  }
  if (new Set(items.map((one) => one.holder.person.id)).size < items.length)
    return refuse('invalid', 'One person is in the list twice', 'holders')
  return ok({ place, items, definition: offered.value.definition })
}
