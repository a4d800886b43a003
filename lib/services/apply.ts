import 'server-only'
import { asc } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import { isAmong } from '@/db/rows'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { authorize, type GateFacts, type GateVerb, NO_SUCH_THING } from '@/lib/domain/authorize'
import { ok, type Refusal, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { Actor } from '@/lib/domain/timeline'
import { faultpoint } from '@/lib/faultpoints'
import { newId } from '@/lib/ids'
import type { Changes } from './changes'
import { heldByQuarantine } from './quarantine-state'
import { saveAll } from './save'

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
  /** The same reading, unshifted. */
  readonly wall: Date
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

/** A verb on several rows at once, each with an input of its own. */
export interface VerbOnMany<Input, Facts, R> extends Pick<Verb<Input, Facts, R>, 'facts' | 'decide'> {
  readonly gate: (input: Input) => GateVerb
  readonly locks: (inputs: readonly Input[], db: Tx) => Locks | Promise<Locks>
  /** The facts of each, in the order of the inputs. */
  readonly load: (tx: Tx, inputs: readonly Input[], now: Date) => Promise<readonly (Facts | null)[]>
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
  const alone: VerbOnMany<Input, Facts, R> = {
    ...verb,
    gate: () => verb.gate,
    locks: (_, tx) => verb.locks(input, tx),
    load: async (tx, _, now) => [await verb.load(tx, input, now)],
  }
  const applied = await applyAll(ctx, alone, [input])
  return applied.ok ? applied.value[0]! : applied
}

/**
 * The same for several inputs in one transaction, whose rows are locked in the one order: each is decided on its own,
 * and one that is refused changes nothing and keeps no other. A refusal of all of them together is a lost race.
 */
export async function applyAll<Input, Facts, R>(
  ctx: Ctx,
  verb: VerbOnMany<Input, Facts, R>,
  inputs: readonly Input[],
): Promise<Result<Result<R>[]>> {
  return inTransaction(ctx, async (tx) => {
    const [, { now, wall }] = await Promise.all([lock(tx, await verb.locks(inputs, tx)), readClocks(tx)])
    const at: At = { now, wall, actor: ctx.actor, newId }
    const loaded = await verb.load(tx, inputs, now)
    const held = new Map<GateVerb, Refusal | null>()
    for (const gate of new Set(inputs.map(verb.gate)))
      held.set(gate, await heldByQuarantine(tx, ctx.actor, gate))
    const decided = inputs.map((input, i): Result<Changes<R>> => {
      const facts = loaded[i]
      if (!facts) return refuse('not_found', NO_SUCH_THING)
      const gate = verb.gate(input)
      const refused = authorize(ctx.actor, gate, verb.facts(facts)) ?? held.get(gate)
      return refused ?? verb.decide(facts, input, at)
    })
    const changes = decided.flatMap((one) => (one.ok ? [one.value] : []))
    if (changes.length > 0) await saveAll(tx, changes, at)
    return decided.map((one) => (one.ok ? ok(one.value.result) : one))
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

/**
 * Takes row locks in the one order, each kind in its own statement, ids sorted. The statements are sent at once; the
 * database does them one after the other.
 */
export async function lock(tx: Tx, locks: Locks): Promise<void> {
  const { person, grant, request, work } = schema
  const rows = (
    table: typeof person | typeof grant | typeof request | typeof work,
    ids: readonly (string | number)[] = [],
    strength: 'no key update' | 'update' = 'no key update',
  ) =>
    ids.length > 0 &&
    tx
      .select({ id: table.id })
      .from(table as typeof grant)
      .where(isAmong(table.id, ids))
      .orderBy(asc(table.id))
      .for(strength)
  await Promise.all([
    rows(person, locks.persons),
    rows(grant, locks.grants),
    rows(request, locks.requests),
    rows(work, locks.work, 'update'),
  ])
}
