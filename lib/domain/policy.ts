import {
  checkPreset,
  DAY,
  DEFAULT_START_WINDOW,
  defaultPresets,
  durationWords,
  LONGEST,
  MINUTE,
  type Preset,
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
}

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
  convertStanding: false,
}

/** At most this many ordered steps, presets and entitlements in one policy. */
export const policyLimits = { steps: 5, presets: 12, entitlements: 200, approversPerStep: 50 } as const

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
  })
  if (!between(definition.decideWithinSeconds, 15 * MINUTE, 60 * DAY))
    problems.decideWithinSeconds = 'Between 15 minutes and 60 days'
  if (!between(definition.startWithinSeconds, 15 * MINUTE, 60 * DAY))
    problems.startWithinSeconds = 'Between 15 minutes and 60 days'
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
  }
  return problems
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

/** How much longer a grant may become, and why a preset does not fit. */
export function extensionRoom(
  extension: PolicyDefinition['extension'],
  grant: { grantedAt: Date; endsAt: Date; extensions: number },
): { allowed: boolean; left: number; latestEnd: Date; why: string | null } {
  const latestEnd = new Date(grant.grantedAt.getTime() + extension.maxTotalSeconds * 1000)
  const left = Math.max(0, extension.maxCount - grant.extensions)
  let why: string | null = null
  if (!extension.allowed) why = 'This policy does not allow extensions; ask anew after the end'
  else if (left === 0)
    why = `It was extended ${grant.extensions === 1 ? 'once' : `${grant.extensions} times`} already, which is the most this policy allows`
  else if (latestEnd <= grant.endsAt)
    why = `It already runs to the longest total this policy allows, ${durationWords(extension.maxTotalSeconds)}`
  return { allowed: why === null, left, latestEnd, why }
}
