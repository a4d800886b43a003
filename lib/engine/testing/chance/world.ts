import { eq, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import type { MessageType } from '@/lib/connectors/webhook/protocol'
import { DAY } from '@/lib/domain/duration'
import type { Result } from '@/lib/domain/errors'
import { perform, performDue } from '@/lib/engine/perform'
import { claimDue } from '@/lib/engine/queue'
import type { Claim } from '@/lib/engine/work'
import { decideOnRequest, withdrawRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { returnGrant, revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { checkLedger } from '@/lib/testing/check-ledger'
import { createLeaseWorld, type LeaseWorld } from '@/lib/testing/lease-world'
import { type Fate, Worker } from '../worker'
import { type Act, type Command, type HolderName, handled, partsOf, type VoterName } from './commands'
import { answerOf, lengths, problems, undone } from './rules'
import { look, type Seen } from './seen'

/** A rule of the engine that is broken on purpose, to see that this is noticed. */
export type Broken = 'no fence' | 'no look after the end'

/** So many connections a world opens; each has to learn every statement. */
const SWEEP_WIDTH = 2

/** What did not go well is tried again so often, without the rest between two tries. */
const TRIES = 3

/** Longer than a whole life takes on the real clock. */
const SPARE_SECONDS = 500

/** What is written in one life, and nothing that everything hangs on. */
const ofOneLife = [
  ...[schema.decision, schema.link, schema.mail, schema.task, schema.finding, schema.attempt, schema.work],
  ...[schema.seal, schema.unsealed, schema.timeline, schema.request, schema.grant],
]

const stillWorking: ReadonlySet<Fate> = new Set(['late', 'answered, late'])

/** What the target has not done yet, and by when on the domain's clock it has. */
interface Late {
  readonly type: MessageType
  readonly data: Record<string, unknown>
  readonly by: number
}

/** What happens by chance happens here: the real services, the real handlers, PostgreSQL, and the fake target. */
export class ChanceWorld {
  private readonly standing: Worker[] = []
  private late: Late[] = []
  private lastClaim: Claim | null = null

  private broken: Broken | null = null

  private constructor(
    private readonly world: LeaseWorld,
    private readonly people: Readonly<Record<HolderName | VoterName, TestPerson>>,
    private readonly accounts: Readonly<Record<HolderName, string>>,
    private seen: Seen,
  ) {}

  static async open(): Promise<ChanceWorld> {
    const world = await createLeaseWorld({
      steps: [{ approvers: [{ kind: 'owners' }], quorum: lengths.quorum }],
      presets: [{ seconds: lengths.access, noticeSeconds: lengths.notice }],
      decideWithinSeconds: lengths.decideWithin,
      startWithinSeconds: lengths.startWithin,
      extension: { allowed: true, maxCount: lengths.mostExtensions, maxTotalSeconds: 3 * DAY },
      reminders: [],
    })
    const omar = await world.person('Omar Haddad')
    const eva = await world.person('Eva Lindt')
    const { applicationId, ana, ben, target } = world
    await world.db.insert(schema.applicationOwner).values({ applicationId, personId: omar.id })
    const config = {
      url: target.url,
      effectDelaySeconds: lengths.effectDelay,
      endsSessions: false,
      listsHolders: true,
    }
    await world.db.update(schema.connection).set({ config })
    const account = target.state.addAccount({ email: eva.email, name: eva.name })
    const people = { ana, eva, ben, omar }
    const accounts = { ana: world.anaAccount, eva: account.id }
    return new ChanceWorld(world, people, accounts, await look(world.db, people))
  }

  /** Begins another life: nobody has asked for anything yet. A database of its own for each would take longer. */
  async begin(broken: Broken | null): Promise<void> {
    const { db, target } = this.world
    for (const worker of this.standing.splice(0)) await worker.kill()
    this.late = []
    this.lastClaim = null
    this.broken = broken
    target.clear()
    target.calls.length = 0
    target.state.effects.length = 0
    for (const account of Object.values(this.accounts)) target.state.drop(this.world.externalId, account)
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      for (const table of ofOneLife) await tx.delete(table)
    })
    await this.restsOver()
    this.seen = await look(db, this.people)
  }

  /** Does one thing, and holds the answers and what became of the record against the rules. */
  async step(command: Command): Promise<void> {
    for (const part of partsOf(command)) await this.part(part)
  }

  private async part(command: Command): Promise<void> {
    const before = this.seen
    const voterId = command.do === 'vote' ? this.people[command.by].id : undefined
    const expected = answerOf(command, before, voterId)
    const result = await this.act(command, before)
    const answer = result === null ? null : result.ok ? 'ok' : result.code
    if (this.broken === 'no look after the end')
      await this.world.db.execute(sql`delete from work where kind = 'look'`)
    this.seen = await look(this.world.db, this.people)
    const wrong = problems(command, answer, before, this.seen)
    if (answer !== expected) wrong.unshift(`answered ${answer} instead of ${expected}`)
    const alone = this.seen.inHand === 0 && this.standing.length === 0
    if (command.do === 'sweep' && alone) wrong.push(...undone(this.seen, this.held(), this.late.length > 0))
    if (wrong.length > 0) throw new Error(`${JSON.stringify(command)}: ${wrong.join('; ')}`)
  }

  /** Nothing goes wrong any more and time passes: in the end everybody's access is over, and gone, and the ledger holds. */
  async end(): Promise<void> {
    for (const worker of this.standing.splice(0)) await this.toTheEnd(worker)
    this.land()
    await this.restart()
    for (let times = 0; times < 20; times++) {
      await this.sweep()
      if (!(await this.toTheNext())) break
    }
    this.seen = await look(this.world.db, this.people)
    const wrong = undone(this.seen, this.held(), false)
    for (const [who, { requests, grants }] of Object.entries(this.seen.sides)) {
      if (requests.some((one) => one.state === 'pending')) wrong.push(`${who}: a request never ends`)
      for (const { state } of grants)
        if (state !== 'ended' && state !== 'failed') wrong.push(`${who}: a grant is ${state} for ever`)
    }
    if (wrong.length > 0) throw new Error(`in the end: ${wrong.join('; ')}`)
    await checkLedger(this.world)
  }

  async close(): Promise<void> {
    await this.begin(null)
    await this.world.close()
  }

  private held(): Record<HolderName, boolean> {
    const accounts = new Set(this.world.holders())
    return { ana: accounts.has(this.accounts.ana), eva: accounts.has(this.accounts.eva) }
  }

  /** Does it. Null where nobody is answered. */
  private async act(command: Command, before: Seen): Promise<Result<unknown> | null> {
    switch (command.do) {
      case 'nothing':
        return null
      case 'pass':
        await this.cutCallsShort()
        this.land(before.now + (command.tens * 600 + SPARE_SECONDS) * 1000)
        await this.pass(command.tens * 600)
        return null
      case 'work':
        await this.work(command, before)
        return null
      case 'go on': {
        const worker = this.standing.shift()
        if (worker) await this.toTheEnd(worker)
        return null
      }
      case 'perform again':
        if (this.lastClaim) await perform(this.world.db, await this.unfenced(this.lastClaim))
        return null
      case 'ring twice': {
        const subjectId = before.sides[command.who].grants[0]?.id
        if (subjectId) await Promise.all([1, 2].map(() => performDue(this.world.db, { subjectId })))
        return null
      }
      case 'restart':
        await this.restart()
        return null
      case 'land':
        this.land()
        return null
      case 'sweep':
        await this.sweep()
        return null
      default:
        return this.ask(command as Act, before)
    }
  }

  private async ask(command: Act, { sides }: Seen): Promise<Result<unknown> | null> {
    const { world, people } = this
    const as = world.as(people[command.who])
    const [request] = sides[command.who].requests
    const [grant] = sides[command.who].grants
    if (command.do === 'ask') {
      const { entitlementId } = world
      return askForAccess(as, { entitlementId, seconds: lengths.access, reason: 'INC-2417', startAt: null })
    }
    if (command.do === 'vote' && request) {
      const { verdict, by } = command
      const decided = { requestId: request.id, verdict, note: 'said', version: request.version }
      return decideOnRequest(world.as(people[by]), decided)
    }
    if (command.do === 'withdraw' && request) return withdrawRequest(as, request.id)
    if (!grant) return null
    const grantId = grant.id
    if (command.do === 'ask for more')
      return askForExtension(as, { grantId, seconds: lengths.more, reason: 'one more run' })
    if (command.do === 'revoke') return revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' })
    if (command.do === 'give back') return returnGrant(as, { grantId, reason: '' })
    return null
  }

  private async work(command: Extract<Command, { do: 'work' }>, { due }: Seen): Promise<void> {
    const { db, target } = this.world
    const one = due[command.pick % due.length]
    if (!one) return
    await this.restsOver()
    const [claim] = await claimDue(db, 1, { subjectId: one.subjectId, kinds: [one.kind] })
    if (!claim) return
    this.lastClaim = claim
    const worker = new Worker(db, target, claim)
    worker.fate = command.fate
    if (command.until === 'end') return this.toTheEnd(worker)
    await worker.start()
    for (let i = 0; i < command.steps && !worker.over; i++) await this.release(worker)
    if (worker.over) return
    if (command.until === 'crash') await worker.kill()
    else this.standing.push(worker)
  }

  private async toTheEnd(worker: Worker): Promise<void> {
    if (!worker.started) await worker.start()
    while (!worker.over) await this.release(worker)
  }

  /** One step on. What the target was to do later is remembered. */
  private async release(worker: Worker): Promise<void> {
    await this.unfenced(worker.claim)
    const { calls } = this.world.target
    const before = calls.length
    const late = stillWorking.has(worker.fate)
    await worker.release()
    const change = calls
      .slice(before)
      .find(({ type }) => type === 'grant.provision' || type === 'grant.revoke')
    if (!change) return
    if (late)
      this.late.push({
        type: change.type as MessageType,
        data: change.data,
        by: this.seen.now + lengths.effectDelay * 1000,
      })
    worker.fate = 'well'
  }

  /** Where the fence is broken, nobody notices that a row was claimed or re-dated since: it looks as it did then. */
  private async unfenced(claim: Claim): Promise<Claim> {
    const { id, generation, fence } = claim
    if (this.broken === 'no fence')
      await this.world.db.update(schema.work).set({ generation, fence }).where(eq(schema.work.id, id))
    return claim
  }

  /** A call is shorter than any time that passes: whoever stands in one has lost its claim and is cut off. */
  private async cutCallsShort(): Promise<void> {
    for (const worker of [...this.standing]) {
      if (!worker.stop?.startsWith('call')) continue
      this.standing.splice(this.standing.indexOf(worker), 1)
      await worker.kill()
    }
  }

  /** Does what the target put off: all of it, or what has to be done by then. */
  private land(by = Number.POSITIVE_INFINITY): void {
    const due = this.late.filter((one) => one.by <= by)
    this.late = this.late.filter((one) => one.by > by)
    for (const { type, data } of due) this.world.target.state.answer(type, data)
  }

  private async pass(seconds: number): Promise<void> {
    await this.world.db.execute(sql`update clock set offset_ms = offset_ms + ${seconds * 1000}::bigint`)
  }

  /** Moves the clock to when something is due next. False where nothing ever is. */
  private async toTheNext(): Promise<boolean> {
    const moved = await this.world.db.execute(sql`
      update clock set offset_ms = offset_ms + ceil(extract(epoch from next.due - leasehold_now()) * 1000)::bigint
      from (select min(due_at) as due from work where kind in ${[...handled]} and due_at > leasehold_now()) next
      where next.due is not null returning id`)
    return moved.length > 0
  }

  private async restart(): Promise<void> {
    await this.world.db.execute(sql`
      with given_back as (update "grant" set call_until = null where call_until is not null)
      update work set lease_until = null where lease_until is not null`)
  }

  /** Rests, backoff and rate limits count unshifted time, which a test does not wait for. */
  private async restsOver(): Promise<void> {
    await this.world.db.execute(sql`
      with rested as (
        update connection set resume_at = null, breaker_until = null, breaker_opened_at = null, breaker_failures = 0, tokens = null
      )
      update work set not_before = null where not_before is not null`)
  }

  private async sweep(): Promise<void> {
    for (let tries = 0; tries < TRIES && (await this.isDue(false)); tries++) {
      await this.restsOver()
      while (await this.isDue(true))
        if ((await performDue(this.world.db, { kinds: handled, width: SWEEP_WIDTH })) === 0) break
    }
  }

  /** Whether anything is due that nobody has in hand; or only what does not rest. Claiming to learn that takes longer. */
  private async isDue(atOnce: boolean): Promise<boolean> {
    const rests = atOnce ? sql`and (not_before is null or not_before <= clock_timestamp())` : sql``
    const [row] = await this.world.db.execute<{ due: boolean }>(sql`
      select exists (select from work where kind in ${[...handled]} and due_at <= leasehold_now()
        and (lease_until is null or lease_until <= clock_timestamp()) ${rests}) as due`)
    return row!.due
  }
}
