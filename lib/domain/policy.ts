import {
  checkPreset,
  DAY,
  DEFAULT_START_WINDOW,
  defaultPresets,
  durationWords,
  HOUR,
  LONGEST,
  MINUTE,
  type Preset,
  plus,
} from './duration'
import { type Refusal, refuse } from './errors'

/** `just-in-time` ends by itself; `permanent` has no end, no notice and no extension, everything else alike. */
export const durationModes = ['just-in-time', 'permanent'] as const
export type DurationMode = (typeof durationModes)[number]

/** Somebody, or a way to find somebody, who may decide on a step. Sets are resolved live, never stored. */
export type ApproverRef =
  | { readonly kind: 'manager' }
  | { readonly kind: 'owners' }
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }

/** One ordered approval step. `quorum` is how many different people must agree, or all of them. */
export interface ApprovalStep {
  readonly approvers: readonly ApproverRef[]
  readonly quorum: number | 'all'
  /** Seconds after the step opened at which the fallback is asked as well; absent for never. */
  readonly escalateSeconds?: number
  /** The separation rule that brought this step, where the policy itself does not have it. */
  readonly separationId?: string
}

/** How much harm an entitlement can do, from little to much. */
export const risks = ['low', 'medium', 'high'] as const
export type Risk = (typeof risks)[number]

/** When a request is agreed to without asking anybody: every condition that is set must hold; null is not set. */
export interface AutomaticRule {
  /** Whoever it is for is in one of these; empty is not set. */
  readonly groupIds: readonly string[]
  readonly maxSeconds: number | null
  readonly maxRisk: Risk | null
  /** They held it at some moment of the last so many days. */
  readonly heldWithinDays: number | null
}

/** Who agrees to more time: the same steps, only the first, or nobody up to a length (else the same steps). */
export const extensionApprovals = ['same', 'first', 'automatic'] as const
export type ExtensionApproval = (typeof extensionApprovals)[number]

/** Who may ask: everybody, or the members of groups and named people. */
export type Requesters =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'some'; readonly groupIds: readonly string[]; readonly personIds: readonly string[] }

/** What a published version says. Immutable; a request pins one and is judged by it. */
export interface PolicyDefinition {
  readonly entitlementIds: readonly string[]
  readonly requesters: Requesters
  readonly reasonRequired: boolean
  readonly steps: readonly ApprovalStep[]
  /** Seconds after asking at which an undecided request lapses. */
  readonly decideWithinSeconds: number
  /** Seconds after approval, or after the earliest start, until which giving is retried. */
  readonly startWithinSeconds: number
  readonly mode: DurationMode
  readonly presets: readonly Preset[]
  /** No preset is longer than this. */
  readonly maxSeconds: number
  /** Extension requests from the expiry notice: whether, how many, and how long in total (first length included). */
  readonly extension: {
    readonly allowed: boolean
    readonly maxCount: number
    readonly maxTotalSeconds: number
  }
  readonly extensionApproval: {
    readonly how: ExtensionApproval
    /** With `automatic`: more time of at most so many seconds is agreed to at once. */
    readonly automaticSeconds: number
  }
  /** How long an access goes on, once, while a request for more time is undecided at its end; 0 for not at all. */
  readonly graceSeconds: number
  /** Agreed to without asking anybody, by condition; null for never. */
  readonly automatic: AutomaticRule | null
  /** Who was asked and has not answered is reminded at these percentages of the time to decide. */
  readonly reminders: readonly number[]
  /** Emergency access ("break-glass"): at once, for so many seconds, reviewed afterwards. */
  readonly emergency: { readonly allowed: boolean; readonly seconds: number }
  /** Take away at the end what the person held before our first give. */
  readonly convertStanding: boolean
}

/** What the editor starts a new policy with. */
export const blankPolicy: PolicyDefinition = {
  entitlementIds: [],
  requesters: { kind: 'anyone' },
  reasonRequired: true,
  steps: [{ approvers: [{ kind: 'owners' }], quorum: 1 }],
  decideWithinSeconds: DAY,
  startWithinSeconds: DEFAULT_START_WINDOW,
  mode: 'just-in-time',
  presets: defaultPresets,
  maxSeconds: 3 * DAY,
  extension: { allowed: false, maxCount: 2, maxTotalSeconds: 5 * DAY },
  extensionApproval: { how: 'same', automaticSeconds: 6 * HOUR },
  graceSeconds: 0,
  automatic: null,
  reminders: [50, 80],
  emergency: { allowed: false, seconds: 6 * HOUR },
  convertStanding: false,
}

/**
 * A stored definition with what versions from before lacked: they had no reminders, and everything that may be left
 * out was left out.
 */
export function completeDefinition(stored: Partial<PolicyDefinition>): PolicyDefinition {
  return { ...blankPolicy, reminders: [], ...stored }
}

/** At most this many ordered steps, presets and entitlements in one policy. */
export const policyLimits = {
  steps: 5,
  presets: 12,
  entitlements: 200,
  approversPerStep: 50,
  reminders: 5,
} as const

/** No grace and no emergency access is longer than this, in seconds. */
export const LONGEST_GRACE = 6 * HOUR
export const LONGEST_EMERGENCY = DAY

/**
 * Every problem of a definition, by field path (`presets.1.noticeSeconds`). Empty means it may be published,
 * as far as its own words go; whether anybody could say yes is asked of the live directory.
 */
export function policyProblems(definition: PolicyDefinition, floorSeconds: number): Record<string, string> {
  const problems: Record<string, string> = {}
  const { entitlementIds, requesters, steps, presets, extension } = definition
  if (entitlementIds.length === 0) problems.entitlementIds = 'Choose at least one entitlement'
  if (entitlementIds.length > policyLimits.entitlements)
    problems.entitlementIds = `A policy covers at most ${policyLimits.entitlements} entitlements`
  if (requesters.kind === 'some' && requesters.groupIds.length + requesters.personIds.length === 0)
    problems.requesters = 'Choose at least one group or person, or let anyone ask'
  if (steps.length === 0) problems.steps = 'Add a step: somebody has to agree'
  if (steps.length > policyLimits.steps) problems.steps = `At most ${policyLimits.steps} steps`
  steps.forEach((step, i) => {
    if (step.approvers.length === 0)
      problems[`steps.${i}.approvers`] = 'Choose who is asked; an empty step means nobody can agree'
    if (step.approvers.length > policyLimits.approversPerStep)
      problems[`steps.${i}.approvers`] = `At most ${policyLimits.approversPerStep} in one step`
    if (step.quorum !== 'all' && (!Number.isInteger(step.quorum) || step.quorum < 1))
      problems[`steps.${i}.quorum`] = 'At least one has to agree'
    if (
      step.escalateSeconds !== undefined &&
      !between(step.escalateSeconds, 15 * MINUTE, definition.decideWithinSeconds - 1)
    )
      problems[`steps.${i}.escalateSeconds`] =
        `At least 15 minutes, and before the request lapses after ${durationWords(definition.decideWithinSeconds)}`
  })
  Object.assign(problems, automaticProblems(definition.automatic), reminderProblems(definition.reminders))
  if (!between(definition.decideWithinSeconds, 15 * MINUTE, 60 * DAY))
    problems.decideWithinSeconds = 'Between 15 minutes and 60 days'
  if (!between(definition.startWithinSeconds, 15 * MINUTE, 60 * DAY))
    problems.startWithinSeconds = 'Between 15 minutes and 60 days'
  if (definition.emergency.allowed && !between(definition.emergency.seconds, floorSeconds, LONGEST_EMERGENCY))
    problems['emergency.seconds'] =
      `Between ${durationWords(floorSeconds)} and ${durationWords(LONGEST_EMERGENCY)}`
  if (definition.mode === 'permanent') return problems

  if (!between(definition.maxSeconds, floorSeconds, LONGEST))
    problems.maxSeconds = `Between ${durationWords(floorSeconds)} and ${durationWords(LONGEST)}`
  if (presets.length === 0) problems.presets = 'Add at least one length'
  if (presets.length > policyLimits.presets) problems.presets = `At most ${policyLimits.presets} lengths`
  presets.forEach((preset, i) => {
    const found = checkPreset(preset, { floorSeconds, maxSeconds: definition.maxSeconds })
    if (found.seconds) problems[`presets.${i}.seconds`] = found.seconds
    else if (presets.findIndex((p) => p.seconds === preset.seconds) < i)
      problems[`presets.${i}.seconds`] = 'This length is there already'
    if (found.noticeSeconds) problems[`presets.${i}.noticeSeconds`] = found.noticeSeconds
  })
  if (extension.allowed) {
    if (!between(extension.maxCount, 1, 100)) problems['extension.maxCount'] = 'Between 1 and 100'
    const shortest = Math.min(...presets.map((p) => p.seconds))
    if (!between(extension.maxTotalSeconds, 1, LONGEST))
      problems['extension.maxTotalSeconds'] = `At most ${durationWords(LONGEST)}`
    else if (Number.isFinite(shortest) && extension.maxTotalSeconds < 2 * shortest)
      problems['extension.maxTotalSeconds'] =
        `No extension would fit: the shortest length twice is ${durationWords(2 * shortest)}`
    const { how, automaticSeconds } = definition.extensionApproval
    if (how === 'automatic' && !between(automaticSeconds, Number.isFinite(shortest) ? shortest : 1, LONGEST))
      problems['extensionApproval.automaticSeconds'] =
        `No length is this short: the shortest is ${durationWords(shortest)}`
    if (definition.graceSeconds !== 0 && !between(definition.graceSeconds, 15 * MINUTE, LONGEST_GRACE))
      problems.graceSeconds = `Between 15 minutes and ${durationWords(LONGEST_GRACE)}`
  }
  return problems
}

function automaticProblems(rule: AutomaticRule | null): Record<string, string> {
  if (!rule) return {}
  const { groupIds, maxSeconds, maxRisk, heldWithinDays } = rule
  if (groupIds.length === 0 && maxSeconds === null && maxRisk === null && heldWithinDays === null)
    return { automatic: 'Choose at least one condition, or have everybody asked for' }
  const problems: Record<string, string> = {}
  if (maxSeconds !== null && !between(maxSeconds, 1, LONGEST))
    problems['automatic.maxSeconds'] = `At most ${durationWords(LONGEST)}`
  if (heldWithinDays !== null && !between(heldWithinDays, 1, 366))
    problems['automatic.heldWithinDays'] = 'Between 1 and 366 days'
  return problems
}

function reminderProblems(reminders: readonly number[]): Record<string, string> {
  if (reminders.length > policyLimits.reminders)
    return { reminders: `At most ${policyLimits.reminders} reminders` }
  if (!reminders.every((percent) => between(percent, 1, 99)))
    return { reminders: 'Between 1 and 99 percent of the time to decide' }
  return new Set(reminders).size === reminders.length ? {} : { reminders: 'Each reminder once' }
}

function between(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

/** Facts about one person that the rules of a policy ask for, read live. */
export interface PersonFacts {
  readonly id: string
  readonly active: boolean
  readonly groupIds: readonly string[]
  readonly managerId: string | null
}

/** Whether the policy lets this person ask. */
export function isEligible(
  requesters: Requesters,
  person: Pick<PersonFacts, 'id' | 'active' | 'groupIds'>,
): boolean {
  if (!person.active) return false
  if (requesters.kind === 'anyone') return true
  return (
    requesters.personIds.includes(person.id) || requesters.groupIds.some((id) => person.groupIds.includes(id))
  )
}

/** The steps that a request of this kind goes through, as its policy has them. */
export function stepsFor(
  definition: Pick<PolicyDefinition, 'steps' | 'extensionApproval'>,
  kind: 'grant' | 'extension',
): readonly ApprovalStep[] {
  return kind === 'extension' && definition.extensionApproval.how === 'first'
    ? definition.steps.slice(0, 1)
    : definition.steps
}

/** What the conditions of an automatic approval are held against. */
export interface AutomaticFacts {
  /** Groups of whoever it is for. */
  readonly groupIds: readonly string[]
  readonly seconds: number | null
  readonly risk: Risk
  /** When they last held it: now for what they hold, null for never. */
  readonly lastHeldAt: Date | null
  /** Whether whoever asks, or it is for, published the policy's version: nobody agrees to their own by a rule. */
  readonly published: boolean
}

/** Whether a request for a new grant is agreed to without asking anybody. */
export function isAutomatic(rule: AutomaticRule | null, facts: AutomaticFacts, now: Date): boolean {
  if (!rule || facts.published || Object.keys(automaticProblems(rule)).length > 0) return false
  const { groupIds, maxSeconds, maxRisk, heldWithinDays } = rule
  if (groupIds.length > 0 && !groupIds.some((id) => facts.groupIds.includes(id))) return false
  if (maxSeconds !== null && (facts.seconds === null || facts.seconds > maxSeconds)) return false
  if (maxRisk !== null && risks.indexOf(facts.risk) > risks.indexOf(maxRisk)) return false
  const since = heldWithinDays === null ? null : plus(now, -heldWithinDays * DAY)
  return since === null || (facts.lastHeldAt !== null && facts.lastHeldAt >= since)
}

/** When who was asked is reminded next, strictly after a moment; null when no reminder is left. */
export function nextReminder(
  reminders: readonly number[],
  clock: { from: Date; until: Date },
  after: Date,
): Date | null {
  const span = (clock.until.getTime() - clock.from.getTime()) / 1000
  const moments = reminders.map((percent) => plus(clock.from, Math.round((span * percent) / 100)))
  return (
    moments.filter((at) => at > after && at < clock.until).sort((a, b) => Number(a) - Number(b))[0] ?? null
  )
}

/** The live directory, as far as approver sets need it. */
export interface ApproverDirectory {
  readonly managerId: string | null
  readonly ownerIds: readonly string[]
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** Whether the person exists and is active. */
  readonly isActive: (personId: string) => boolean
}

/**
 * Who may decide on a step for a request: active people, without the one who asks and the one it is for.
 * An empty answer means nobody can, never everybody.
 */
export function approversOf(
  step: ApprovalStep,
  directory: ApproverDirectory,
  excluded: readonly string[],
): string[] {
  const found = new Set<string>()
  for (const ref of step.approvers) {
    if (ref.kind === 'manager' && directory.managerId) found.add(directory.managerId)
    if (ref.kind === 'owners') for (const id of directory.ownerIds) found.add(id)
    if (ref.kind === 'person') found.add(ref.id)
    if (ref.kind === 'group') for (const id of directory.groups.get(ref.id) ?? []) found.add(id)
  }
  return [...found].filter((id) => !excluded.includes(id) && directory.isActive(id)).sort()
}

/** A step as it stands for one request: who may decide on it, and how many of them have to agree. */
export interface StandingStep {
  readonly step: ApprovalStep
  readonly approvers: readonly string[]
}

/**
 * What an escalation and a reassignment make of a step. Escalated: the application's owners are asked as well, and
 * the admins where there are too few owners, or where they are needed elsewhere; "all" then asks for as many as it would have, and any of them may
 * stand in. Reassigned: the people named by the admin instead of who was asked; an escalation since then adds to them.
 */
export function standingStep(
  step: ApprovalStep,
  approvers: readonly string[],
  more: {
    /** Owners and admins who may decide, and whether the admins are asked anyhow; null where it is not escalated. */
    fallback: { owners: readonly string[]; admins: readonly string[]; all: boolean } | null
    reassigned: readonly string[] | null
    /** Who decided on another step, and so cannot on this one. */
    spent: readonly string[]
  },
): StandingStep {
  const asked = more.reassigned ? [...more.reassigned].sort() : approvers
  if (!more.fallback) return { step, approvers: asked }
  const quorum = step.quorum === 'all' ? Math.max(1, asked.length) : step.quorum
  const isFree = (id: string) => !more.spent.includes(id)
  const withOwners = new Set([...asked, ...more.fallback.owners])
  const enough =
    !more.fallback.all && more.fallback.owners.some(isFree) && [...withOwners].filter(isFree).length >= quorum
  const all = enough ? withOwners : new Set([...withOwners, ...more.fallback.admins])
  return { step: { ...step, quorum }, approvers: [...all].sort() }
}

/** How many different people have to agree on a step with these approvers. */
export function votesNeeded(step: ApprovalStep, approverCount: number): number {
  return step.quorum === 'all' ? Math.max(1, approverCount) : step.quorum
}

/**
 * The first step that could never be agreed to, or null. Nobody counts twice, over all steps, so this
 * looks for different people for every vote needed (augmenting paths over votes × people).
 */
export function blockedStep(
  steps: readonly ApprovalStep[],
  approvers: readonly (readonly string[])[],
): number | null {
  const takenBy = new Map<string, { step: number }>()
  const seat = (slot: { step: number }, tried: Set<string>): boolean => {
    for (const person of approvers[slot.step] ?? []) {
      if (tried.has(person)) continue
      tried.add(person)
      const other = takenBy.get(person)
      if (!other || seat(other, tried)) {
        takenBy.set(person, slot)
        return true
      }
    }
    return false
  }
  for (const [i, step] of steps.entries())
    for (let n = votesNeeded(step, approvers[i]?.length ?? 0); n > 0; n--)
      if (!seat({ step: i }, new Set())) return i
  return steps.length === 0 ? 0 : null
}

/** Finds the preset a requester picked; a length that the policy does not offer is refused at its field. */
export function pickPreset(definition: PolicyDefinition, seconds: number | null): Preset | null | Refusal {
  if (definition.mode === 'permanent') return null
  const preset = definition.presets.find((p) => p.seconds === seconds)
  if (preset) return preset
  return refuse(
    'invalid',
    `Choose one of: ${definition.presets.map((p) => durationWords(p.seconds)).join(', ')}`,
    'seconds',
  )
}
