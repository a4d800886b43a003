import type { PolicyDefinition } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'

/** The steps of the editor, in order; the key stands in the address. */
export const editorSteps = [
  { key: 'details', label: 'Details' },
  { key: 'entitlements', label: 'Entitlements' },
  { key: 'requesters', label: 'Who may request' },
  { key: 'approval', label: 'Approval' },
  { key: 'duration', label: 'Duration' },
  { key: 'review', label: 'Review' },
] as const

export type StepKey = (typeof editorSteps)[number]['key']

/** The step an address asks for; the first one when it asks for none that exists. */
export function stepOf(text: string | string[] | undefined): StepKey {
  return editorSteps.find((step) => step.key === text)?.key ?? 'details'
}

/** Problems of a policy by field path, as the domain names them. */
export type Problems = Readonly<Record<string, string>>

/** The step on which a field is. */
export function stepOfPath(path: string): StepKey {
  const [head] = path.split('.')
  if (head === 'name' || head === 'description') return 'details'
  if (head === 'entitlementIds') return 'entitlements'
  if (head === 'requesters' || head === 'reasonRequired') return 'requesters'
  return head !== undefined && onApproval.includes(head) ? 'approval' : 'duration'
}

const onApproval: readonly string[] = [
  'steps',
  'automatic',
  'reminders',
  'emergency',
  'decideWithinSeconds',
  'startWithinSeconds',
]

/** The problems of one step, in the order of its fields. */
export function problemsOf(problems: Problems, step: StepKey): [path: string, message: string][] {
  const found = Object.entries(problems)
  return step === 'review' ? found : found.filter(([path]) => stepOfPath(path) === step)
}

/** Which field a problem is about, in the fewest words: "12 hours, notice". */
export function problemLabel(path: string, definition: PolicyDefinition): string {
  const [head, index, part] = path.split('.')
  if (head === 'presets' && index !== undefined) {
    const seconds = definition.presets[Number(index)]?.seconds ?? 0
    const length = seconds > 0 ? formatDuration(seconds) : `length ${Number(index) + 1}`
    return part === 'noticeSeconds' ? `${length}, notice` : length
  }
  if (head === 'steps' && index !== undefined)
    return `step ${Number(index) + 1}${part === 'escalateSeconds' ? ', fallback' : ''}`
  const labels: Record<string, string> = {
    name: 'name',
    description: 'description',
    entitlementIds: 'entitlements',
    requesters: 'who may request',
    steps: 'approval steps',
    decideWithinSeconds: 'undecided after',
    startWithinSeconds: 'giving is tried for',
    presets: 'lengths',
    maxSeconds: 'longest length',
    automatic: automaticLabels[index ?? ''] ?? 'agreed at once',
    reminders: 'reminders',
    emergency: 'emergency access',
    extensionApproval: 'more time at once',
    graceSeconds: 'kept while nobody has answered',
    extension: index === 'maxCount' ? 'extensions per grant' : 'total length',
  }
  return labels[head ?? ''] ?? path
}

const automaticLabels: Record<string, string> = {
  maxSeconds: 'agreed at once, length',
  heldWithinDays: 'agreed at once, held before',
}

/** The id of the control a problem belongs to. */
export const fieldId = (path: string) => `policy.${path}`

/** Moves the focus to a problem's field, or to the first control inside its group. */
export function focusField(path: string): void {
  const control = document.getElementById(fieldId(path))
  if (!control) return
  const inside = control.matches('input, button, textarea')
    ? null
    : control.querySelector<HTMLElement>('input:not([type=hidden]), button, textarea')
  const goal = inside ?? control
  goal.focus()
  goal.scrollIntoView({ block: 'center' })
}

/** The address of one step of a policy's editor. */
export function stepHref(policyId: string, step: StepKey): string {
  return `/settings/access-management/policies/${policyId}/edit?step=${step}`
}
