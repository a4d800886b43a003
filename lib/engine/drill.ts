import 'server-only'
import { and, desc, eq, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import { processNow, readClocks } from '@/lib/clock'
import {
  type ChangeResult,
  type ConnectorAccount,
  type ConnectorConfig,
  type ConnectorContext,
  type ConnectorEntitlement,
  ConnectorError,
  type Holding,
} from '@/lib/connectors/contract'
import { type DrillStep, type DrillStepName, leftBehind } from '@/lib/domain/drill'
import { faultpoint } from '@/lib/faultpoints'
import { newId } from '@/lib/ids'
import type { ConnectionRow } from '@/lib/services/changes'
import { type OpenConnection, openRow } from '@/lib/services/connections'
import { finishDrill } from '@/lib/services/drills'
import { freezeOf } from '@/lib/services/freeze'
import { callOutside } from '@/lib/services/outside'
import type { Engine } from './engine'
import { isProvenGone } from './target'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
/** From one drill to the next, where all is well. */
export const DRILL_EVERY_MS = 24 * 60 * MINUTE_MS
const SOON_MS = 5 * MINUTE_MS
/** An effect may be seen this much later than the connector says, before it counts as missing. */
const GRACE_MS = 5 * SECOND_MS
const LOOK_AGAIN_MS = 250
const LONGEST_POLL_MS = 2 * MINUTE_MS

/** A step that did not go well; its sentence is in the step. */
class StepFailed extends Error {
  constructor(
    readonly detail: string,
    /** The target could not be asked at all: nothing is proven either way. */
    readonly unasked: boolean,
  ) {
    super(detail)
  }
}

interface Drill {
  readonly engine: Engine
  readonly id: string
  readonly open: OpenConnection
  readonly entitlement: ConnectorEntitlement
  readonly account: ConnectorAccount
  readonly steps: DrillStep[]
}

/**
 * The removal drill of one connection: gives, looks, takes, looks, on an account and an entitlement that are set aside
 * for it, and keeps every step. What an earlier one left behind is taken first, also while giving is stopped. Takes of
 * leases go before it. Returns milliseconds until the next.
 */
export async function runDrill(engine: Engine, connectionId: string): Promise<number> {
  const { db } = engine
  const row = await db.query.connection.findFirst({ where: eq(schema.connection.id, connectionId) })
  const application = await db.query.application.findFirst({
    where: eq(schema.application.connectionId, connectionId),
  })
  if (!row?.drillEntitlementId || !row.drillAccount || !application) return DRILL_EVERY_MS
  if (await takesDue(engine, connectionId)) return MINUTE_MS
  const former = await db.query.drill.findFirst({
    where: eq(schema.drill.connectionId, connectionId),
    orderBy: desc(schema.drill.startedAt),
  })
  const unfinished = former && former.finishedAt === null ? former : null
  const left = former !== undefined && leftBehind(former.steps)
  const stopped = row.paused || (await freezeOf(db, application.id)) !== null
  if (stopped && !left) return SOON_MS
  const drill = await begin(engine, row)
  if (!drill) return SOON_MS
  if (unfinished) await interrupted(engine, row, unfinished)
  return run(drill, connectionId, left, stopped)
}

async function takesDue({ db }: Engine, connectionId: string): Promise<boolean> {
  const { work } = schema
  const due = await db.query.work.findFirst({
    where: and(
      eq(work.connectionId, connectionId),
      eq(work.kind, 'take'),
      sql`${work.dueAt} <= leasehold_now()`,
    ),
    columns: { id: true },
  })
  return due !== undefined
}

async function begin(engine: Engine, row: ConnectionRow): Promise<Drill | null> {
  const entitlement = await engine.db.query.entitlement.findFirst({
    where: eq(schema.entitlement.id, row.drillEntitlementId!),
  })
  if (!entitlement) return null
  const open = openRow(row)
  const id = newId()
  const { wall } = await readClocks(engine.db)
  await engine.db.insert(schema.drill).values({
    id,
    connectionId: row.id,
    account: row.drillAccount!.id,
    entitlement: entitlement.externalId,
    startedAt: wall,
    steps: [],
  })
  return {
    engine,
    id,
    open,
    entitlement: { id: entitlement.externalId, name: entitlement.name },
    account: row.drillAccount!,
    steps: [],
  }
}

/** One that a crash cut short is over, and did not go well. */
async function interrupted(
  engine: Engine,
  row: ConnectionRow,
  former: typeof schema.drill.$inferSelect,
): Promise<void> {
  await finishDrill(engine.ctx, row.id, {
    drillId: former.id,
    ok: false,
    what: 'It was cut short, and is cleaned up by the next one',
    quiet: true,
  })
}

async function run(drill: Drill, connectionId: string, left: boolean, stopped: boolean): Promise<number> {
  const { engine, steps } = drill
  try {
    if (left) await step(drill, 'clean', () => clean(drill))
    if (stopped) return await cleaned(drill, connectionId)
    await step(drill, 'before', () => before(drill))
    await step(drill, 'give', () => change(drill, 'grant'))
    await step(drill, 'seen', () =>
      lookUntil(drill, (h) => h.state === 'direct', 'Seen there', 'Given, and not seen there'),
    )
    await step(drill, 'take', () => change(drill, 'revoke'))
    await step(drill, 'gone', () => lookUntil(drill, isGone, 'Seen gone', 'Taken, and still seen there'))
  } catch (error) {
    // Stopped or taken away in the middle: the next one finds it unfinished, and cleans up.
    if (!(error instanceof StepFailed) || engine.signal.aborted) throw error
    const began = steps.some((one) => one.name === 'give')
    // A target that is away says nothing about whether it takes back; that it is away is told by its health.
    if (error.unasked && !began)
      if (!left) return forget(drill, SOON_MS)
      else if (!leftBehind(steps)) return cleaned(drill, connectionId)
    if (began) await tidy(drill)
    await finishDrill(engine.ctx, connectionId, { drillId: drill.id, ok: false, what: error.detail })
    return SOON_MS
  }
  await finishDrill(engine.ctx, connectionId, { drillId: drill.id, ok: true })
  return DRILL_EVERY_MS
}

/** Takes what a failed drill may have given, at once; what does not succeed is left to the next one. */
async function tidy(drill: Drill): Promise<void> {
  if (!leftBehind(drill.steps)) return
  try {
    await step(drill, 'take', () => change(drill, 'revoke'))
    await step(drill, 'gone', () => lookUntil(drill, isGone, 'Seen gone', 'Taken, and still seen there'))
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
  }
}

/** What was left behind is gone, and it was not the moment for more: proven is nothing. */
async function cleaned({ engine, id }: Drill, connectionId: string): Promise<number> {
  await finishDrill(engine.ctx, connectionId, { drillId: id, ok: null })
  return SOON_MS
}

/** It was not the moment: no drill, no record of one. */
async function forget({ engine, id }: Drill, nextMs: number): Promise<number> {
  await engine.db.delete(schema.drill).where(eq(schema.drill.id, id))
  return nextMs
}

/** Does one step; what begins is written down before, what came of it afterwards. */
async function step(drill: Drill, name: DrillStepName, act: () => Promise<string>): Promise<void> {
  const { engine, id, steps } = drill
  const at = processNow().toISOString()
  const began = performance.now()
  const place = steps.length
  const write = async (ok: boolean, detail: string) => {
    steps[place] = { name, ok, at, tookMs: Math.round(performance.now() - began), detail }
    await engine.db.update(schema.drill).set({ steps }).where(eq(schema.drill.id, id))
  }
  await write(false, 'Begun')
  try {
    await write(true, await act())
  } catch (error) {
    const failed =
      error instanceof ConnectorError
        ? new StepFailed(error.message, unasked.has(error.code))
        : error instanceof StepFailed
          ? error
          : null
    await write(false, failed?.detail ?? 'It broke off')
    throw failed ?? error
  }
}

const unasked: ReadonlySet<string> = new Set(['retryable', 'rate_limited', 'auth', 'misconfigured'])
const isGone = (holding: Holding) => holding.state === 'absent' || holding.state === 'indirect'

async function before(drill: Drill): Promise<string> {
  const holding = await look(drill)
  if (isGone(holding)) return 'Seen without it'
  throw new StepFailed(
    holding.state === 'unknown'
      ? 'The target could not say what the account holds'
      : 'The account holds it already, and no drill gave it. Remove it there, or set another one aside',
    holding.state === 'unknown',
  )
}

async function clean(drill: Drill): Promise<string> {
  if (isGone(await look(drill))) return 'Nothing was left behind'
  await change(drill, 'revoke')
  await lookUntil(drill, isGone, 'Seen gone', 'What the last drill gave is still there')
  return 'What the last drill gave was taken, and seen gone'
}

/** The one change, followed to its end where the target works on it. */
async function change(drill: Drill, what: 'grant' | 'revoke'): Promise<string> {
  const { id, entitlement, account, open } = drill
  // The drill's own id stands where a grant's would, so that the target and our ledger can tell them apart.
  const args = { grantId: id, entitlement, account }
  const until = performance.now() + LONGEST_POLL_MS
  faultpoint('drill.call', 'before')
  let result: ChangeResult = await call(drill, what, 'change', (ctx) =>
    what === 'grant'
      ? open.connector.grant(ctx, { ...args, endsAt: null })
      : open.connector.revoke(ctx, args),
  )
  faultpoint('drill.call', 'after')
  while (result.state === 'pending') {
    const { token, pollAfterMs } = result
    if (performance.now() > until || !open.connector.poll)
      throw new StepFailed('The target is still working on it', false)
    await wait(drill, pollAfterMs)
    result = await call(drill, `${what}.poll`, 'look', (ctx) =>
      open.connector.poll!(ctx, { token, grantId: id }),
    )
  }
  return what === 'grant' ? 'Given' : 'Taken'
}

/** Looks again until it is as it should be, for as long as the connector says an effect may take. */
async function lookUntil(
  drill: Drill,
  asItShould: (holding: Holding) => boolean,
  well: string,
  not: string,
): Promise<string> {
  const { effectDelay } = drill.open.connector.capabilities(drill.open.config)
  const until = performance.now() + effectDelay + GRACE_MS
  for (;;) {
    const holding = await look(drill)
    if (asItShould(holding)) return well
    if (performance.now() > until)
      throw new StepFailed(holding.detail ? `${not}: ${holding.detail}` : not, false)
    await wait(drill, LOOK_AGAIN_MS)
  }
}

async function look(drill: Drill): Promise<Holding> {
  const { entitlement, account, open } = drill
  try {
    return await call(drill, 'check', 'look', (ctx) => open.connector.check(ctx, { entitlement, account }))
  } catch (error) {
    // What is set aside is gone: that proves no removal, so it is said instead.
    if (error instanceof ConnectorError && isProvenGone(error))
      throw new StepFailed(`${error.message} Set another one aside`, false)
    throw error
  }
}

function call<R>(
  { engine, open, id, steps }: Drill,
  operation: string,
  effect: 'look' | 'change',
  attempt: (ctx: ConnectorContext<ConnectorConfig>) => Promise<R>,
): Promise<R> {
  return callOutside(attempt, {
    connector: open.connector,
    config: open.config,
    operationId:
      effect === 'change' ? `drill.${operation}:${id}:${steps.length}` : `drill.${operation}:${newId()}`,
    effect,
    db: engine.db,
    now: processNow,
    signal: engine.signal,
  })
}

/** Waits a moment; ends early when the claim is lost or the process stops. */
function wait({ engine }: Drill, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(engine.signal.reason ?? new Error('stopped'))
    }
    const timer = setTimeout(() => {
      engine.signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (engine.signal.aborted) stop()
    else engine.signal.addEventListener('abort', stop, { once: true })
  })
}
