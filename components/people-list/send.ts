import type { FormState } from '@/lib/form'
import { type SendForm, sent } from '@/lib/forms/state'

/** Sends what a dialog is about, without a form of its own. */
export function act<R>(action: SendForm<R>, values: Record<string, string | number>): Promise<FormState<R>> {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, String(value))
  return sent(action, form)
}

/** What went wrong, if anything. */
export const wrongWith = (state: FormState<unknown>): string | null =>
  state.status === 'done' ? null : (state.message ?? 'That did not work. Try again')

/** What a change of who can decide did to what waits; nothing to say for none. */
export function escalatedWords(count: number | undefined): string | undefined {
  if (!count) return undefined
  return count === 1
    ? '1 request went to the owners or admins, or lapsed.'
    : `${count} requests went to the owners or admins, or lapsed.`
}
