import type { GrantState } from '@/lib/domain/grant'
import type { FormAction } from '@/lib/form'
import type { ActOutcome } from '@/lib/grant-views'

/** The server actions of the screen, handed in by its page. */
export interface GrantActs {
  readonly revoke: FormAction<{ state: GrantState }>
  readonly revokeSelected: FormAction<ActOutcome[]>
  readonly extend: FormAction<{ requestId: string }>
  readonly extendSelected: FormAction<ActOutcome[]>
  readonly keepView: FormAction<{ name: string }>
  readonly dropView: FormAction<{ name: string }>
}

/** Several values of one name become several entries, as a form would send them. */
export function formOf(values: Record<string, string | number | readonly string[]>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values))
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one))
  return form
}

/** What an answer says went wrong; null when it is done. */
export function problemOf(answer: { status: string; message?: string }): string | null {
  if (answer.status === 'done') return null
  return answer.message ?? 'That did not work. Nothing was changed; try again'
}
