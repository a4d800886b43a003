import { type SQL, sql } from 'drizzle-orm'
import { type Database, schema, type Tx } from '@/db/client'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { DAY, HOUR } from '@/lib/domain/duration'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { sealSecrets } from '@/lib/services/connections'
import { keptDatabase } from './databases'
import type { Bench } from './part'
import { withoutIndexes } from './set-based'

const GRANTS = 1_000_000
const PEOPLE = 5_000
const APPLICATIONS = 40
const ENTITLEMENTS_EACH = 10
/** One in so many requests led to no grant. */
const REFUSED = 100
/** What is asked for lies in the last two years, evenly. */
const DAYS = 730
/** One more when what is seeded changes: what an earlier bench left is then made anew. */
const FORM = 1

/** The organisation that the parts about pages read, and an admin of it. */
export interface Organisation {
  readonly url: string
  readonly database: Database
  readonly grants: number
  readonly entries: number
  readonly adminId: string
  /** How long it took to make, in seconds; 0 where an earlier run had made it. */
  readonly madeInSeconds: number
}

/** That organisation, made now unless an earlier run made it. Close its database. */
export async function seededOrganisation(bench: Bench): Promise<Organisation> {
  const grants = Math.round(GRANTS * bench.scale)
  const name = `bench_organisation_${grants}`
  let { url, database } = await keptDatabase(bench.server, name)
  let madeInSeconds = 0
  if (!(await isMade(database, bench.seed))) {
    await database.close()
    await bench.server.drop(name)
    ;({ url, database } = await keptDatabase(bench.server, name))
    bench.say(`Making an organisation with ${grants} grants …`)
    const began = performance.now()
    await make(database, grants, bench)
    madeInSeconds = (performance.now() - began) / 1000
  }
  bench.closers.add(() => database.close())
  const [found] = await database.db.execute<{ grants: string; entries: string; admin_id: string }>(sql`
    select (select count(*) from "grant") as grants, (select count(*) from timeline) as entries,
      (select id from person where admin order by email limit 1) as admin_id`)
  return {
    url,
    database,
    grants: Number(found?.grants),
    entries: Number(found?.entries),
    adminId: found?.admin_id ?? '',
    madeInSeconds,
  }
}

async function isMade({ db }: Database, seed: number): Promise<boolean> {
  const [table] = await db.execute<{ there: boolean }>(
    sql`select to_regclass('bench_made') is not null as there`,
  )
  if (!table?.there) return false
  const rows = await db.execute(sql`select 1 from bench_made where form = ${FORM} and seed = ${seed}`)
  return rows.length > 0
}

async function make({ db }: Database, grants: number, { seed, say }: Bench): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local maintenance_work_mem = '512MB'`)
    await tx.execute(sql`set local work_mem = '256MB'`)
    // What the triggers write is written below, for all rows at once; what they refuse is not written at all.
    await tx.execute(sql`set local session_replication_role = replica`)
    const [clock] = await tx.execute<{ at: string }>(
      sql`select date_trunc('milliseconds', clock_timestamp()) as at`,
    )
    await addPeople(tx, Math.max(50, Math.round(PEOPLE * (grants / GRANTS))))
    await addOffers(tx, clock!.at)
    const large = ['grant', 'request', 'decision', 'timeline', 'timeline_mention', 'seal', 'work']
    await withoutIndexes(tx, large, async () => {
      await plan(tx, grants, { seed, now: sql`${clock!.at}::timestamptz` })
      say('… grants and requests')
      await addGrants(tx)
      say('… timelines')
      await addTimelines(tx)
      say('… indexes')
    })
    await tx.execute(sql`create table bench_made as select ${FORM}::int as form, ${seed}::bigint as seed`)
  })
  await db.execute(sql`vacuum analyze`)
}

const FIRST =
  'Aisha Bruno Clara David Elena Femi Grace Hugo Ida Jan Kofi Lea Milan Nora Omar Petra Quinn Rosa Sami Tara'
const LAST =
  'Abara Berg Costa Diaz Engel Fischer Gomes Hansen Ivanov Jensen Kaya Lang Moreau Novak Okoye Park Ricci Sato Turner Weiss'

async function addPeople(tx: Tx, count: number): Promise<void> {
  await tx.insert(schema.organisation).values({ name: 'Halden', floorSeconds: 900 }).onConflictDoNothing()
  await tx.execute(sql`
    create temporary table seeded_person on commit drop as
    select place, md5('person ' || place)::uuid as id from generate_series(0, ${count - 1}::int) as place`)
  await tx.execute(sql`
    insert into person (id, name, email, email_verified, title, team, time_zone, manager_id, admin, created_at)
    select id, f || ' ' || l, lower(f || '.' || l || '.' || place || '@halden.example'), leasehold_now(), 'Engineer',
      (array['Payments', 'Platform', 'Analytics', 'Finance', 'Support'])[1 + place % 5], 'Europe/Berlin',
      case when place > 0 then md5('person ' || place / 20)::uuid end, place = 0, leasehold_now() - interval '3 years'
    from seeded_person,
      lateral (select (string_to_array(${FIRST}, ' '))[1 + place % 20] as f,
        (string_to_array(${LAST}, ' '))[1 + place / 20 % 20] as l) as names`)
}

/** Applications behind one webhook each, every fifth without one, and a policy for each with five lengths. */
async function addOffers(tx: Tx, at: string): Promise<void> {
  const presets = [8 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY].map((seconds) => ({
    seconds,
    noticeSeconds: Math.min(seconds / 8, DAY),
  }))
  for (let a = 0; a < APPLICATIONS; a++) {
    const [applicationId, connectionId, policyId, versionId] = [newId(), newId(), newId(), newId()]
    const name = `${['Warehouse', 'Billing', 'Console', 'Ledger', 'Search', 'Mailroom', 'Registry', 'Vault'][a % 8]} ${a}`
    const byHand = a % 5 === 4
    if (!byHand)
      await tx.insert(schema.connection).values({
        id: connectionId,
        connector: 'webhook',
        config: { url: `http://127.0.0.1:9/${a}`, effectDelaySeconds: 0 },
        secrets: sealSecrets(connectionId, { secret: newSigningSecret() }),
      })
    await tx
      .insert(schema.application)
      .values({ id: applicationId, name, connectionId: byHand ? null : connectionId })
    const entitlements = Array.from({ length: ENTITLEMENTS_EACH }, (_, e) => ({
      id: newId(),
      applicationId,
      connectionId: byHand ? null : connectionId,
      externalId: `entitlement-${a * ENTITLEMENTS_EACH + e}`,
      name: `${['read', 'write', 'admin', 'deploy', 'audit'][e % 5]} ${['production', 'staging'][e % 2]} ${e}`,
    }))
    await tx.insert(schema.entitlement).values(entitlements)
    const entitlementIds = entitlements.map(({ id }) => id)
    const definition = { ...blankPolicy, entitlementIds, presets }
    const updatedAt = new Date(at)
    await tx.insert(schema.policy).values({ id: policyId, name, currentVersionId: versionId, updatedAt })
    await tx
      .insert(schema.policyVersion)
      .values({ id: versionId, policyId, number: 1, name, definition, publishedAt: updatedAt })
    await tx
      .insert(schema.policyEntitlement)
      .values(entitlementIds.map((entitlementId) => ({ entitlementId, policyId })))
  }
}

/** An id as the product makes it at that moment (UUID version 7), the same in every run. */
const idAt = (
  moment: SQL,
  of: string,
) => sql`(lpad(to_hex((extract(epoch from ${moment}) * 1000)::bigint), 12, '0')
  || '7' || substr(md5(${of}::text || n), 1, 3) || '8' || substr(md5(${of}::text || n), 4, 15))::uuid`

/**
 * What becomes of each grant, the newest first. No two are of one person and one entitlement. Lengths are drawn as
 * people do, short ones most; so what is active now are the long ones, and what was asked for of late.
 */
async function plan(tx: Tx, count: number, { seed, now }: { seed: number; now: SQL }): Promise<void> {
  const draw = (of: string, below: number) =>
    sql`((hashtextextended(${of}::text || n, ${seed}::bigint) & 9007199254740991) % ${below}::int)::int`
  await tx.execute(sql`
    create temporary table seeded on commit drop as
    select n, ${idAt(sql`asked_at`, 'grant')} as id, ${idAt(sql`asked_at`, 'request')} as request_id, p.id as person_id,
      p.manager_id as approver_id, p.email, e.id as entitlement_id, e.application_id, v.id as version_id,
      e.connection_id is null as by_hand, 'Ticket HAL-' || 1000 + n || ': ' || (array['look into a failed payment',
        'deploy the release', 'answer an audit question', 'repair an import', 'onboard a customer', 'rotate a key',
        'trace a slow query', 'close the quarter'])[1 + ${draw('why', 8)}] as reason,
      asked_at, approved_at, given_at, seconds, seconds / 8 as notice_seconds, late_ms, fate,
      case when fate not in ('permanent', 'failed') then given_at + seconds * interval '1 second' end as ends_at,
      case when fate = 'returned' then given_at + seconds * 0.4 * interval '1 second'
        when fate = 'ends' then given_at + seconds * interval '1 second' end as over_at,
      null::text as state
    from generate_series(0, ${count - 1}::int) as n
    join lateral (select (select count(*)::int from seeded_person) as people) as sizes on true
    join (select s.place, q.id, q.email, q.manager_id from seeded_person s join person q on q.id = s.id) as p
      on p.place = n % people
    join (select *, substr(external_id, 13)::int as place from entitlement) as e
      on e.place = (n / people + 7 * (n % people)) % ${APPLICATIONS * ENTITLEMENTS_EACH}::int
    join policy_entitlement pe on pe.entitlement_id = e.id
    join policy_version v on v.policy_id = pe.policy_id
    cross join lateral (select ${draw('fate', 1000)} as f, ${draw('length', 100)} as l,
      300 + ${draw('late', 1700)} as late_ms,
      date_trunc('milliseconds', ${now} - (n + 1) * interval '1 day' * ${DAYS}::int / ${count}::int) as asked_at) as drawn
    cross join lateral (select case when f < 5 then 'permanent' when f < 20 then 'failed' when f < 120 then 'returned'
        else 'ends' end as fate,
      (array[28800, 86400, 604800, 2592000, 7776000])[1 + (l >= 40)::int + (l >= 65)::int + (l >= 85)::int + (l >= 95)::int] as seconds,
      asked_at + (2 + n % 50) * interval '1 second' as approved_at) as course
    cross join lateral (select approved_at + (700 + n % 900) * interval '1 millisecond' as given_at) as giving`)
  await tx.execute(sql`
    update seeded set state = case
      when fate = 'failed' then 'failed'
      when n < ${Math.ceil(count / 2000)}::int then 'scheduled'
      when n < ${Math.ceil(count / 1900)}::int then 'provisioning'
      when over_at <= ${now} and fate = 'ends' and n % 4001 = 17 then 'revoking'
      when over_at <= ${now} then 'ended'
      else 'active' end`)
  await tx.execute(sql`create index on seeded (id)`)
  await tx.execute(sql`analyze seeded`)
}

async function addGrants(tx: Tx): Promise<void> {
  const given = sql`state in ('active', 'revoking', 'ended')`
  const over = sql`state in ('revoking', 'ended')`
  await tx.execute(sql`
    insert into "grant" (id, state, person_id, entitlement_id, application_id, policy_version_id, mode,
      duration_seconds, notice_seconds, created_at, start_at, start_by, baseline, first_give_at, granted_at, ends_at,
      end_reason, right_over_at, overdue_since, seen_absent_at, late_ms, verified, notice_sent_at, version)
    select id, state, person_id, entitlement_id, application_id, version_id,
      case when fate = 'permanent' then 'permanent' else 'just-in-time' end,
      case when fate <> 'permanent' then seconds end, case when fate <> 'permanent' then notice_seconds end, approved_at,
      approved_at, approved_at + interval '1 day', case when ${given} or state = 'provisioning' then 'absent' end,
      case when ${given} or state = 'provisioning' then approved_at end, case when ${given} then given_at end,
      case when ${given} then ends_at end,
      case when ${over} then case when fate = 'returned' then 'returned' else 'expired' end end,
      case when ${over} then over_at end,
      case when state = 'revoking' then over_at + interval '61 seconds' end,
      case when state = 'ended' then over_at + late_ms * interval '1 millisecond' end,
      case when state = 'ended' then late_ms end, case when state = 'ended' then not by_hand end,
      case when ${over} and fate = 'ends' then over_at - notice_seconds * interval '1 second' end,
      case when ${over} then 3 when ${given} then 2 when state = 'failed' then 2 else 1 end
    from seeded order by id`)
  await tx.execute(sql`
    insert into request (id, kind, state, asker_id, person_id, entitlement_id, policy_version_id, grant_id, seconds,
      notice_seconds, asked_seconds, reason, asked_at, decide_by, decided_at, version, steps, ask_id, step_opened_at,
      decide_from)
    select request_id, 'grant', 'approved', person_id, person_id, entitlement_id, version_id, id, seconds,
      notice_seconds, seconds, reason, asked_at, asked_at + interval '1 day', approved_at, 2, '[]', request_id,
      asked_at, asked_at
    from seeded order by request_id`)
  await tx.execute(sql`
    insert into request (id, kind, state, asker_id, person_id, entitlement_id, policy_version_id, seconds,
      notice_seconds, asked_seconds, reason, asked_at, decide_by, decided_at, version, steps, ask_id, step_opened_at,
      decide_from)
    select ${idAt(sql`asked_at`, 'refused')}, 'grant', (array['denied', 'withdrawn', 'lapsed'])[1 + n % 3], person_id,
      person_id, entitlement_id, version_id, seconds, notice_seconds, seconds, reason, asked_at,
      asked_at + interval '1 day', approved_at, 2, '[]', ${idAt(sql`asked_at`, 'refused')}, asked_at, asked_at
    from seeded where n % ${REFUSED}::int = 0`)
  await tx.execute(sql`
    insert into decision (id, request_id, step, person_id, verdict, decided_at)
    select ${idAt(sql`approved_at`, 'decision')}, request_id, 0, approver_id, 'approve', approved_at
    from seeded where approver_id is not null`)
  await tx.execute(sql`
    insert into work (kind, subject_type, subject_id, priority, due_at)
    select 'take', 'grant', id, 0, ends_at from seeded where state in ('active', 'revoking') and ends_at is not null`)
}

/**
 * Five entries for most: asked, approved, scheduled, given, seen gone. Each names whom and what it is about, and has a
 * seal of the right shape: no chain, since nobody verifies it here.
 */
async function addTimelines(tx: Tx): Promise<void> {
  const byApprover = sql`approver_id, case when approver_id is null then 'engine' end`
  await tx.execute(sql`
    insert into timeline (subject_type, subject_id, version, verb, at, actor_id, actor_system, data, salt)
    select subject_type, subject_id, version, verb, at, actor_id, actor_system, data, md5(subject_id || verb)::uuid
    from (
      select 'request' as subject_type, request_id as subject_id, 1 as version, 'asked' as verb, asked_at as at,
        person_id as actor_id, null as actor_system, jsonb_build_object('seconds', seconds, 'reason', reason) as data
      from seeded
      union all select 'request', request_id, 2, 'approved', approved_at, ${byApprover},
        jsonb_build_object('step', 0, 'seconds', seconds) from seeded
      union all select 'grant', id, 1, 'scheduled', approved_at, ${byApprover},
        jsonb_build_object('requestId', request_id, 'startAt', approved_at, 'seconds', seconds) from seeded
      union all select 'grant', id, 2, 'given', given_at, null, 'engine',
        jsonb_build_object('seenAt', given_at, 'endsAt', ends_at) from seeded where state in ('active', 'revoking', 'ended')
      union all select 'grant', id, 2, 'failed', given_at, null, 'engine', jsonb_build_object('why', 'start_by_over')
        from seeded where state = 'failed'
      union all select 'grant', id, 3, 'ending', over_at, case when fate = 'returned' then person_id end,
        case when fate <> 'returned' then 'engine' end,
        jsonb_build_object('reason', case when fate = 'returned' then 'returned' else 'expired' end)
        from seeded where state in ('revoking', 'ended')
    ) as told order by at, subject_id, version`)
  await tx.execute(sql`
    insert into timeline_mention (about_id, at, entry_id)
    select about_id, t.at, t.id from (
      select id as subject_id, person_id as about_id from seeded union all select id, application_id from seeded
      union all select request_id, person_id from seeded union all select request_id, application_id from seeded
    ) as named join timeline t on t.subject_id = named.subject_id order by about_id, t.at, t.id`)
  await tx.execute(sql`
    insert into seal (seq, entry_id, payload_hash, hash, sealed_at)
    select id, id, encode(sha256(('payload ' || id)::bytea), 'hex'), encode(sha256(id::text::bytea), 'hex'), at
    from timeline order by id`)
}
