import 'server-only'
import { parseWithZod } from '@conform-to/zod/v4'
import type { Route } from 'next'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { redirect, unstable_rethrow } from 'next/navigation'
import { after } from 'next/server'
import type { z } from 'zod'
import { type Db, database } from '@/db/client'
import { processNow } from './clock'
import type { Ctx } from './context'
import { type Refusal, type Result, refuse } from './domain/errors'
import { asRead } from './domain/text'
import { nudge } from './engine/nudge'
import { env } from './env'
import type { FormAction, FormState } from './form'
import { formProblem } from './form-guard'
import { formatDuration } from './format'
import { logUnknown } from './log'
import { isOwnOrigin } from './origin'
import { PATH_HEADER } from './page-headers'
import { callerOf, forEverybody, type Limit, type Taken, take } from './rate'
import { doorOf, recordRefusal } from './refusals'
import { currentViewer } from './session'

/** What one action does differently. */
export interface ActionOptions<R, Input> {
  /** Where to go after it is done. */
  readonly redirect?: (result: R, input: Input) => string
  /** How often one person (for an open action: one caller) may do it. */
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
): FormAction<R> {
  return answering(schema, signedIn, verb, options)
}

/** The same for the few forms of people who are not signed in. Limits are counted by where they come from. */
export function openAction<Schema extends z.ZodType, R>(
  schema: Schema,
  verb: (caller: Caller, input: z.output<Schema>) => Promise<Result<R>>,
  options: ActionOptions<R, z.output<Schema>> = {},
): FormAction<R> {
  return answering(schema, anybody, verb, options)
}

/**
 * A question of a client component, such as a search as one types: origin → session → parse → query. Whoever may
 * not ask gets the empty answer.
 */
export function reading<Schema extends z.ZodType, R>(
  schema: Schema,
  query: (ctx: Ctx, input: z.output<Schema>) => Promise<R>,
  empty: R,
): (input: z.input<Schema>) => Promise<R> {
  return async (input) => {
    const admitted = await signedIn()
    const parsed = schema.safeParse(input)
    return admitted.ok && parsed.success ? query(admitted.value.who, parsed.data) : empty
  }
}

/** A bare form: one act of one's own session that cannot be refused, then a page. */
export function post(run: () => Promise<void>, to: string): () => Promise<void> {
  return async () => {
    if (isOwnOrigin(await headers(), env())) await run()
    redirect(to as Route)
  }
}

/** Somebody who is not signed in. */
export interface Caller {
  readonly db: Db
}

interface Admitted<C> {
  readonly who: C
  readonly db: Db
  /** Null: nobody is signed in. */
  readonly personId: string | null
  /** Null: nothing tells them from others. */
  readonly countedAs: string | null
}

function answering<Schema extends z.ZodType, C, R>(
  schema: Schema,
  admit: () => Promise<Result<Admitted<C>>>,
  verb: (who: C, input: z.output<Schema>) => Promise<Result<R>>,
  options: ActionOptions<R, z.output<Schema>>,
): FormAction<R> {
  const hideFields = options.writeOnly ? [...options.writeOnly] : undefined
  const answer = (state: FormState<R>): FormState<R> => ({ ...state, at: processNow().getTime() })
  return async (_prev, form) => {
    if (!(form instanceof FormData)) return answer(refused(refuse('invalid', 'This is not a form')))
    try {
      const admitted = await admit()
      if (!admitted.ok) {
        await onRecord(database().db, null, admitted)
        return answer(refused(admitted))
      }
      // Before parsing, which takes its time over what is sent: who comes too often is not listened to at all.
      const { who, db, countedAs } = admitted.value
      const taken = await counted(db, options.limit, countedAs)
      const problem = formProblem(form)
      if (problem)
        return answer({
          ...refused(refuse('invalid', problem)),
          lastResult: returned(form, hideFields, problem),
        })
      if (!taken.ok) {
        const refusal = tooOften(taken.retryAfterSeconds)
        return answer({ ...refused(refusal), lastResult: returned(form, hideFields, refusal.message) })
      }
      const submission = parseWithZod(asTheyRead(form, hideFields), { schema })
      if (submission.status !== 'success') {
        const lastResult = submission.reply({ hideFields })
        const message = firstError(lastResult.error)
        return answer({ status: 'refused', code: 'invalid', lastResult, message })
      }
      const result = await verb(who, submission.value)
      if (!result.ok) {
        await onRecord(db, admitted.value.personId, result)
        return answer({
          ...refused(result),
          lastResult: submission.reply({ ...errorsOf(result), hideFields }),
        })
      }
      after(nudge)
      refresh()
      if (options.redirect) redirect(options.redirect(result.value, submission.value) as Route)
      const lastResult = submission.reply({ resetForm: true })
      return answer({ status: 'done', result: result.value, lastResult })
    } catch (error) {
      unstable_rethrow(error)
      const errorId = logUnknown(error, verb.name || 'action')
      return answer({
        status: 'failed',
        code: 'unexpected',
        errorId,
        message: `Something went wrong on our side. Nothing you typed is lost; try again, or tell an admin: ${errorId}`,
        lastResult: returned(form, hideFields),
      })
    }
  }
}

async function counted(db: Db, limit: Limit | undefined, as: string | null): Promise<Taken> {
  if (!limit) return { ok: true }
  return as === null ? take(db, forEverybody(limit), '') : take(db, limit, as)
}

/** The form without what nobody sees in it; a secret stays as it is. */
function asTheyRead(form: FormData, secret: readonly string[] = []): FormData {
  const read = new FormData()
  for (const [name, value] of form)
    read.append(name, typeof value === 'string' && !secret.includes(name) ? asRead(value) : value)
  return read
}

/** What was typed, for a form that was not parsed or must not be parsed again: copied, which cannot fail. */
function returned(form: FormData, hidden: readonly string[] = [], message?: string): FormState['lastResult'] {
  const texts = [...form].flatMap(([name, value]) =>
    typeof value === 'string' && !hidden.includes(name) ? [[name, value] as const] : [],
  )
  const error = message ? { '': [message] } : undefined
  return { status: 'error', initialValue: Object.fromEntries(texts), ...(error && { error }) }
}

async function signedIn(): Promise<Result<Admitted<Ctx>>> {
  const foreign = refuseForeign(await headers())
  if (foreign) return foreign
  const viewer = await currentViewer()
  if (!viewer)
    return refuse(
      'unauthenticated',
      'You are signed out. Sign in again in another tab, then send this once more',
    )
  const { ctx, person } = viewer
  return { ok: true, value: { who: ctx, db: ctx.db, personId: person.id, countedAs: person.id } }
}

async function anybody(): Promise<Result<Admitted<Caller>>> {
  const sent = await headers()
  const foreign = refuseForeign(sent)
  if (foreign) return foreign
  const { db } = database()
  const proxies = env().TRUSTED_PROXIES ?? (process.env.VERCEL ? 1 : 0)
  return { ok: true, value: { who: { db }, db, personId: null, countedAs: callerOf(sent, proxies) } }
}

function refuseForeign(sent: Pick<Headers, 'get'>): Refusal | null {
  if (isOwnOrigin(sent, env())) return null
  return refuse(
    'forbidden',
    'This form was not sent from Leasehold. Open the page again and send it from there',
  )
}

/** The refusal of somebody who does a thing too often. */
export function tooOften(retryAfterSeconds: number): Refusal {
  const wait = formatDuration(Math.ceil(retryAfterSeconds / 60) * 60)
  return refuse('limit', `That was too often in a short time. Try again in ${wait}`)
}

/** What somebody may not even know of leaves the product as what is not there. */
function refused({ code, hidden, message }: Refusal): FormState<never> {
  return { status: 'refused', code: hidden ? 'not_found' : code, message }
}

async function onRecord(db: Db, personId: string | null, { code }: Refusal): Promise<void> {
  const door = doorOf((await headers()).get(PATH_HEADER) ?? '/')
  await recordRefusal(db, { personId, door, code })
}

function errorsOf(refusal: Refusal) {
  const fields = refusal.fields ?? (refusal.field ? { [refusal.field]: refusal.message } : null)
  if (!fields) return { formErrors: [refusal.message] }
  return { fieldErrors: Object.fromEntries(Object.entries(fields).map(([name, why]) => [name, [why]])) }
}

function firstError(error: Record<string, string[] | null> | undefined): string | undefined {
  return Object.values(error ?? {}).find((messages) => messages?.length)?.[0]
}
