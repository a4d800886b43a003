import { randomUUID } from 'node:crypto'
import { host } from './host'
import {
  canonical,
  holds,
  isSigned,
  momentOf,
  type Op,
  pick,
  type ServedFunction,
  type StoredEvent,
  sign,
} from './protocol'

/** A run is asked again after an error at most this often, unless its function says otherwise. */
const RETRIES = 3
/** More calls in one go mean that a function goes round without ever waiting. */
const MOST_CALLS = 2000

interface Wait {
  readonly stepId: string
  /** On the driver's clock. */
  readonly until: number
  readonly event?: { readonly name: string; readonly if?: string }
}

/** One run of one function. */
export interface Run {
  readonly id: string
  readonly fn: ServedFunction
  readonly event: StoredEvent
  readonly steps: Record<string, { type: 'data'; data: unknown }>
  waits: Wait[]
  attempt: number
  calls: number
  state: 'ready' | 'waiting' | 'done' | 'failed'
  error?: string
}

/**
 * An in-memory stand-in for the job engine's server that speaks its public wire protocol over HTTP and keeps its
 * runs nowhere: reads the functions by a signed in-band PUT, takes events at `/e/<key>`, calls steps by signed
 * POSTs and understands the answers. Nothing happens by itself: `settle` and `cron` make it work, and its clock
 * is moved by hand, which is what a test needs and a server must not have.
 */
export interface Driver {
  /** Where events are sent to. */
  readonly url: string
  readonly functions: readonly ServedFunction[]
  readonly runs: readonly Run[]
  /** Every event that arrived, the lost ones too. */
  readonly received: readonly StoredEvent[]
  /** Requests to anything but the event door, such as a registration nobody signed for. */
  readonly strays: readonly string[]
  /** Which events are lost on arrival. */
  lose: (event: StoredEvent) => boolean
  /** Whether it keeps to one run per key; an old server does not know that setting. */
  singletons: boolean
  /** Asks the app at this address for its functions. */
  sync(appUrl: string): Promise<void>
  /** Delivers events, fires timers that are due and calls steps, until nothing is left to do. */
  settle(): Promise<void>
  /** Fires the functions that run by the clock, once, and settles. */
  cron(): Promise<void>
  /** Lets every wait time out at once, however early that is, and settles. */
  fireEarly(): Promise<void>
  /** Moves the clock. Waits are not fired before the next `settle`. */
  move(ms: number): void
  /** Milliseconds until the next wait times out; null when none waits. */
  untilNext(): number | null
  /** Forgets every run and event, as a restarted server without a store does. */
  wipe(): void
  close(): Promise<void>
}

/** Starts a driver on a free port. */
export async function startDriver(keys: { signingKey: string; eventKey: string }): Promise<Driver> {
  let shift = 0
  let functions: ServedFunction[] = []
  let runs: Run[] = []
  let inbox: StoredEvent[] = []
  const received: StoredEvent[] = []
  const strays: string[] = []
  const seen = new Set<string>()
  const now = () => Date.now() + shift

  const server = await host(async (request) => {
    const path = new URL(request.url).pathname
    if (request.method !== 'POST' || path !== `/e/${keys.eventKey}`) {
      strays.push(`${request.method} ${path}`)
      return Response.json({ status: 404, error: 'not found' }, { status: 404 })
    }
    const body = (await request.json()) as Partial<StoredEvent> | Partial<StoredEvent>[]
    const events = [body].flat().map((given) => ({
      id: given.id ?? randomUUID(),
      name: given.name ?? '',
      data: given.data ?? {},
      ts: given.ts ?? Date.now(),
    }))
    for (const event of events) {
      received.push(event)
      if (seen.has(event.id) || driver.lose(event)) continue
      seen.add(event.id)
      inbox.push(event)
    }
    return Response.json({ ids: events.map((event) => event.id), status: 200 })
  })

  async function call(method: 'PUT' | 'POST', url: string, value: unknown, headers: Record<string, string>) {
    const body = canonical(value)
    const signature = sign(body, keys.signingKey, Date.now())
    const sent = { 'content-type': 'application/json', 'x-inngest-signature': signature, ...headers }
    const response = await fetch(url, { method, body, headers: sent })
    const text = await response.text()
    if (!isSigned(text, response.headers.get('x-inngest-signature'), keys.signingKey))
      throw new Error(`an answer that is not signed: ${response.status} ${text}`)
    return { status: response.status, value: JSON.parse(text) as unknown }
  }

  function start(fn: ServedFunction, event: StoredEvent): void {
    const key = fn.singleton?.key
    const same = (run: Run) =>
      run.fn.id === fn.id && key !== undefined && pick({ event: run.event }, key) === pick({ event }, key)
    const busy = runs.some((run) => same(run) && (run.state === 'ready' || run.state === 'waiting'))
    if (fn.singleton && fn.singleton.mode !== 'skip') throw new Error('this driver only speaks skip')
    if (driver.singletons && fn.singleton && busy) return
    runs.push({ id: randomUUID(), fn, event, steps: {}, waits: [], attempt: 0, calls: 0, state: 'ready' })
  }

  function resume(run: Run, wait: Wait, data: unknown): void {
    run.steps[wait.stepId] = { type: 'data', data }
    run.waits = run.waits.filter((other) => other !== wait)
    run.state = 'ready'
  }

  function deliver(event: StoredEvent): void {
    for (const run of runs)
      for (const wait of run.waits)
        if (wait.event?.name === event.name && holds(wait.event.if, run.event, event))
          resume(run, wait, event)
    for (const fn of functions)
      if (fn.triggers.some((trigger) => 'event' in trigger && trigger.event === event.name)) start(fn, event)
  }

  function fire(all = false): void {
    for (const run of runs)
      for (const wait of run.waits) if (all || wait.until <= now()) resume(run, wait, null)
  }

  function fail(run: Run, error: string): void {
    run.attempt += 1
    run.error = error
    if (run.attempt > (run.fn.steps.step.retries?.attempts ?? RETRIES)) run.state = 'failed'
  }

  function take(run: Run, op: Op): void {
    if (op.op === 'StepRun') {
      run.steps[op.id] = { type: 'data', data: op.data ?? null }
      run.attempt = 0
    } else if (op.op === 'WaitForEvent' || op.op === 'Sleep') {
      const until = momentOf((op.op === 'Sleep' ? op.name : op.opts?.timeout) ?? '', Date.now()) + shift
      const event = op.op === 'Sleep' ? undefined : { name: op.name ?? '', if: op.opts?.if }
      run.waits.push({ stepId: op.id, until, event })
      run.state = 'waiting'
    } else fail(run, op.error?.message ?? `an answer this driver does not speak: ${op.op}`)
  }

  async function turn(run: Run): Promise<void> {
    run.calls += 1
    const stack = Object.keys(run.steps)
    const ctx = {
      run_id: run.id,
      attempt: run.attempt,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack, current: stack.length },
    }
    const body = { event: run.event, events: [run.event], steps: run.steps, ctx, version: 2 }
    const answer = await call('POST', run.fn.steps.step.runtime.url, body, { 'x-inngest-req-version': '2' })
    if (answer.status === 200) run.state = 'done'
    else if (answer.status === 206) for (const op of answer.value as Op[]) take(run, op)
    else fail(run, JSON.stringify(answer.value))
  }

  const driver: Driver = {
    url: server.url,
    received,
    strays,
    lose: () => false,
    singletons: true,
    get functions() {
      return functions
    },
    get runs() {
      return runs
    },
    async sync(appUrl) {
      const answer = await call('PUT', appUrl, { url: appUrl }, { 'x-inngest-sync-kind': 'in_band' })
      if (answer.status !== 200) throw new Error(`the app gave no list of functions: ${answer.status}`)
      functions = (answer.value as { functions: ServedFunction[] }).functions
    },
    async settle() {
      for (let calls = 0; calls < MOST_CALLS; calls++) {
        for (const event of inbox.splice(0)) deliver(event)
        fire()
        const run = runs.find((one) => one.state === 'ready')
        if (run) await turn(run)
        else if (inbox.length === 0) return
      }
      throw new Error('the runs never come to rest')
    },
    async cron() {
      for (const fn of functions)
        for (const trigger of fn.triggers)
          if ('cron' in trigger)
            start(fn, {
              id: randomUUID(),
              name: 'inngest/scheduled.timer',
              data: { cron: trigger.cron },
              ts: now(),
            })
      await driver.settle()
    },
    async fireEarly() {
      fire(true)
      await driver.settle()
    },
    move(ms) {
      shift += ms
    },
    untilNext() {
      const moments = runs.flatMap((run) => run.waits.map((wait) => wait.until))
      return moments.length === 0 ? null : Math.max(0, Math.min(...moments) - now())
    },
    wipe() {
      runs = []
      inbox = []
      seen.clear()
    },
    close: server.close,
  }
  return driver
}
