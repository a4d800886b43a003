import 'server-only'
import { asc, inArray } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { authorize, type GateFacts, type GateVerb, NO_SUCH_THING } from '@/lib/domain/authorize'
import { ok, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { Actor } from '@/lib/domain/timeline'
import { faultpoint } from '@/lib/faultpoints'
import { newId } from '@/lib/ids'
import type { Changes } from './changes'
import { save } from './save'

/** Rows a verb works on; they are locked in this order: person, grant, request, work. */
export interface Locks {
  readonly persons?: readonly string[]
  readonly grants?: readonly string[]
  readonly requests?: readonly string[]
  readonly work?: readonly number[]
}

/** What `decide` is given beside the facts: the one reading of the clock, who acts, and ids. */
export interface At {
  readonly now: Date
  readonly actor: Actor
  readonly newId: () => string
}

/** A lifecycle verb. `load` runs under the locks; null means there is no such thing. `decide` is pure. */
export interface Verb<Input, Facts, R> {
  readonly gate: GateVerb
  readonly locks: (input: Input, db: Tx) => Locks | Promise<Locks>
  readonly load: (tx: Tx, input: Input, now: Date) => Promise<Facts | null>
  readonly facts: (facts: Facts) => GateFacts
  readonly decide: (facts: Facts, input: Input, at: At) => Result<Changes<R>>
}

/**
 * The one door of every lifecycle change. Five fixed steps: lock, then load → authorize → decide → save with
 * timeline and work → commit. No outside call happens in here. A lost race (40P01, 40001, 23505) is tried
 * once more and is then a `conflict`.
 */
export async function apply<Input, Facts, R>(
  ctx: Ctx,
  verb: Verb<Input, Facts, R>,
  input: Input,
): Promise<Result<R>> {
  return inTransaction(ctx, async (tx) => {
    await lock(tx, await verb.locks(input, tx))
    const at: At = { now: await readNow(tx), actor: ctx.actor, newId }
    const facts = await verb.load(tx, input, at.now)
    if (!facts) throw new RefusalError(refuse('not_found', NO_SUCH_THING))
    const refused = authorize(ctx.actor, verb.gate, verb.facts(facts))
    if (refused) throw new RefusalError(refused)
    const decided = verb.decide(facts, input, at)
    if (!decided.ok) throw new RefusalError(decided)
    await save(tx, decided.value, at)
    return decided.value.result
  })
}

/** Runs a transaction with the one retry, and turns a refusal that left it into a result. */
export async function inTransaction<R>(
  ctx: Pick<Ctx, 'db'>,
  body: (tx: Tx) => Promise<R>,
): Promise<Result<R>> {
  for (let attempt = 1; ; attempt++) {
    try {
      const value = await ctx.db.transaction(
        async (tx) => {
          const done = await body(tx)
          faultpoint('commit', 'before')
          return done
        },
        { isolationLevel: 'read committed' },
      )
      faultpoint('commit', 'after')
      return ok(value)
    } catch (error) {
      if (error instanceof RefusalError) return error.refusal
      if (!isLostRace(error)) throw error
      if (attempt === 2)
        return refuse('conflict', 'Somebody else changed this at the same moment. Look again')
    }
  }
}

const races = new Set(['40P01', '40001', '23505'])

function isLostRace(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return typeof cause === 'object' && cause !== null && 'code' in cause && races.has(String(cause.code))
}

/** Takes row locks in the one order, each kind in its own statement, ids sorted. */
export async function lock(tx: Tx, locks: Locks): Promise<void> {
  if (locks.persons?.length) {
    const { person } = schema
    await tx
      .select({ id: person.id })
      .from(person)
      .where(inArray(person.id, [...locks.persons]))
      .orderBy(asc(person.id))
      .for('no key update')
  }
  if (locks.grants?.length) {
    const { grant } = schema
    await tx
      .select({ id: grant.id })
      .from(grant)
      .where(inArray(grant.id, [...locks.grants]))
      .orderBy(asc(grant.id))
      .for('no key update')
  }
  if (locks.requests?.length) {
    const { request } = schema
    await tx
      .select({ id: request.id })
      .from(request)
      .where(inArray(request.id, [...locks.requests]))
      .orderBy(asc(request.id))
      .for('no key update')
  }
  if (locks.work?.length) {
    const { work } = schema
    await tx
      .select({ id: work.id })
      .from(work)
      .where(inArray(work.id, [...locks.work]))
      .orderBy(asc(work.id))
      .for('update')
  }
}
