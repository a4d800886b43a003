import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { startTarget, type Target } from '@/lib/connectors/testing/target'
import { HOUR, plus } from '@/lib/domain/duration'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { sealSecrets } from '@/lib/services/connections'
import { checkLedgerOf } from '@/lib/testing/check-ledger'

/** So many rows go into one statement: each has a few dozen values, of which one holds 65,535. */
const ROWS = 1000

/** Many people who hold one entitlement each of some systems, until the same moment. */
export interface Herd {
  readonly systems: readonly System[]
  readonly size: number
  /** How many have been taken from somebody so far, in all systems. */
  taken(): number
  /** Resolves when so many have been taken. */
  untilTaken(count: number): Promise<void>
  /** What holds at the end: everything is over, on record once and in the targets, and the ledger holds. */
  check(): Promise<void>
  close(): Promise<void>
}

/** So many systems, so many people who hold what each of them gives, and until when. */
export interface HerdSize {
  readonly systems: number
  readonly each: number
  readonly endsAt: Date
}

export interface System {
  readonly target: Target
  readonly connectionId: string
  readonly grantIds: readonly string[]
}

async function insertAll<R>(rows: readonly R[], insert: (some: R[]) => PromiseLike<unknown>): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS) await insert(rows.slice(i, i + ROWS))
}

/** Puts the herd into a database, as if each had been asked for, agreed to by a rule and given six hours ago. */
export async function createHerd(db: Db, { systems: many, each, endsAt }: HerdSize): Promise<Herd> {
  await db.insert(schema.organisation).values({ name: 'Halden', floorSeconds: 900 }).onConflictDoNothing()
  const people = Array.from({ length: each }, (_, i) => ({
    id: newId(),
    name: `Person ${i}`,
    email: `p${i}@halden.example`,
  }))
  await insertAll(people, (some) => db.insert(schema.person).values(some))
  await db
    .insert(schema.person)
    .values({ id: newId(), name: 'Ines', email: 'ines@halden.example', admin: true })
  const systems: System[] = []
  for (let i = 0; i < many; i++) systems.push(await createSystem(db, `System ${i}`, people, endsAt))

  const taken = () =>
    systems.reduce((n, one) => n + one.target.state.effects.filter(({ act }) => act === 'taken').length, 0)
  return {
    systems,
    size: many * each,
    taken,
    async untilTaken(count) {
      while (taken() < count)
        await Promise.race(systems.map(({ target }) => target.received(target.calls.length + 1)))
    },
    async check() {
      const wrong = await db.execute<{ id: string; state: string }>(sql`
        select g.id, g.state from "grant" g where g.state <> 'ended' or g.end_reason <> 'expired' or not g.verified
          or (select count(*) from timeline t where t.subject_id = g.id and t.verb = 'seen_absent') <> 1`)
      if (wrong.length > 0)
        throw new Error(
          `${wrong.length} of ${many * each} did not end as they should: ${JSON.stringify(wrong[0])}`,
        )
      if (taken() !== many * each) throw new Error(`${taken()} of ${many * each} were taken`)
      await checkLedgerOf(
        db,
        systems.map(({ target }) => target.state),
      )
    },
    async close() {
      for (const { target } of systems) await target.close()
    },
  }
}

async function createSystem(
  db: Db,
  name: string,
  people: readonly { readonly id: string; readonly name: string; readonly email: string }[],
  endsAt: Date,
): Promise<System> {
  const target = await startTarget()
  const [connectionId, applicationId, policyId, policyVersionId] = [newId(), newId(), newId(), newId()]
  const began = plus(endsAt, -6 * HOUR)
  await db.insert(schema.connection).values({
    id: connectionId,
    connector: 'webhook',
    config: { url: target.url, effectDelaySeconds: 0, endsSessions: false, listsHolders: true },
    secrets: sealSecrets(connectionId, { secret: target.secret }),
  })
  await db.insert(schema.application).values({ id: applicationId, name, connectionId })
  const { id: externalId } = target.state.addEntitlement({ name })
  const entitlementId = newId()
  await db
    .insert(schema.entitlement)
    .values({ id: entitlementId, applicationId, connectionId, externalId, name })
  const definition = { ...blankPolicy, entitlementIds: [entitlementId] }
  await db
    .insert(schema.policy)
    .values({ id: policyId, name, currentVersionId: policyVersionId, updatedAt: began })
  await db
    .insert(schema.policyVersion)
    .values({ id: policyVersionId, policyId, number: 1, name, definition, publishedAt: began })
  await db.insert(schema.policyEntitlement).values({ entitlementId, policyId })

  const leases = people.map((person) => {
    const account = target.state.addAccount({ id: randomUUID(), email: person.email, name: person.name })
    return { person, account, id: newId(), accountId: newId(), requestId: newId() }
  })
  for (const { account, id } of leases) {
    target.state.hold(externalId, account.id, { state: 'direct' })
    const effect = {
      at: began,
      act: 'given' as const,
      entitlement: externalId,
      account: account.id,
      grant: id,
    }
    target.state.effects.push(effect)
  }
  await insertAll(leases, (some) =>
    db.insert(schema.account).values(
      some.map(({ accountId: id, person, account }) => {
        const { email, name: called } = account
        return { id, connectionId, personId: person.id, externalId: account.id, name: called, email }
      }),
    ),
  )
  const length = { seconds: 6 * HOUR, noticeSeconds: HOUR }
  const of = { entitlementId, policyVersionId }
  await insertAll(leases, (some) =>
    db.insert(schema.grant).values(
      some.map(({ id, person, accountId }) => ({
        ...of,
        id,
        accountId,
        applicationId,
        state: 'active' as const,
        personId: person.id,
        mode: 'just-in-time' as const,
        durationSeconds: length.seconds,
        noticeSeconds: length.noticeSeconds,
        baseline: 'absent' as const,
        createdAt: began,
        startAt: began,
        startBy: endsAt,
        firstGiveAt: began,
        grantedAt: began,
        noticeSentAt: began,
        endsAt,
        version: 4,
      })),
    ),
  )
  await insertAll(leases, (some) =>
    db.insert(schema.request).values(
      some.map(({ requestId, id, person }) => ({
        ...of,
        ...length,
        id: requestId,
        grantId: id,
        kind: 'grant' as const,
        state: 'approved' as const,
        approval: 'automatic' as const,
        askerId: person.id,
        personId: person.id,
        askedSeconds: length.seconds,
        reason: 'INC-2417',
        steps: [],
        askId: requestId,
        stepOpenedAt: began,
        askedAt: began,
        decideFrom: began,
        decideBy: endsAt,
        decidedAt: began,
        version: 2,
      })),
    ),
  )
  const verbs = {
    request: ['asked', 'approved'],
    grant: ['scheduled', 'started', 'giving', 'given'],
  } as const
  const entries = leases.flatMap(({ id, requestId }) =>
    ([['request', requestId] as const, ['grant', id] as const] as const).flatMap(([subjectType, subjectId]) =>
      verbs[subjectType].map((verb, i) => {
        return { subjectType, subjectId, version: i + 1, verb, at: began, actorSystem: 'engine', data: {} }
      }),
    ),
  )
  await insertAll(entries, (some) => db.insert(schema.timeline).values(some))
  const work = leases.flatMap(({ id }) => {
    const armed = { subjectType: 'grant' as const, subjectId: id }
    return [
      { ...armed, kind: 'take' as const, connectionId, priority: 0, dueAt: endsAt },
      { ...armed, kind: 'alarm' as const, priority: 1, dueAt: plus(endsAt, 60) },
    ]
  })
  await insertAll(work, (some) => db.insert(schema.work).values(some))
  return { target, connectionId, grantIds: leases.map(({ id }) => id) }
}
