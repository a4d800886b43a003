import { and, eq, inArray, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { schema } from '@/db/client'
import type { MessageType } from '@/lib/connectors/webhook/protocol'
import { claimDue } from '@/lib/engine/queue'
import type { Edge } from '@/lib/model/edge'
import type { Leg } from '@/lib/model/search'
import {
  type Hand,
  type Kind,
  kinds,
  type Late,
  type Place,
  places,
  type State,
  TICK,
  ticks,
} from '@/lib/model/state'
import { decideOnRequest, withdrawRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { type Fate, type Stop, Worker } from './worker'

/** A real tick is a little longer, so that what is due a tick later is due although a test takes a few seconds. */
const LONGER_SECONDS = 30

/** A world in which slack, settle time and the alarm take about a tick, as in the model. */
async function modelWorld(): Promise<LeaseWorld> {
  const seconds = ticks.duration * TICK
  const world = await createLeaseWorld({
    presets: [{ seconds, noticeSeconds: ticks.notice * TICK }],
    decideWithinSeconds: ticks.decideWithin * TICK,
    startWithinSeconds: ticks.startWithin * TICK,
    reminders: [],
  })
  const config = {
    url: world.target.url,
    effectDelaySeconds: TICK - 60,
    endsSessions: false,
    listsHolders: true,
  }
  await world.db.update(schema.connection).set({ config }).where(eq(schema.connection.id, world.connectionId))
  return world
}

/** A way through the model, gone on PostgreSQL, the real services, the real handlers and the fake target. */
export class Replay {
  private readonly workers: Worker[] = []
  private readonly grants: (string | null)[] = [null, null]
  private readonly requests: (string | null)[] = [null, null]
  private readonly late: { act: Late['act']; place: Place; data: Record<string, unknown> }[] = []
  private readonly verbs: string[][] = [[], []]

  private constructor(readonly world: LeaseWorld) {}

  /** Somebody has just asked, as every way begins. */
  static async begin(first: State): Promise<Replay> {
    const replay = new Replay(await modelWorld())
    const { world } = replay
    if (first.stood) world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    await replay.ask(0)
    await replay.compare(first)
    return replay
  }

  async go({ edge, from }: Leg): Promise<void> {
    await this.act(edge, from)
    const own = ['approved', 'denied', 'withdrawn', 'lapsed']
    if (edge.place !== null)
      this.verbs[edge.place]!.push(...(edge.verbs ?? []).filter((verb) => !own.includes(verb)))
    await this.keepAlive()
    await this.compare(edge.next)
  }

  /** Nothing goes wrong any more: what is under way finishes, and time passes until everything is over. */
  async end(stood: boolean): Promise<void> {
    const { world } = this
    for (const worker of this.workers.splice(0)) {
      if (!worker.started) await worker.start()
      worker.fate = 'well'
      while (!worker.over) await worker.release()
    }
    this.land()
    await world.db.update(schema.grant).set({ callUntil: null })
    for (let i = 0; i < 4; i++) {
      await world.retryNow()
      await world.advance('+1h')
    }
    await world.retryNow()
    const states = await world.db.query.grant.findMany({ columns: { state: true } })
    expect(states.filter(({ state }) => state !== 'ended' && state !== 'failed')).toEqual([])
    expect(world.holders()).toEqual(stood ? [world.anaAccount] : [])
  }

  async close(): Promise<void> {
    for (const worker of this.workers) if (worker.started) await worker.kill()
    await this.world.close()
  }

  private async act(edge: Edge, from: State): Promise<void> {
    const { place } = edge
    switch (edge.kind) {
      case 'ask again':
        return this.ask(place!)
      case 'approve':
      case 'deny':
      case 'approve more':
      case 'deny more':
        return this.decide(place!, edge.kind.startsWith('approve') ? 'approve' : 'deny')
      case 'withdraw':
        return void must(await withdrawRequest(this.world.as(this.world.ana), this.requests[place!]!))
      case 'ask for more': {
        const asked = { grantId: this.grants[place!]!, seconds: ticks.more * TICK, reason: 'one more run' }
        const { requestId } = must(await askForExtension(this.world.as(this.world.ana), asked))
        this.requests[place!] = requestId
        return
      }
      case 'revoke': {
        const ended = { grantId: this.grants[place!]!, reason: 'not needed' }
        return void must(await revokeGrant(this.world.as(this.world.ines), ended))
      }
      case 'ring':
      case 'sweep':
        return this.claim(edge.kind, place!, edge.work!)
      case 'ring again':
      case 'ring early': {
        const only = { subjectId: this.subject(place!, edge.work!), kinds: [edge.work!] }
        return expect(await claimDue(this.world.db, 5, only)).toEqual([])
      }
      case 'lose':
        // Nothing of the record is in the event; that is what this edge says.
        return
      case 'crash': {
        const [worker] = this.workers.splice(from.hands.indexOf(edge.hand!), 1)
        if (worker?.started) await worker.kill()
        return
      }
      case 'stall':
        await this.runOut(place!, edge.work!)
        if (edge.hand!.calls) await this.markRunsOut(place!)
        return
      case 'lease over':
        return this.leasesOver(from, edge.next)
      case 'rest over':
        return
      case 'tick':
      case 'delay':
      case 'outage':
        return this.pass(edge.next.now - from.now)
      case 'land give':
      case 'land take':
        return this.land(edge.kind === 'land give' ? 'give' : 'take')
      default:
        return this.move(edge, from)
    }
  }

  private async ask(place: Place): Promise<void> {
    const { world } = this
    const asked = {
      entitlementId: world.entitlementId,
      seconds: ticks.duration * TICK,
      reason: 'INC-2417',
      startAt: null,
    }
    this.requests[place] = must(await askForAccess(world.as(world.ana), asked)).requestId
  }

  private async decide(place: Place, verdict: 'approve' | 'deny'): Promise<void> {
    const { world } = this
    const decided = { requestId: this.requests[place]!, verdict, note: 'said', version: 1 }
    const { grantId } = must(await decideOnRequest(world.as(world.ben), decided))
    if (grantId) this.grants[place] ??= grantId
  }

  private async pass(many: number): Promise<void> {
    const ms = many * (TICK + LONGER_SECONDS) * 1000
    await this.world.db.execute(sql`update clock set offset_ms = offset_ms + ${ms}::bigint`)
  }

  private subject(place: Place, kind: Kind): string {
    return (kind === 'lapse' ? this.requests : this.grants)[place]!
  }

  /** A ring names the record, the sweep does not; both claim what is due and wait for nothing else. */
  private async claim(by: 'ring' | 'sweep', place: Place, kind: Kind): Promise<void> {
    const { db } = this.world
    const subjectId = this.subject(place, kind)
    await db.update(schema.work).set({ notBefore: null })
    const [claim] = await claimDue(db, 1, by === 'ring' ? { subjectId, kinds: [kind] } : { kinds: [kind] })
    expect(claim).toMatchObject({ subjectId, kind })
    this.workers.push(new Worker(db, this.world.target, claim!))
  }

  /** One hand goes on to where the model has it next. */
  private async move(edge: Edge, from: State): Promise<void> {
    const index = from.hands.indexOf(edge.hand!)
    const worker = this.workers[index]!
    const goal = edge.after ? stopOf(edge.after) : null
    worker.fate = fateOf(edge)
    const calls = this.world.target.calls.length
    if (!worker.started) await worker.start()
    const there = edge.hand!.at === 'begin' && goal?.startsWith('call') && worker.stop === goal
    if (!there)
      do await worker.release()
      while (!worker.over && worker.stop !== goal)
    expect(worker.over ? null : worker.stop, `where ${edge.kind} leads`).toBe(goal)
    if (worker.fate === 'late' || worker.fate === 'answered, late') {
      const act = edge.hand!.kind === 'give' ? 'give' : 'take'
      const type: MessageType = act === 'give' ? 'grant.provision' : 'grant.revoke'
      const call = this.world.target.calls.slice(calls).find((one) => one.type === type)
      this.late.push({ act, place: edge.place!, data: call!.data })
    }
    worker.fate = 'well'
    if (!edge.after) this.workers.splice(index, 1)
  }

  /** What the target did not do at once, it does now. */
  private land(act?: Late['act']): void {
    for (const one of this.late.splice(0)) {
      if (act && one.act !== act) this.late.push(one)
      else this.world.target.state.answer(one.act === 'give' ? 'grant.provision' : 'grant.revoke', one.data)
    }
  }

  private async runOut(place: Place, kind: Kind): Promise<void> {
    const { work } = schema
    await this.world.db
      .update(work)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 second'` })
      .where(and(eq(work.kind, kind), eq(work.subjectId, this.subject(place, kind))))
  }

  private async markRunsOut(place: Place): Promise<void> {
    await this.world.db
      .update(schema.grant)
      .set({ callUntil: sql`clock_timestamp() - interval '1 second'` })
      .where(eq(schema.grant.id, this.grants[place]!))
  }

  private async leasesOver(from: State, next: State): Promise<void> {
    for (const place of places) {
      for (const kind of kinds)
        if (from.sides[place].work[kind]?.leased && !next.sides[place].work[kind]?.leased)
          await this.runOut(place, kind)
      if (from.sides[place].calling && !next.sides[place].calling) await this.markRunsOut(place)
    }
  }

  /** In place of heartbeats, which take real time. */
  private async keepAlive(): Promise<void> {
    await this.world.db.execute(sql`
      update work set lease_until = clock_timestamp() + interval '1 hour' where lease_until > clock_timestamp()`)
    await this.world.db.execute(sql`
      update "grant" set call_until = clock_timestamp() + interval '1 hour' where call_until > clock_timestamp()`)
  }

  /** Holds the record and the target against the model. */
  private async compare(state: State): Promise<void> {
    const { world } = this
    const held = state.held === 'nobody' ? [] : [world.anaAccount]
    expect({
      held: world.holders(),
      sides: await Promise.all(places.map((place) => this.real(place))),
    }).toEqual({
      held,
      sides: places.map((place) => expected(state, place, this.verbs[place]!)),
    })
  }

  private async real(place: Place): Promise<Standing | null> {
    const { db } = this.world
    const [requestId, grantId] = [this.requests[place], this.grants[place]]
    if (!requestId) return null
    const { request, grant, work } = schema
    const ask = await db.query.request.findFirst({ where: eq(request.id, requestId) })
    const [row] = grantId
      ? await db
          .select({ grant, calling: sql<boolean>`coalesce(${grant.callUntil} > clock_timestamp(), false)` })
          .from(grant)
          .where(eq(grant.id, grantId))
      : []
    const rows = await db
      .select({
        kind: work.kind,
        due: sql<boolean>`${work.dueAt} <= clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond'`,
        leased: sql<boolean>`coalesce(${work.leaseUntil} > clock_timestamp(), false)`,
      })
      .from(work)
      .where(inArray(work.subjectId, [requestId, ...(grantId ? [grantId] : [])]))
    return {
      request: ask!.state,
      grant: row?.grant.state ?? null,
      preexisting: row?.grant.preexisting ?? false,
      overdue: Boolean(row?.grant.overdueSince),
      extensions: row?.grant.extensions ?? 0,
      calling: row?.calling ?? false,
      work: Object.fromEntries(rows.map(({ kind, due, leased }) => [kind, { due, leased }])),
      verbs: grantId ? (await this.world.verbs(grantId)).filter((verb) => verb !== 'notice_sent') : [],
    }
  }
}

/** What is compared after every step; `verbs` are the grant's timeline. */
interface Standing {
  readonly request: string
  readonly grant: string | null
  readonly preexisting: boolean
  readonly overdue: boolean
  readonly extensions: number
  readonly calling: boolean
  readonly work: Record<string, { due: boolean; leased: boolean }>
  readonly verbs: readonly string[]
}

function expected(state: State, place: Place, verbs: readonly string[]): Standing | null {
  const { ask, grant, work, calling } = state.sides[place]
  if (!ask) return null
  return {
    request: ask.state,
    grant: grant?.state ?? null,
    preexisting: grant?.preexisting ?? false,
    overdue: Boolean(grant?.overdueSince),
    extensions: grant?.extensions ?? 0,
    calling,
    work: Object.fromEntries(
      kinds.flatMap((kind) => {
        const row = work[kind]
        return row ? [[kind, { due: row.due <= state.now, leased: row.leased }]] : []
      }),
    ),
    verbs,
  }
}

/** Where the real handler stands when the model's is about to do this. */
function stopOf({ kind, at }: Hand): Stop {
  if (at === 'baseline') return 'call resolveAccount'
  if (at === 'recheck' || at === 'confirm') return 'call check'
  if (at === 'send') return kind === 'give' ? 'work' : 'call revoke'
  return at === 'done' || at === 'later' ? 'work' : 'transaction'
}

const fates: readonly Fate[] = ['answer lost', 'late', 'answered, late', 'not reached', 'refused', 'no look']

function fateOf({ kind, after }: Edge): Fate {
  if (after?.saw === 'no look') return 'no look'
  return fates.find((fate) => kind.endsWith(`: ${fate}`)) ?? 'well'
}
