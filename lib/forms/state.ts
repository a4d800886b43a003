import { unstable_rethrow } from 'next/navigation'
import { type FormState, idle } from '@/lib/form'
import { signedInAgain } from './sign-in-again'

const UNANSWERED =
  'Leasehold gave no answer. What you typed is still here: make sure you are online, reload if it happens again'

/** A server action as a form takes it. */
export type SendForm<R> = (prev: FormState<R>, form: FormData) => Promise<FormState<R>>

/**
 * Sends a form and has an answer also where the server gave none: no network, a body it would not take, a new
 * release. Without it the page would give way to the error page, and with it everything that was typed. What takes a
 * fresh sign-in is sent once more after one, as it was typed.
 */
export async function sent<R>(send: SendForm<R>, form: FormData): Promise<FormState<R>> {
  try {
    const answer = await send(idle, form)
    if (answer.code !== 'sign_in_again' || !(await signedInAgain())) return answer
    return await send(idle, form)
  } catch (error) {
    // A redirect comes this way too.
    unstable_rethrow(error)
    return { status: 'failed', code: 'unexpected', message: UNANSWERED }
  }
}

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
