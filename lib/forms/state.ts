import type { FormState } from '@/lib/form'

/** A server action as a form takes it. */
export type SendForm<R> = (prev: FormState<R>, form: FormData) => Promise<FormState<R>>

/** What is wrong with one field of the last answer. */
export function fieldError(state: FormState<unknown>, name: string): string | null {
  return state.lastResult?.error?.[name]?.[0] ?? null
}

/** What was typed into one field before the last answer, so that nothing is lost. */
export function typed(state: FormState<unknown>, name: string): string | undefined {
  const value = state.lastResult?.initialValue?.[name]
  return typeof value === 'string' ? value : undefined
}

/** Everything wrong with the last answer: at a field, by its control's id, or with the whole form. */
export function problemsOf(
  state: FormState<unknown>,
  controls: Readonly<Record<string, string>>,
): { message: string; fieldId?: string }[] {
  if (state.status !== 'refused' && state.status !== 'failed') return []
  const at = Object.entries(state.lastResult?.error ?? {}).flatMap(([name, messages]) =>
    (messages ?? []).map((message) => {
      const fieldId = controls[name]
      return fieldId ? { message, fieldId } : { message }
    }),
  )
  return at.length > 0 || !state.message ? at : [{ message: state.message }]
}
