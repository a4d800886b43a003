/** What one version of an access policy says differently from another. Pure. */
import type { PolicyDefinition } from './domain/policy'
import { formatDuration } from './format'
import {
  capital,
  conditionWords,
  FALLBACK,
  GONE,
  type PolicyNames,
  plain,
  stepWords,
  times,
} from './policy-words'

/** One line of a version: what it is about, and what it says. */
interface Fact {
  readonly label: string
  readonly values: readonly string[]
}

/** What a version says differently from another, line by line. */
export interface PolicyDifference {
  readonly label: string
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** The differences from one definition to the next; empty when they say the same. */
export function policyDifferences(
  before: PolicyDefinition,
  after: PolicyDefinition,
  names: PolicyNames,
): PolicyDifference[] {
  const [old, now] = [factsOf(before, names), factsOf(after, names)]
  const labels = [...new Set([...old, ...now].map((fact) => fact.label))]
  const valuesOf = (facts: readonly Fact[], label: string) =>
    facts.find((fact) => fact.label === label)?.values ?? []
  return labels.flatMap((label) => {
    const [a, b] = [valuesOf(old, label), valuesOf(now, label)]
    const removed = a.filter((value) => !b.includes(value))
    const added = b.filter((value) => !a.includes(value))
    if (removed.length + added.length > 0) return [{ label, removed, added }]
    // The same values in another order: people see the order.
    const moved = a.join('\n') !== b.join('\n') && label === 'Lengths'
    return moved ? [{ label, removed: [a.join(', ')], added: [b.join(', ')] }] : []
  })
}

function factsOf(definition: PolicyDefinition, names: PolicyNames): Fact[] {
  const { requesters, extension } = definition
  const facts: Fact[] = [
    {
      label: 'Entitlements',
      values: definition.entitlementIds.map((id) => {
        const found = names.entitlements[id]
        return found ? `${found.name} on ${found.application}` : 'an entitlement that is gone'
      }),
    },
    {
      label: 'Who may request',
      values:
        requesters.kind === 'anyone'
          ? ['Anyone in the organisation']
          : [
              ...requesters.groupIds.map(
                (id) => `Anyone in ${names.groups[id]?.name ?? 'a group that is gone'}`,
              ),
              ...requesters.personIds.map((id) => names.people[id] ?? GONE),
            ],
    },
    { label: 'Reason', values: [definition.reasonRequired ? 'required' : 'not required'] },
    ...definition.steps.map((step, i) => ({
      label: `Approval step ${i + 1}`,
      values: [
        plain(capital(stepWords(step, names))),
        ...(step.escalateSeconds === undefined
          ? []
          : [`after ${formatDuration(step.escalateSeconds)} also ${FALLBACK}`]),
      ],
    })),
    {
      label: 'Agreed at once',
      values: definition.automatic
        ? conditionWords(definition.automatic, names).map((words) => `if ${plain(words)}`)
        : ['never'],
    },
    { label: 'Reminders', values: reminderFacts(definition.reminders) },
    { label: 'Lapses undecided after', values: [formatDuration(definition.decideWithinSeconds)] },
    { label: 'Giving is tried for', values: [formatDuration(definition.startWithinSeconds)] },
    { label: 'Duration', values: [definition.mode === 'permanent' ? 'Permanent' : 'Just-in-time'] },
    {
      label: 'Emergency access',
      values: [
        definition.emergency.allowed
          ? `at once, ${formatDuration(definition.emergency.seconds)}`
          : 'not allowed',
      ],
    },
    {
      label: 'Standing access',
      values: [definition.convertStanding ? 'taken back at the end' : 'stays'],
    },
  ]
  if (definition.mode === 'permanent') return facts
  return [
    ...facts,
    {
      label: 'Lengths',
      values: definition.presets.map(
        (p) => `${formatDuration(p.seconds)}, notice ${formatDuration(p.noticeSeconds)} before`,
      ),
    },
    { label: 'Longest length', values: [formatDuration(definition.maxSeconds)] },
    {
      label: 'Extensions',
      values: [
        extension.allowed
          ? `${times(extension.maxCount)}, ${formatDuration(extension.maxTotalSeconds)} in all`
          : 'not allowed',
      ],
    },
    ...(extension.allowed ? moreTimeFacts(definition) : []),
  ]
}

function reminderFacts(reminders: readonly number[]): string[] {
  if (reminders.length === 0) return ['none']
  return [...reminders].sort((a, b) => a - b).map((percent) => `at ${percent} % of the time to decide`)
}

function moreTimeFacts({ extensionApproval, graceSeconds }: PolicyDefinition): Fact[] {
  const { how, automaticSeconds } = extensionApproval
  const by = {
    same: 'the same steps',
    first: 'only the first step',
    automatic: `at once up to ${formatDuration(automaticSeconds)}, else the same steps`,
  }[how]
  const grace = graceSeconds > 0 ? `${formatDuration(graceSeconds)}, once` : 'none'
  return [
    { label: 'More time is agreed to by', values: [by] },
    { label: 'Kept while nobody has answered', values: [grace] },
  ]
}
