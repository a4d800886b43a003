import 'server-only'
import { parseWithZod } from '@conform-to/zod/v4'
import type { Route } from 'next'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { redirect, unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import { processNow } from './clock'
import type { Ctx } from './context'
import { type Refusal, type Result, refuse } from './domain/errors'
import { env } from './env'
import type { FormState } from './form'
import { formatDuration } from './format'
import { logUnknown } from './log'
import { isOwnOrigin } from './origin'
import { type Limit, take } from './rate'
import { currentViewer } from './session'

/** A whole form, all values together, in characters. */
const MAX_FORM = 64 * 1024

/** What one action does differently. */
export interface ActionOptions<R, Input> {
  /** Where to go after it is done. */
  readonly redirect?: (result: R, input: Input) => string
  /** How often one person may do it. */
  readonly limit?: Limit
  /** Inputs that are never sent back to the form: secrets. */
  readonly writeOnly?: readonly string[]
}

/**
 * Makes a server action of a verb: origin → session → ctx → parse → verb → typed result → refresh. A refusal
 * comes back at its field with everything that was typed; an accident is logged and comes back as its id.
 */
export function action<Schema extends z.ZodType, R>(
  schema: Schema,
  verb: (ctx: Ctx, input: z.output<Schema>) => Promise<Result<R>>,
  options: ActionOptions<R, z.output<Schema>> = {},
): (prev: FormState<R>, form: FormData) => Promise<FormState<R>> {
  const hideFields = options.writeOnly ? [...options.writeOnly] : undefined
  const answer = (state: FormState<R>): FormState<R> => ({ ...state, at: processNow().getTime() })
  return async (_prev, form) => {
    if (!(form instanceof FormData)) return answer(refused(refuse('invalid', 'This is not a form')))
    try {
      const caller = await authenticate()
      if (!caller.ok) return answer({ status: 'refused', code: caller.code, message: caller.message })
      if (sizeOf(form) > MAX_FORM) return answer(refused(refuse('invalid', 'This form holds too much text')))
      const submission = parseWithZod(form, { schema })
      if (submission.status !== 'success') {
        const lastResult = submission.reply({ hideFields })
        if (submission.status === undefined) return answer({ status: 'idle', lastResult })
        return answer({
          status: 'refused',
          code: 'invalid',
          lastResult,
          message: firstError(lastResult.error),
        })
      }
      const result = await allowed(caller.value, options.limit, () => verb(caller.value, submission.value))
      if (!result.ok) {
        const lastResult = submission.reply({ ...errorsOf(result), hideFields })
        return answer({ ...refused(result), lastResult })
      }
      refresh()
      if (options.redirect) redirect(options.redirect(result.value, submission.value) as Route)
      return answer({
        status: 'done',
        result: result.value,
        lastResult: submission.reply({ resetForm: true }),
      })
    } catch (error) {
      unstable_rethrow(error)
      const errorId = logUnknown(error, verb.name || 'action')
      return answer({
        status: 'failed',
        code: 'unexpected',
        errorId,
        message: `Something went wrong on our side. Nothing you typed is lost; try again, or tell an admin: ${errorId}`,
        lastResult: parseWithZod(form, { schema }).reply({ hideFields }),
      })
    }
  }
}

/** Origin and session of the request at hand. @returns the context, or a refusal */
async function authenticate(): Promise<Result<Ctx>> {
  if (!isOwnOrigin(await headers(), env()))
    return refuse(
      'forbidden',
      'This form was not sent from Leasehold. Open the page again and send it from there',
    )
  const viewer = await currentViewer()
  if (viewer) return { ok: true, value: viewer.ctx }
  return refuse(
    'unauthenticated',
    'You are signed out. Sign in again in another tab, then send this once more',
  )
}

async function allowed<R>(
  ctx: Ctx,
  limit: Limit | undefined,
  run: () => Promise<Result<R>>,
): Promise<Result<R>> {
  if (!limit || ctx.actor.kind !== 'person') return run()
  const taken = await take(ctx.db, limit, ctx.actor.id)
  return taken.ok ? run() : tooOften(taken.retryAfterSeconds)
}

/** The refusal of somebody who does a thing too often. */
export function tooOften(retryAfterSeconds: number): Refusal {
  const minutes = Math.ceil(retryAfterSeconds / 60) * 60
  return refuse('limit', `That was too often in a short time. Try again in ${formatDuration(minutes)}`)
}

function refused(refusal: Refusal): FormState<never> {
  return { status: 'refused', code: refusal.code, message: refusal.message }
}

function errorsOf(refusal: Refusal) {
  const fields = refusal.fields ?? (refusal.field ? { [refusal.field]: refusal.message } : null)
  if (!fields) return { formErrors: [refusal.message] }
  return { fieldErrors: Object.fromEntries(Object.entries(fields).map(([name, why]) => [name, [why]])) }
}

function firstError(error: Record<string, string[] | null> | undefined): string | undefined {
  return Object.values(error ?? {}).find((messages) => messages?.length)?.[0]
}

function sizeOf(form: FormData): number {
  let size = 0
  for (const [name, value] of form)
    size += name.length + (typeof value === 'string' ? value.length : value.size)
  return size
}
