import 'server-only'
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { type ApproverRef, blankPolicy } from '@/lib/domain/policy'
import { extraSteps } from '@/lib/domain/separation'
import { type PolicyNames, plain, stepWords } from '@/lib/policy-words'
import type {
  ApartEntitlement,
  HoldsTwo,
  SeparationChoice,
  SeparationChoices,
  SeparationList,
  SeparationNotice,
  SeparationPage,
  SeparationRow,
} from '@/lib/separation-views'
import { approverBook } from '@/lib/services/approver-book'
import { loadPerson } from '@/lib/services/facts'
import { conflictsOf } from '@/lib/services/separation-rules'
import { unsafePeopleAndGroups } from './names'
import { policyNames } from './policy-facts'
import { inManageScope, type ManageScope, manageScope } from './scope'

const { application, entitlement, grant, person, separation, separationEntitlement } = schema

type Rule = typeof separation.$inferSelect
type Part = ApartEntitlement & { readonly separationId: string; readonly applicationId: string }

/** The rules in the actor's scope, by name, archived ones last; null for whoever may not see the list. */
export async function listSeparations(ctx: Ctx): Promise<SeparationList | null> {
  const scope = await manageScope(ctx, 'separation.list')
  if (!scope) return null
  const rules = await ctx.db
    .select()
    .from(separation)
    .orderBy(sql`${separation.archivedAt} is not null`, asc(sql`lower(${separation.name})`))
  return {
    rows: (await rowsOf(ctx.db, rules, scope)).map(({ row }) => row),
    canEdit: can(ctx.actor, 'separation.edit', {}),
  }
}

/** One rule with who holds two of what it names; null when there is none in the actor's scope. */
export async function separationPage(ctx: Ctx, id: string): Promise<SeparationPage | null> {
  const scope = await manageScope(ctx, 'separation.list')
  const rule = scope && (await ctx.db.query.separation.findFirst({ where: eq(separation.id, id) }))
  const [found] = rule ? await rowsOf(ctx.db, [rule], scope) : []
  if (!rule || !found) return null
  const canEdit = can(ctx.actor, 'separation.edit', {})
  const { row, people, names } = found
  const choices = canEdit && !rule.archivedAt ? await separationChoices(ctx.db) : null
  return {
    ...row,
    version: rule.version,
    people: people?.filter(holdsTwoNow) ?? null,
    later: people?.filter((p) => !holdsTwoNow(p)) ?? null,
    canEdit,
    form: choices && {
      choices,
      entitlements: row.entitlements.map(entitlementChoice),
      approvers: rule.approvers.map((ref) => approverChoice(ref, choices, names)),
    },
  }
}

/** What the form of a new rule offers; null for whoever may not make one. */
export async function newSeparation(ctx: Ctx): Promise<SeparationChoices | null> {
  return can(ctx.actor, 'separation.edit', {}) ? separationChoices(ctx.db) : null
}

/** The rules that are in force for each of these entitlements. */
export async function unsafeRulesOf(
  db: Reader,
  entitlementIds: readonly string[],
): Promise<Map<string, { id: string; name: string }[]>> {
  const found = new Map<string, { id: string; name: string }[]>()
  if (entitlementIds.length === 0) return found
  const rows = await db
    .select({ of: separationEntitlement.entitlementId, id: separation.id, name: separation.name })
    .from(separationEntitlement)
    .innerJoin(
      separation,
      and(eq(separation.id, separationEntitlement.separationId), isNull(separation.archivedAt)),
    )
    .where(inArray(separationEntitlement.entitlementId, [...entitlementIds]))
    .orderBy(asc(separation.name))
  for (const { of, id, name } of rows) found.set(of, [...(found.get(of) ?? []), { id, name }])
  return found
}

/**
 * What separation of duties says before a person asks for one more entitlement, or somebody asks for them: the rules
 * that refuse it first. Empty for whoever may not ask for them.
 */
export async function separationNotice(
  ctx: Ctx,
  entitlementId: string,
  personId: string,
): Promise<SeparationNotice[]> {
  if (ctx.actor.kind !== 'person') return []
  const { db, actor } = ctx
  const whom = await loadPerson(db, personId)
  const facts = { askerId: actor.id, beneficiaryId: personId, managerId: whom?.managerId ?? null }
  if (!whom || !can(actor, 'request.ask', facts)) return []
  const conflicts = await conflictsOf(db, personId, entitlementId)
  const place = await db.query.entitlement.findFirst({
    where: eq(entitlement.id, entitlementId),
    columns: { applicationId: true },
  })
  if (conflicts.length === 0 || !place) return []
  const steps = extraSteps(conflicts)
  const where = { steps, applicationId: place.applicationId, personId, askerId: actor.id }
  const book = await approverBook(db, [where], await readNow(db))
  const sets = book.standing(where).approvers
  return conflicts
    .map(({ ruleId, rule, reason, effect, how, other }) => ({
      rule,
      reason,
      effect,
      how,
      other,
      deciders: (sets[steps.findIndex((step) => step.separationId === ruleId)] ?? []).map(book.name),
    }))
    .sort((a, b) => Number(a.effect === 'extra_step') - Number(b.effect === 'extra_step'))
}

interface Found {
  readonly row: SeparationRow
  /** Everybody who holds two, or one and another later; null where the actor may not see all of it. */
  readonly people: HoldsTwo[] | null
  readonly names: PolicyNames
}

/** An owner sees the rules that name something of theirs, and who holds two only where all of it is theirs. */
async function rowsOf(db: Reader, rules: readonly Rule[], scope: ManageScope): Promise<Found[]> {
  const parts = await partsOf(
    db,
    rules.map((rule) => rule.id),
  )
  const names = await policyNames(
    db,
    rules.map((rule) => ({ ...blankPolicy, steps: [{ approvers: rule.approvers, quorum: 1 }] })),
  )
  const holdings = await unsafeHoldings(
    db,
    parts.map((part) => part.id),
  )
  return rules.flatMap((rule): Found[] => {
    const own = parts.filter((part) => part.separationId === rule.id)
    const inside = own.filter((part) => inManageScope(scope, part.applicationId))
    if (scope.applicationIds && inside.length === 0) return []
    const people = inside.length === own.length ? holdsTwo(holdings, own) : null
    return [
      {
        row: {
          id: rule.id,
          name: rule.name,
          reason: rule.reason,
          effect: rule.effect,
          entitlements: own.map(({ id, name, application: on }) => ({ id, name, application: on })),
          approvers:
            rule.effect === 'extra_step'
              ? plain(stepWords({ approvers: rule.approvers, quorum: 1 }, names))
              : '',
          archivedAt: rule.archivedAt,
          holders: people?.filter(holdsTwoNow).length ?? null,
        },
        people,
        names,
      },
    ]
  })
}

async function partsOf(db: Reader, ruleIds: readonly string[]): Promise<Part[]> {
  if (ruleIds.length === 0) return []
  return db
    .select({
      separationId: separationEntitlement.separationId,
      id: entitlement.id,
      name: entitlement.name,
      applicationId: application.id,
      application: application.name,
    })
    .from(separationEntitlement)
    .innerJoin(entitlement, eq(entitlement.id, separationEntitlement.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .where(inArray(separationEntitlement.separationId, [...ruleIds]))
    .orderBy(asc(application.name), asc(entitlement.name))
}

type Holding = Awaited<ReturnType<typeof unsafeHoldings>>[number]

/** Who holds, or is to get, one of these, by whatever account. */
async function unsafeHoldings(db: Reader, entitlementIds: readonly string[]) {
  if (entitlementIds.length === 0) return []
  return db
    .select({
      grantId: grant.id,
      entitlementId: grant.entitlementId,
      state: grant.state,
      endsAt: grant.endsAt,
      personId: person.id,
      key: person.emailKey,
      name: person.name,
      team: person.team,
    })
    .from(grant)
    .innerJoin(person, eq(person.id, grant.personId))
    .where(
      and(
        inArray(grant.entitlementId, [...new Set(entitlementIds)]),
        inArray(grant.state, ['scheduled', 'provisioning', 'active', 'revoking']),
      ),
    )
    .orderBy(asc(person.name), asc(person.createdAt), asc(grant.createdAt))
}

/** The people who hold, or are to get, at least two different ones of a rule's entitlements. */
function holdsTwo(holdings: readonly Holding[], parts: readonly Part[]): HoldsTwo[] {
  const byPerson = new Map<string, Holding[]>()
  for (const holding of holdings)
    if (parts.some((part) => part.id === holding.entitlementId))
      byPerson.set(holding.key, [...(byPerson.get(holding.key) ?? []), holding])
  return [...byPerson.values()].flatMap((those) => {
    const [first] = those
    if (!first || new Set(those.map((h) => h.entitlementId)).size < 2) return []
    const holds = those.flatMap(({ grantId, entitlementId, endsAt, state }) => {
      const part = parts.find((p) => p.id === entitlementId)
      if (!part) return []
      const later = state === 'scheduled'
      return [{ grantId, name: part.name, application: part.application, endsAt, later }]
    })
    return [{ personId: first.personId, name: first.name, team: first.team, holds }]
  })
}

const holdsTwoNow = ({ holds }: HoldsTwo) =>
  new Set(holds.filter((h) => !h.later).map((h) => `${h.application} ${h.name}`)).size >= 2

const entitlementChoice = ({ id, name, application: on }: ApartEntitlement): SeparationChoice => ({
  value: id,
  label: name,
  sub: on,
  kind: 'entitlement',
})

/** Everything open that could be in a rule, and everybody who could decide on its extra step. */
async function separationChoices(db: Reader): Promise<SeparationChoices> {
  const [entitlements, { groups, people }] = await Promise.all([
    db
      .select({ id: entitlement.id, name: entitlement.name, application: application.name })
      .from(entitlement)
      .innerJoin(application, eq(application.id, entitlement.applicationId))
      .where(and(isNull(application.archivedAt), isNull(entitlement.closedAt)))
      .orderBy(asc(application.name), asc(entitlement.name)),
    unsafePeopleAndGroups(db),
  ])
  return {
    entitlements: entitlements.map(entitlementChoice),
    approvers: [
      { value: 'manager', label: 'Manager', sub: 'of whom it is for' },
      { value: 'owners', label: 'Application owners', sub: 'of what is asked for' },
      ...groups.map(
        ({ id, name, size }): SeparationChoice => ({
          value: `group:${id}`,
          label: name,
          sub: size === 1 ? '1 person' : `${size} people`,
          kind: 'group',
        }),
      ),
      ...people.map(
        ({ id, name, team }): SeparationChoice => ({
          value: `person:${id}`,
          label: name,
          ...(team && { sub: team }),
          kind: 'person',
        }),
      ),
    ],
  }
}

/** A stored approver as the form lists it; whoever cannot be chosen any more still stands there to be taken out. */
function approverChoice(ref: ApproverRef, choices: SeparationChoices, names: PolicyNames): SeparationChoice {
  const value = 'id' in ref ? `${ref.kind}:${ref.id}` : ref.kind
  const listed = choices.approvers.find((choice) => choice.value === value)
  if (listed || !('id' in ref)) return listed ?? { value, label: value }
  const name = ref.kind === 'group' ? names.groups[ref.id]?.name : names.people[ref.id]
  return name
    ? { value, label: name, sub: 'deactivated', kind: ref.kind }
    : { value, label: 'somebody who is gone' }
}
