import type { OptionSource, PickOption } from '@/components/ui/option-filter'
import { AUDIT_PATH } from '@/lib/audit-url'
import type { AuditOptionKind } from '@/lib/audit-views'

const WAIT_MS = 15_000

/** What one can filter the log for. Throws when there is no answer. */
async function askOptions(kind: AuditOptionKind, q: string): Promise<PickOption[]> {
  const answer = await fetch(`${AUDIT_PATH}/options?${new URLSearchParams({ kind, q })}`, {
    cache: 'no-store',
    signal: AbortSignal.timeout(WAIT_MS),
  })
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  return answer.json()
}

export const people: OptionSource = {
  label: 'Person',
  one: 'a person',
  many: 'people',
  mark: 'person',
  note: 'Whoever left is here too',
  ask: (q) => askOptions('person', q),
}
export const applications: OptionSource = {
  label: 'Application',
  one: 'an application',
  many: 'applications',
  mark: 'application',
  ask: (q) => askOptions('application', q),
}
