import type { SubmissionResult } from '@conform-to/react'
import type { RefusalCode } from './domain/errors'

/** What an action answers to its form; also the state that `useActionState` keeps. */
export interface FormState<R = unknown> {
  /** `refused` is an answer of the product, `failed` an accident of ours. */
  readonly status: 'idle' | 'done' | 'refused' | 'failed'
  /** For conform: what was typed, and what is wrong with which field. */
  readonly lastResult?: SubmissionResult<string[]>
  readonly code?: RefusalCode | 'unexpected'
  /** One sentence for people. */
  readonly message?: string
  /** Names the log line of an accident. */
  readonly errorId?: string
  readonly result?: R
  /** Another number with every answer, so that the same answer twice is seen as two. */
  readonly at?: number
}

/** A server action as `useActionState` calls it. */
export type FormAction<R = unknown> = (prev: FormState<R>, form: FormData) => Promise<FormState<R>>

/** The state before the first answer. */
export const idle: FormState<never> = { status: 'idle' }
