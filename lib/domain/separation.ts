import { type Refusal, refuse } from './errors'
import { type ApprovalStep, type ApproverRef, policyLimits } from './policy'

/** What a rule does to a request for the other half: it is refused, or needs one more approval. */
export const separationEffects = ['refuse', 'extra_step'] as const
export type SeparationEffect = (typeof separationEffects)[number]

/** Entitlements that nobody may hold together, any two of them. */
export interface SeparationRule {
  readonly name: string
  /** Why they do not go together; said to whoever is refused and to whoever decides. */
  readonly reason: string
  readonly entitlementIds: readonly string[]
  readonly effect: SeparationEffect
  /** Who decides on the extra step; nobody where it refuses. */
  readonly approvers: readonly ApproverRef[]
}

/** So few and so many entitlements are in one rule. */
export const separationLimits = { fewest: 2, most: 20 } as const

/** Every problem of a rule's own words, by field. Empty means that it may be saved, as far as they go. */
export function separationProblems(rule: SeparationRule): Record<string, string> {
  const problems: Record<string, string> = {}
  const { fewest, most } = separationLimits
  if (rule.name === '') problems.name = 'Give the rule a name'
  if (rule.reason === '') problems.reason = 'Say why they do not go together; whoever is refused reads it'
  const different = new Set(rule.entitlementIds).size
  if (different < fewest) problems.entitlementIds = 'Choose at least two entitlements'
  if (different > most) problems.entitlementIds = `At most ${most} entitlements in one rule`
  if (rule.effect === 'refuse') return problems
  if (rule.approvers.length === 0) problems.approvers = 'Choose who decides on the extra step'
  if (rule.approvers.length > policyLimits.approversPerStep)
    problems.approvers = `At most ${policyLimits.approversPerStep} in one step`
  return problems
}

/** Held or being given now, agreed for later, or asked for and not decided. */
export type HowHeld = 'held' | 'agreed' | 'asked'

/** A separation rule that stands between an entitlement and another one that somebody holds, or is about to. */
export interface Conflict {
  readonly ruleId: string
  readonly rule: string
  readonly reason: string
  readonly effect: SeparationEffect
  readonly approvers: readonly ApproverRef[]
  readonly other: { readonly id: string; readonly name: string; readonly application: string }
  readonly how: HowHeld
  /** The grant of the other one; null where it is only asked for. */
  readonly grant: OtherGrant | null
}

/** A grant of the other half, as far as the order of two gives needs it. */
export interface OtherGrant {
  readonly id: string
  readonly createdAt: Date
  /** Whether giving it has begun: until then nothing was sent, and it can still give way. */
  readonly begun: boolean
}

const hows: Record<HowHeld, string> = {
  held: 'is held',
  agreed: 'is agreed for later',
  asked: 'is asked for',
}

/**
 * The refusal where a rule forbids holding both. When asking, what is only asked for counts as well; when deciding,
 * what is held or agreed, so that of two requests the first that is agreed to wins.
 */
export function refusedTogether(
  conflicts: readonly Conflict[],
  name: string,
  counts: readonly HowHeld[] = ['held', 'agreed'],
): Refusal | null {
  const found = conflicts.find((c) => c.effect === 'refuse' && counts.includes(c.how))
  return found ? refuse('not_eligible', togetherWords(found, name)) : null
}

function togetherWords({ other, how, reason }: Conflict, name: string): string {
  return `${name} and ${other.name} on ${other.application}, which ${hows[how]}, may not be held together: ${reason}`
}

/**
 * The approval steps that rules add to those a request has, one for each rule however many pairs it holds. A rule
 * whose step is there already adds none.
 */
export function extraSteps(
  conflicts: readonly Conflict[],
  counts: readonly HowHeld[] = ['held', 'agreed', 'asked'],
  steps: readonly ApprovalStep[] = [],
): ApprovalStep[] {
  const there = new Set(steps.map((step) => step.separationId))
  const rules = new Map(
    conflicts
      .filter((c) => c.effect === 'extra_step' && counts.includes(c.how) && !there.has(c.ruleId))
      .map((c) => [c.ruleId, c]),
  )
  return [...rules.values()].map((c) => ({ approvers: c.approvers, quorum: 1, separationId: c.ruleId }))
}

/**
 * What a rule that refuses says in the moment before the first give; it may be newer than the approval. The sentence
 * for giving it up; `wait` while another one that was agreed to later is about to give way; null to go on. Of two that
 * are both about to be given, the one that was made first is given.
 */
export function giveApart(
  conflicts: readonly Conflict[],
  mine: { readonly id: string; readonly createdAt: Date; readonly name: string },
): string | 'wait' | null {
  const held = conflicts.filter((c) => c.effect === 'refuse' && c.how === 'held')
  const before = (grant: OtherGrant) =>
    grant.begun ||
    grant.createdAt < mine.createdAt ||
    (grant.createdAt.getTime() === mine.createdAt.getTime() && grant.id < mine.id)
  const found = held.find((c) => c.grant && before(c.grant))
  if (found) return togetherWords(found, mine.name)
  return held.length > 0 ? 'wait' : null
}
