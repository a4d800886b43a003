/** An access policy in plain sentences. Pure. */
import {
  type ApprovalStep,
  type ApproverRef,
  type AutomaticRule,
  type PolicyDefinition,
  risks,
} from './domain/policy'
import { formatDuration } from './format'
import type { AutomaticOutlook } from './policy-coverage'

/** A sentence in pieces: plain, weighty, or wrong. */
export type Words = readonly (string | { readonly b: string } | { readonly bad: string })[]

/** What the ids of a definition are called. Plain records, so that they travel to the browser. */
export interface PolicyNames {
  readonly entitlements: Readonly<Record<string, { readonly name: string; readonly application: string }>>
  readonly people: Readonly<Record<string, string>>
  readonly groups: Readonly<Record<string, { readonly name: string; readonly size: number }>>
}

/** The sentences of each part; a part that is not filled in yet says so. */
export interface PolicyWords {
  readonly entitlements: readonly Words[]
  readonly requesters: readonly Words[]
  readonly approval: readonly Words[]
  readonly duration: readonly Words[]
}

/** What a person is called who cannot be found. */
export const GONE = 'somebody who is gone'

/**
 * A definition in words. `eligible` is how many people may ask, where it was counted; `problems` are those of
 * `policyProblems`, so that a wrong length is named as one.
 */
export function policyWords(
  definition: PolicyDefinition,
  names: PolicyNames,
  more: { eligible?: number; problems?: Readonly<Record<string, string>> } = {},
): PolicyWords {
  return {
    entitlements: [entitlementWords(definition.entitlementIds, names)],
    requesters: [requesterWords(definition, names, more.eligible)],
    approval: [
      ...automaticWords(definition.automatic, names),
      approvalWords(definition, names),
      ...escalationWords(definition.steps),
      ...reminderWords(definition),
      ...emergencyWords(definition.emergency),
    ],
    duration: durationSentences(definition, more.problems ?? {}),
  }
}

function entitlementWords(ids: readonly string[], names: PolicyNames): Words {
  if (ids.length === 0) return ['Nothing chosen yet.']
  const byApplication = new Map<string, string[]>()
  for (const id of ids) {
    const found = names.entitlements[id]
    const application = found?.application ?? 'somewhere that is gone'
    byApplication.set(application, [
      ...(byApplication.get(application) ?? []),
      found?.name ?? 'one that is gone',
    ])
  }
  const parts = [...byApplication].map(([application, list]): Words => {
    const what = list.length > 4 ? [{ b: `${list.length} entitlements` }] : joined(list.map(bold), 'and')
    return [...what, ` on ${application}`]
  })
  return [...joined(parts, 'and'), '.']
}

function requesterWords(definition: PolicyDefinition, names: PolicyNames, eligible?: number): Words {
  const { requesters, reasonRequired } = definition
  const reason = reasonRequired ? ' A reason is required.' : ' A reason is welcome, not required.'
  const people = eligible === undefined ? '' : `, ${plural(eligible, 'person', 'people')},`
  if (requesters.kind === 'anyone')
    return [{ b: 'Anyone' }, ` in the organisation${people} for themselves.${reason}`]
  const groups = requesters.groupIds.map(
    (id): Words => [{ b: names.groups[id]?.name ?? 'a group that is gone' }],
  )
  const persons = requesters.personIds.map((id): Words => [{ b: names.people[id] ?? GONE }])
  if (groups.length + persons.length === 0) return ['Nobody chosen yet.']
  const anyone: Words = groups.length ? ['Anyone in ', ...joined(groups, 'or')] : []
  const also: Words = persons.length ? [...(groups.length ? [', and '] : []), ...joined(persons, 'and')] : []
  return [...anyone, ...also, `${people} for themselves.${reason}`]
}

function approvalWords(definition: PolicyDefinition, names: PolicyNames): Words {
  if (definition.steps.length === 0) return ['Nobody is asked yet.']
  const steps = definition.steps.map((step) => stepWords(step, names))
  const words: Words = steps.flatMap((step, i): Words => (i === 0 ? step : [', then ', ...step]))
  return [
    ...capital(words),
    '. Undecided after ',
    { b: formatDuration(definition.decideWithinSeconds) },
    ', it lapses.',
  ]
}

function automaticWords(rule: AutomaticRule | null, names: PolicyNames): Words[] {
  if (!rule) return []
  const conditions = conditionWords(rule, names)
  if (conditions.length === 0) return [['Agreed at once: ', { bad: 'no condition yet' }, '.']]
  return [
    [
      'Agreed ',
      { b: 'at once' },
      ', without asking anybody, if ',
      ...joined(conditions, 'and'),
      '; never for whoever published the version.',
    ],
  ]
}

/** The conditions of an automatic approval, each to stand after "if". */
export function conditionWords(
  { groupIds, maxSeconds, maxRisk, heldWithinDays }: AutomaticRule,
  names: PolicyNames,
) {
  const groups = groupIds.map((id): Words => [{ b: names.groups[id]?.name ?? 'a group that is gone' }])
  const found: Words[] = []
  if (groups.length > 0) found.push(['they are in ', ...joined(groups, 'or')])
  if (maxSeconds !== null) found.push(['it is for at most ', lengthWords(maxSeconds)])
  if (maxRisk !== null) found.push(['its risk is ', { b: riskWords(maxRisk) }])
  if (heldWithinDays !== null) found.push(['they held it in the last ', daysWords(heldWithinDays)])
  return found
}

/** What an automatic approval means for one person, from what is known before they ask. */
export function outlookWords(outlook: AutomaticOutlook): Words {
  if (outlook.never !== null)
    return [
      'They are always asked for: ',
      {
        groups: 'they are in none of the groups of “Agreed at once”.',
        risk: 'nothing here is of as little risk as “Agreed at once” says.',
        length: 'permanent access has no length, and “Agreed at once” asks for one.',
      }[outlook.never],
    ]
  const conditions = conditionWords(
    { ...outlook, groupIds: [] },
    { entitlements: {}, people: {}, groups: {} },
  )
  if (conditions.length === 0) return ['Agreed ', { b: 'at once' }, ': nobody is asked.']
  return ['Agreed ', { b: 'at once' }, ' if ', ...joined(conditions, 'and'), '. Else:']
}

/** A length, or that it is not filled in yet. */
const lengthWords = (seconds: number) =>
  seconds > 0 ? { b: formatDuration(seconds) } : { bad: 'a length to fix' }

function daysWords(days: number) {
  if (days < 1) return { bad: 'days to fix' }
  return { b: days === 1 ? 'day' : `${days} days` }
}

/** "low", "low or medium", "low, medium or high" */
export function riskWords(most: (typeof risks)[number]): string {
  return plain(
    joined(
      risks.slice(0, risks.indexOf(most) + 1).map((risk): Words => [risk]),
      'or',
    ),
  )
}

/** Whom a step that waits asks as well. */
export const FALLBACK = 'the application’s owners, then the admins'

function escalationWords(steps: PolicyDefinition['steps']): Words[] {
  const late = steps.flatMap((step, i): Words[] => {
    if (step.escalateSeconds === undefined) return []
    const where = steps.length === 1 ? 'after ' : `on step ${i + 1} after `
    return [[where, lengthWords(step.escalateSeconds)]]
  })
  if (late.length === 0) return []
  return [[...capital(joined(late, 'and')), ` without a decision ${FALLBACK} are asked too.`]]
}

function reminderWords({ reminders, decideWithinSeconds }: PolicyDefinition): Words[] {
  if (reminders.length === 0) return []
  const moments = [...reminders]
    .sort((a, b) => a - b)
    .map((percent): Words => [formatDuration(reminderSeconds(percent, decideWithinSeconds))])
  return [['Whoever has not answered is reminded after ', ...joined(moments, 'and'), '.']]
}

/** How long after asking a reminder goes out, in seconds. */
export function reminderSeconds(percent: number, decideWithinSeconds: number): number {
  return Math.round((decideWithinSeconds * percent) / 100)
}

function emergencyWords({ allowed, seconds }: PolicyDefinition['emergency']): Words[] {
  if (!allowed) return []
  return [
    [
      'In an emergency they get it ',
      { b: 'at once' },
      ' for ',
      lengthWords(seconds),
      ', one at a time: the owners and the admins are told, and it is reviewed before their next.',
    ],
  ]
}

/** Who is asked on one step, and how many of them have to agree. */
export function stepWords(step: ApprovalStep, names: PolicyNames): Words {
  const who = joined(
    step.approvers.map((ref) => approverWords(ref, names, step.quorum === 1)),
    step.quorum === 1 ? 'or' : 'and',
  )
  if (who.length === 0) return [{ bad: 'nobody' }]
  if (step.quorum === 'all') return [{ b: 'all' }, ' of ', ...who]
  if (step.quorum > 1) return [{ b: `${step.quorum}` }, ' of ', ...who]
  return who
}

/** One of them, or as a part of those of whom several have to agree. */
function approverWords(ref: ApproverRef, names: PolicyNames, one: boolean): Words {
  if (ref.kind === 'manager') return ['their ', { b: 'manager' }]
  if (ref.kind === 'owners')
    return one
      ? ['an ', { b: 'owner' }, ' of the application']
      : ['the ', { b: 'owners' }, ' of the application']
  if (ref.kind === 'person') return [{ b: names.people[ref.id] ?? GONE }]
  const group = { b: names.groups[ref.id]?.name ?? 'a group that is gone' }
  return one ? ['someone in ', group] : [group]
}

function durationSentences(
  definition: PolicyDefinition,
  problems: Readonly<Record<string, string>>,
): Words[] {
  const standing = definition.convertStanding
    ? 'What they held before is taken back as well.'
    : 'What they held before they asked stays.'
  if (definition.mode === 'permanent')
    return [
      ['They keep it until ', { b: 'somebody takes it back' }, ': no end, no notice, no extension.'],
      [standing],
    ]
  if (definition.presets.length === 0) return [['No length chosen yet.']]
  const lengths = definition.presets.map((preset, i): Words => {
    const wrong = problems[`presets.${i}.seconds`] ?? problems[`presets.${i}.noticeSeconds`]
    const words = preset.seconds > 0 ? formatDuration(preset.seconds) : 'a length'
    if (!wrong) return [{ b: words }]
    return [{ bad: `${words} (${problems[`presets.${i}.seconds`] ? 'length' : 'notice'} to fix)` }]
  })
  return [
    ['They get it for ', ...joined(lengths, 'or'), '.'],
    ['They are told ', ...noticeWords(definition), ' before the end', ...extensionWords(definition)],
    ...moreTimeWords(definition),
    ['Then it is taken back, and seen to be gone. ', standing],
  ]
}

function noticeWords({ presets }: PolicyDefinition): Words {
  const leads = [...new Set(presets.map((p) => p.noticeSeconds).filter((s) => s > 0))].sort((a, b) => a - b)
  return joined(
    leads.map((s): Words => [formatDuration(s)]),
    'or',
  )
}

function extensionWords({ extension }: PolicyDefinition): Words {
  if (!extension.allowed) return ['. They cannot ask for more time: they ask anew.']
  return [
    ', and may ask for more time ',
    { b: times(extension.maxCount) },
    ', never past ',
    { b: formatDuration(extension.maxTotalSeconds) },
    ' in all.',
  ]
}

function moreTimeWords({ extension, extensionApproval, graceSeconds }: PolicyDefinition): Words[] {
  if (!extension.allowed) return []
  const { how, automaticSeconds } = extensionApproval
  const most = lengthWords(automaticSeconds)
  const found: Words[] = []
  if (how === 'first') found.push(['More time needs only the ', { b: 'first step' }, '.'])
  if (how === 'automatic')
    found.push([
      'More time of at most ',
      most,
      ' is agreed to ',
      { b: 'at once' },
      ', longer by the same steps.',
    ])
  if (graceSeconds > 0)
    found.push([
      'If nobody has answered at the end, they keep it for ',
      { b: formatDuration(graceSeconds) },
      ', once.',
    ])
  return found
}

/** A sentence without its weights. */
export function plain(words: Words): string {
  return words
    .map((piece) => (typeof piece === 'string' ? piece : 'b' in piece ? piece.b : piece.bad))
    .join('')
}

/** The same with a capital letter at its start. */
export function capital(words: Words): Words {
  const [first, ...rest] = words
  const up = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  if (first === undefined) return words
  if (typeof first === 'string') return [up(first), ...rest]
  return ['b' in first ? { b: up(first.b) } : { bad: up(first.bad) }, ...rest]
}

const bold = (text: string): Words => [{ b: text }]

/** "a, b or c" */
function joined(parts: readonly Words[], last: 'and' | 'or'): Words {
  return parts.flatMap((part, i): Words => {
    if (i === 0) return part
    return [i === parts.length - 1 ? ` ${last} ` : ', ', ...part]
  })
}

/** "once", "twice", "3 times" */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}
