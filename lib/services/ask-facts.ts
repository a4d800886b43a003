import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { schema, type Tx } from '@/db/client'
import { type ApprovalStep, type PolicyDefinition, stepsFor } from '@/lib/domain/policy'
import { MOST_AT_ONCE } from '@/lib/domain/request'
import { type Conflict, extraSteps } from '@/lib/domain/separation'
import { type ApproverBook, type ApproverPlace, approverBook } from './approver-book'
import type { GrantRow, RequestRow } from './changes'
import { openEmergencies } from './emergencies'
import {
  accountsOf,
  adminsOf,
  type EntitlementFacts,
  floorOf,
  holdApplicationOf,
  lastHeldBy,
  loadEntitlement,
  loadPerson,
} from './facts'
import { reasonSchema } from './reason'
import { conflictsOf } from './separation-rules'

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

/** What is asked for, by whom and for whom. */
export interface Ask extends z.output<typeof askInput> {
  readonly personId: string
  readonly askerId: string
}

type Person = NonNullable<Awaited<ReturnType<typeof loadPerson>>>

/** What asking for one of the items needs to know. */
export interface ItemFacts extends EntitlementFacts {
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

/** Everything that asking is judged by, read under the locks. */
export interface AskFacts {
  readonly person: Person
  readonly askerId: string
  readonly items: readonly ItemFacts[]
  readonly book: ApproverBook
  readonly floorSeconds: number
  readonly adminIds: readonly string[]
  /** Emergency accesses of this person that are not over, or not reviewed. */
  /** Every account of who asks and of whom it is for. */
  readonly ownIds: readonly string[]
  readonly emergencies: Awaited<ReturnType<typeof openEmergencies>>
}

/** Reads all of it; null where there is no such person or entitlement. */
export async function loadAsk(tx: Tx, input: Ask, now: Date): Promise<AskFacts | null> {
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
    ownIds: await accountsOf(tx, input.askerId, person.id),
    items,
    book: await approverBook(tx, places, now),
    floorSeconds: await floorOf(tx),
    adminIds: input.emergency ? await adminsOf(tx) : [],
    emergencies: input.emergency ? await openEmergencies(tx, person.id) : [],
  }
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
export function flowOf({ offer, conflicts }: ItemFacts, automatic = false): ApprovalStep[] {
  const own = offer && !automatic ? stepsFor(offer.definition, 'grant') : []
  return [...own, ...extraSteps(conflicts)]
}

/** Where the approvers of one item are looked for. */
export function placeOf(
  item: ItemFacts,
  who: { personId: string; askerId: string },
  steps: ApprovalStep[],
): ApproverPlace {
  return { steps, applicationId: item.application.id, personId: who.personId, askerId: who.askerId }
}
