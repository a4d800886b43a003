/** Who could say yes to whom under a policy, judged from one picture of the directory. Pure, also used by the editor. */
import {
  type AutomaticRule,
  approversOf,
  blockedStep,
  isAutomatic,
  isEligible,
  type PolicyDefinition,
  type Risk,
} from './domain/policy'

/** The directory as far as approvals need it: active people, groups and who owns which application. */
export interface PolicyDirectory {
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly managerId: string | null
    /** The elder account of the same person (the same address in another spelling), which decides for both. */
    readonly countsAs?: string
  }[]
  /** Groups that are in use, with their active members. */
  readonly groups: readonly {
    readonly id: string
    readonly name: string
    readonly memberIds: readonly string[]
  }[]
  readonly applications: readonly {
    readonly id: string
    readonly name: string
    readonly ownerIds: readonly string[]
  }[]
  /** Asked where the owners are too few. */
  readonly adminIds: readonly string[]
}

type Rules = Pick<PolicyDefinition, 'requesters' | 'steps'>

/** Somebody who may ask, and the step at which nobody could agree to it. */
export interface Blocked {
  readonly personId: string
  readonly name: string
  readonly applicationId: string
  readonly step: number
}

export interface Coverage {
  /** How many active people may ask. */
  readonly eligible: number
  /** People for whom nobody could agree for at least one application; one line per person. */
  readonly blocked: readonly Blocked[]
  /** Applications for which nobody at all could be agreed to, with the step at which most would stop. */
  readonly hopeless: readonly { readonly applicationId: string; readonly step: number }[]
}

/** Where a definition names a person or a group that is not in use any more, by field; the first of each field. */
export function unknownNames(
  definition: Pick<PolicyDefinition, 'requesters' | 'automatic' | 'steps'>,
  directory: PolicyDirectory,
): { path: string; id: string }[] {
  const known = new Set([...directory.people, ...directory.groups].map((row) => row.id))
  const { requesters, automatic, steps } = definition
  const named: [path: string, ids: readonly string[]][] = [
    ['requesters', requesters.kind === 'some' ? [...requesters.groupIds, ...requesters.personIds] : []],
    ['automatic', automatic?.groupIds ?? []],
    ...steps.map((step, i): [string, string[]] => [
      `steps.${i}.approvers`,
      step.approvers.flatMap((ref) => (ref.kind === 'person' || ref.kind === 'group' ? [ref.id] : [])),
    ]),
  ]
  return named.flatMap(([path, ids]) => {
    const id = ids.find((one) => !known.has(one))
    return id === undefined ? [] : [{ path, id }]
  })
}

/** Says of {@link unknownNames} what to do, by name where there is one. */
export function unknownWords(name: string | undefined): string {
  return name ? `${name} is deactivated. Take ${name} out` : 'Somebody named here is gone. Take them out'
}

/** How an automatic approval stands to a person: the condition that does not hold, or what depends on the ask. */
export type AutomaticOutlook =
  | { readonly never: 'groups' | 'risk' | 'length' }
  | ({ readonly never: null } & Pick<AutomaticRule, 'maxSeconds' | 'maxRisk' | 'heldWithinDays'>)

const noCondition: AutomaticRule = { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null }

/** Answers questions about one directory; building it once keeps thousands of people cheap. */
export function approvalIndex(directory: PolicyDirectory) {
  const people = new Map(directory.people.map((p) => [p.id, p]))
  const members = new Map(directory.groups.map((g) => [g.id, g.memberIds]))
  const owners = new Map(directory.applications.map((a) => [a.id, a.ownerIds]))
  const groupsOf = new Map<string, string[]>()
  for (const group of directory.groups)
    for (const id of group.memberIds) groupsOf.set(id, [...(groupsOf.get(id) ?? []), group.id])

  const counted = (id: string) => people.get(id)?.countsAs ?? id
  /** Active people but for this one, each once, by whatever account. */
  const others = (ids: readonly string[], personId: string | null) =>
    [...new Set(ids.filter((id) => people.has(id)).map(counted))]
      .filter((id) => personId === null || id !== counted(personId))
      .sort()
  const ownersOf = (applicationId: string | null) => (applicationId && owners.get(applicationId)) || []

  /** Who would be asked on each step if this person asked for something of this application. */
  function asked(steps: Rules['steps'], personId: string, applicationId: string | null): string[][] {
    const facts = {
      managerId: people.get(personId)?.managerId ?? null,
      ownerIds: ownersOf(applicationId),
      groups: members,
      isActive: (id: string) => people.has(id),
    }
    return steps.map((step) => others(approversOf(step, facts, []), personId))
  }

  /** Whom an escalated step asks as well: the owners, and the admins where the owners are too few. */
  function fallback(personId: string, applicationId: string | null): { owners: string[]; admins: string[] } {
    return {
      owners: others(ownersOf(applicationId), personId),
      admins: others(directory.adminIds, personId),
    }
  }

  /** Whether the automatic rule would cover this person, as far as it is known before they ask; null for no rule. */
  function automatic(
    { automatic: rule, mode }: Pick<PolicyDefinition, 'automatic' | 'mode'>,
    personId: string,
    offered: readonly Risk[],
  ): AutomaticOutlook | null {
    if (!rule) return null
    const groupIds = groupsOf.get(personId) ?? []
    const holds = (part: Partial<AutomaticRule>, risk: Risk) =>
      isAutomatic(
        { ...noCondition, ...part },
        { groupIds, seconds: null, risk, lastHeldAt: null, published: false },
        new Date(0),
      )
    if (rule.groupIds.length > 0 && !holds({ groupIds: rule.groupIds }, 'low')) return { never: 'groups' }
    const { maxRisk, maxSeconds, heldWithinDays } = rule
    if (mode === 'permanent' && maxSeconds !== null) return { never: 'length' }
    const fitting = maxRisk === null ? offered : offered.filter((risk) => holds({ maxRisk }, risk))
    if (offered.length > 0 && fitting.length === 0) return { never: 'risk' }
    return {
      never: null,
      maxRisk: fitting.length < offered.length ? maxRisk : null,
      maxSeconds,
      heldWithinDays,
    }
  }

  /** Everybody who may ask, by id. */
  function eligible(requesters: Rules['requesters']): string[] {
    return directory.people
      .filter((p) => isEligible(requesters, { id: p.id, active: true, groupIds: groupsOf.get(p.id) ?? [] }))
      .map((p) => p.id)
  }

  function coverage(rules: Rules, applicationIds: readonly string[]): Coverage {
    const askers = eligible(rules.requesters)
    const blocked = new Map<string, Blocked>()
    const hopeless: { applicationId: string; step: number }[] = []
    for (const applicationId of applicationIds) {
      const stops = new Map<number, number>()
      let stuck = 0
      for (const personId of askers) {
        const step = blockedStep(rules.steps, asked(rules.steps, personId, applicationId))
        if (step === null) continue
        stuck++
        stops.set(step, (stops.get(step) ?? 0) + 1)
        if (!blocked.has(personId))
          blocked.set(personId, {
            personId,
            name: people.get(personId)?.name ?? '',
            applicationId,
            step,
          })
      }
      const [worst] = [...stops].sort((a, b) => b[1] - a[1])
      if (worst && stuck === askers.length) hopeless.push({ applicationId, step: worst[0] })
    }
    return { eligible: askers.length, blocked: [...blocked.values()], hopeless }
  }

  /** How many people a step could reach, whoever asks; the manager counts as one. */
  function pool(step: Rules['steps'][number], applicationIds: readonly string[]): number {
    const counts = (applicationIds.length ? applicationIds : [null]).map((applicationId) => {
      const facts = {
        managerId: null,
        ownerIds: ownersOf(applicationId),
        groups: members,
        isActive: (id: string) => people.has(id),
      }
      return others(approversOf(step, facts, []), null).length
    })
    return Math.max(...counts) + (step.approvers.some((ref) => ref.kind === 'manager') ? 1 : 0)
  }

  return { asked, fallback, automatic, eligible, coverage, pool }
}
