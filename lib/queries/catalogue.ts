import 'server-only'
import { and, asc, eq, gte, inArray, isNotNull, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { agreeShort } from '@/lib/asking-words'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { checkPreset, plus } from '@/lib/domain/duration'
import {
  type ApprovalStep,
  blockedStep,
  isAutomatic,
  isEligible,
  type PolicyDefinition,
} from '@/lib/domain/policy'
import { extraSteps } from '@/lib/domain/separation'
import {
  type ApproverBook,
  type ApproverPlace,
  approverBook,
  type Standing,
} from '@/lib/services/approver-book'
import { floorOf, lastHeldBy, loadPerson } from '@/lib/services/facts'
import { conflictsOf } from '@/lib/services/separation-rules'
import type {
  CatalogueApplication,
  CatalogueRow,
  CatalogueStanding,
  LeaseView,
  RequestView,
} from '@/lib/views'
import { applicationView, entitlementView, unsafeLeases } from './leases'
import { LOOK_BACK, unsafeHistories } from './past-requests'
import { unsafeRequests } from './requests'

type Person = NonNullable<Awaited<ReturnType<typeof loadPerson>>>

interface Offer {
  readonly entitlement: typeof schema.entitlement.$inferSelect
  readonly application: typeof schema.application.$inferSelect
  readonly definition: PolicyDefinition
  readonly publishedBy: string | null
}

/** Everything that is offered by a policy now. */
async function offers(db: Reader, where?: SQL): Promise<Offer[]> {
  const { entitlement, application, policy, policyVersion, policyEntitlement } = schema
  return db
    .select({
      entitlement,
      application,
      definition: policyVersion.definition,
      publishedBy: policyVersion.publishedBy,
    })
    .from(policyEntitlement)
    .innerJoin(entitlement, eq(entitlement.id, policyEntitlement.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .innerJoin(policy, eq(policy.id, policyEntitlement.policyId))
    .innerJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
    .where(and(isNull(entitlement.closedAt), isNull(application.archivedAt), where))
    .orderBy(asc(application.name), asc(entitlement.name))
}

/** The usual time to an answer by entitlement, in seconds: the median of the last 90 days. */
export async function usualAnswers(
  db: Reader,
  now: Date,
  ids?: readonly string[],
): Promise<Map<string, number>> {
  const { request } = schema
  const seconds = sql<string>`percentile_cont(0.5) within group (order by extract(epoch from ${request.decidedAt} - ${request.askedAt}))`
  const rows = await db
    .select({ id: request.entitlementId, seconds })
    .from(request)
    .where(
      and(
        inArray(request.state, ['approved', 'denied']),
        isNotNull(request.decidedAt),
        gte(request.askedAt, plus(now, -LOOK_BACK)),
        ids ? inArray(request.entitlementId, [...ids]) : undefined,
      ),
    )
    .groupBy(request.entitlementId)
  return new Map(rows.map((r) => [r.id, Number(r.seconds)]))
}

/** The catalogue for the actor: what is offered, how it stands with them, and how fast it is answered. */
export async function catalogue(ctx: Ctx, now: Date): Promise<CatalogueApplication[]> {
  if (ctx.actor.kind !== 'person') return []
  const me = await loadPerson(ctx.db, ctx.actor.id)
  if (!me) return []
  const { grant, request } = schema
  const [all, usual, held, pending, lastHeld] = await Promise.all([
    offers(ctx.db),
    usualAnswers(ctx.db, now),
    unsafeLeases(
      ctx.db,
      and(
        eq(grant.personId, me.id),
        inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
      ),
      now,
    ),
    unsafeRequests(ctx.db, and(eq(request.personId, me.id), eq(request.state, 'pending')), now),
    lastHeldBy(ctx.db, me.id, now),
  ])
  const book = await approverBook(
    ctx.db,
    all.map((o) => placeOf(o, me)),
    now,
  )
  const applications = new Map<string, CatalogueApplication & { rows: CatalogueRow[] }>()
  for (const offer of all) {
    const { application } = offer
    const entry = applications.get(application.id) ?? {
      application: applicationView(application),
      owners: book.owners(application.id).map(book.name),
      rows: [],
    }
    applications.set(application.id, entry)
    const asked = pending.records.map((r) => r.view)
    entry.rows.push(rowOf(offer, me, book, { usual, held, asked, lastHeld, now }))
  }
  return [...applications.values()]
}

function placeOf(
  { definition, application }: Offer,
  me: Person,
  askerId = me.id,
  extra: readonly ApprovalStep[] = [],
): ApproverPlace {
  const steps = [...definition.steps, ...extra]
  return { steps, applicationId: application.id, personId: me.id, askerId }
}

function rowOf(
  offer: Offer,
  me: Person,
  book: ApproverBook,
  known: {
    usual: Map<string, number>
    held: readonly LeaseView[]
    asked: readonly RequestView[]
    lastHeld: Map<string, Date>
    now: Date
  },
): CatalogueRow {
  const { entitlement, definition } = offer
  const standing = book.standing(placeOf(offer, me))
  const sets = standing.approvers
  const facts = {
    groupIds: me.groupIds,
    risk: entitlement.risk,
    lastHeldAt: known.lastHeld.get(entitlement.id) ?? null,
    published: offer.publishedBy === me.id,
  }
  const automatic = lengthsOf(definition).some((seconds) =>
    isAutomatic(definition.automatic, { ...facts, seconds }, known.now),
  )
  return {
    entitlement: entitlementView(entitlement),
    mode: definition.mode,
    lengths: definition.mode === 'permanent' ? [] : definition.presets.map((p) => p.seconds),
    agree: agreeShort(definition.steps, sets),
    approvers: [...new Set(sets.flat())].map(book.name),
    usualSeconds: known.usual.get(entitlement.id) ?? null,
    standing: standingOf(offer, me, book, standing, { ...known, automatic }),
  }
}

/** The lengths one may ask for; null is without an end. */
function lengthsOf({ mode, presets }: PolicyDefinition): (number | null)[] {
  return mode === 'permanent' ? [null] : presets.map((p) => p.seconds)
}

function standingOf(
  { entitlement, application, definition }: Offer,
  me: Person,
  book: ApproverBook,
  standing: Standing,
  known: { held: readonly LeaseView[]; asked: readonly RequestView[]; automatic: boolean },
): CatalogueStanding {
  const asked = known.asked.find((r) => r.entitlement.id === entitlement.id && r.kind === 'grant')
  const leases = known.held.filter((l) => l.entitlement.id === entitlement.id)
  const lease = leases.find((l) => l.times.state !== 'revoking') ?? (asked ? undefined : leases[0])
  // What is being taken back may be asked for again, so it is not held.
  if (lease && lease.times.state !== 'revoking') return { kind: 'held', lease }
  if (asked) return { kind: 'pending', requestId: asked.id, decideBy: asked.decideBy }
  const owner = book.owners(application.id).find((id) => id !== me.id)
  const ask = owner ? book.name(owner) : null
  if (!entitlement.requestable)
    return { kind: 'closed', why: entitlement.reason ?? 'Cannot be asked for', ask }
  if (!isEligible(definition.requesters, me)) return { kind: 'closed', why: 'Not for you', ask }
  // What the policy agrees to for some length needs nobody but those whom separation of duties names.
  const needed = standing.steps.flatMap((step, i) => (known.automatic && !step.separationId ? [] : [i]))
  const steps = needed.flatMap((i) => standing.steps[i] ?? [])
  const sets = needed.map((i) => standing.approvers[i] ?? [])
  const agreed = known.automatic && steps.length === 0
  if (!agreed && blockedStep(steps, sets) !== null)
    return { kind: 'closed', why: 'Nobody could agree at present', ask }
  return { kind: 'free' }
}

/** Somebody one may ask for: oneself, one's own people, and for admins everybody. */
export interface Askable {
  readonly id: string
  readonly name: string
  readonly team: string | null
}

/** Everybody else the actor may ask for, by name. */
export async function askableFor(ctx: Ctx): Promise<Askable[]> {
  if (ctx.actor.kind !== 'person') return []
  const { person } = schema
  const { id, admin } = ctx.actor
  return ctx.db
    .select({ id: person.id, name: person.name, team: person.team })
    .from(person)
    .where(and(isNull(person.deactivatedAt), ne(person.id, id), admin ? undefined : eq(person.managerId, id)))
    .orderBy(asc(person.name))
}

/** Whom a request would be for; null where the actor may not ask for them, or there is nobody. */
async function beneficiaryOf(ctx: Ctx, forId: string | null): Promise<Person | null> {
  if (ctx.actor.kind !== 'person') return null
  const person = await loadPerson(ctx.db, forId ?? ctx.actor.id)
  if (!person?.active) return null
  const facts = { askerId: ctx.actor.id, beneficiaryId: person.id, managerId: person.managerId }
  return can(ctx.actor, 'request.ask', facts) ? person : null
}

/**
 * What the form to ask for one entitlement needs, for oneself or for `forId`; null when it is not offered at all, or
 * not to be asked for them by the actor.
 */
export async function askForm(ctx: Ctx, entitlementId: string, now: Date, forId: string | null = null) {
  const [form] = await askForms(ctx, [entitlementId], now, forId)
  return form ?? null
}

/** The same for several at once, in the order given; what is not offered is left out. */
export async function askForms(
  ctx: Ctx,
  entitlementIds: readonly string[],
  now: Date,
  forId: string | null = null,
) {
  const person = await beneficiaryOf(ctx, forId)
  if (!person || ctx.actor.kind !== 'person' || entitlementIds.length === 0) return []
  const askerId = ctx.actor.id
  const ids = [...entitlementIds]
  const found = await offers(ctx.db, inArray(schema.entitlement.id, ids))
  const { grant, request } = schema
  const extras = await Promise.all(
    found.map(async (o) => extraSteps(await conflictsOf(ctx.db, person.id, o.entitlement.id, ids))),
  )
  const places = found.map((o, i) => placeOf(o, person, askerId, extras[i]))
  const [book, usual, held, pending, histories, floor, lastHeld] = await Promise.all([
    approverBook(ctx.db, places, now),
    usualAnswers(ctx.db, now, ids),
    unsafeLeases(
      ctx.db,
      and(
        eq(grant.personId, person.id),
        inArray(grant.entitlementId, ids),
        inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
      ),
      now,
    ),
    unsafeRequests(
      ctx.db,
      and(eq(request.personId, person.id), inArray(request.entitlementId, ids), eq(request.state, 'pending')),
      now,
    ),
    unsafeHistories(
      ctx.db,
      ids.map((entitlementId) => ({ personId: person.id, entitlementId })),
      now,
    ),
    floorOf(ctx.db),
    lastHeldBy(ctx.db, person.id, now),
  ])
  const asked = pending.records.map((r) => r.view)
  const forms = found.map((offer, i) => {
    const { definition, entitlement } = offer
    const extra = extras[i] ?? []
    const standing = book.standing(placeOf(offer, person, askerId, extra))
    const sets = standing.approvers
    const facts = {
      groupIds: person.groupIds,
      risk: entitlement.risk,
      lastHeldAt: lastHeld.get(entitlement.id) ?? null,
      published: [askerId, person.id].includes(offer.publishedBy ?? ''),
    }
    const agreesTo = (seconds: number | null) => isAutomatic(definition.automatic, { ...facts, seconds }, now)
    return {
      entitlement: entitlementView(entitlement),
      application: applicationView(offer.application),
      /** Whom it is for, where that is somebody else. */
      beneficiary: person.id === askerId ? null : { id: person.id, name: person.name },
      mode: definition.mode,
      presets:
        definition.mode === 'permanent'
          ? []
          : definition.presets.map((p) => ({
              ...p,
              problem:
                checkPreset(p, { floorSeconds: floor, maxSeconds: definition.maxSeconds }).seconds ?? null,
              automatic: agreesTo(p.seconds),
            })),
      /** Whether a permanent one is agreed to at once. */
      automatic: definition.mode === 'permanent' && agreesTo(null),
      reasonRequired: definition.reasonRequired,
      decideWithinSeconds: definition.decideWithinSeconds,
      startWithinSeconds: definition.startWithinSeconds,
      reminders: definition.reminders,
      extensions: definition.extension.allowed,
      /** The policy's, then those that separation of duties adds. */
      steps: [...definition.steps, ...extra],
      approverNames: sets.map((ids) => ids.map(book.name)),
      usualSeconds: usual.get(entitlement.id) ?? null,
      standing: standingOf(offer, person, book, standing, {
        held,
        asked,
        automatic: lengthsOf(definition).some(agreesTo),
      }),
      beingTaken:
        held.find((l) => l.entitlement.id === entitlement.id && l.times.state === 'revoking') ?? null,
      past: histories(person.id, entitlement.id),
    }
  })
  return ids.flatMap((id) => forms.find((form) => form.entitlement.id === id) ?? [])
}

export type AskForm = NonNullable<Awaited<ReturnType<typeof askForm>>>

/** What to suggest to somebody who holds nothing: what their team asks for most, then the quickest answers. */
export async function suggestions(
  ctx: Ctx,
  now: Date,
  count = 3,
): Promise<{ rows: Suggestion[]; team: string | null }> {
  if (ctx.actor.kind !== 'person') return { rows: [], team: null }
  const { person, request } = schema
  const me = await ctx.db.query.person.findFirst({
    where: eq(person.id, ctx.actor.id),
    columns: { team: true },
  })
  const applications = await catalogue(ctx, now)
  const open = applications.flatMap(({ application, rows }) =>
    rows.filter((r) => r.standing.kind === 'free').map((row) => ({ application, row })),
  )
  const asked = me?.team
    ? await ctx.db
        .select({ id: request.entitlementId, times: sql<string>`count(*)` })
        .from(request)
        .innerJoin(person, eq(person.id, request.personId))
        .where(and(eq(person.team, me.team), gte(request.askedAt, plus(now, -LOOK_BACK))))
        .groupBy(request.entitlementId)
    : []
  const times = new Map(asked.map((a) => [a.id, Number(a.times)]))
  const team = open.some((o) => times.has(o.row.entitlement.id)) ? (me?.team ?? null) : null
  const rank = (o: Suggestion) => times.get(o.row.entitlement.id) ?? 0
  const quick = (o: Suggestion) => o.row.usualSeconds ?? Number.MAX_SAFE_INTEGER
  const rows = open.sort((a, b) => rank(b) - rank(a) || quick(a) - quick(b)).slice(0, count)
  return { rows: team ? rows.filter((o) => rank(o) > 0) : rows, team }
}

export interface Suggestion {
  readonly application: CatalogueApplication['application']
  readonly row: CatalogueRow
}
