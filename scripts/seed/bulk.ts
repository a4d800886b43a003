import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import type { SubjectType, TimelineVerb } from '@/lib/domain/timeline'

const FIRST =
  'Aisha Bruno Clara David Elena Femi Grace Hugo Ida Jan Kofi Lea Milan Nora Omar Petra Quinn Rosa Sami Tara'
const LAST =
  'Abara Berg Costa Diaz Engel Fischer Gomes Hansen Ivanov Jensen Kaya Lang Moreau Novak Okoye Park Ricci Sato Turner Weiss'
const PER_PERSON = 50
const MOST_PEOPLE = 2_000
const BATCH = 20_000

/**
 * Fills the organisation up to `wanted` grants with ended ones, spread over the last two years, each with its
 * request, decision and complete timeline, and with the people who held them. For trying the screens at size.
 */
export async function addGrants(db: Db, wanted: number): Promise<void> {
  const [row] = await db.execute<{ n: string }>(sql`select count(*) as n from "grant"`)
  const missing = wanted - Number(row?.n ?? 0)
  if (missing <= 0) return
  await addPeople(db, Math.min(MOST_PEOPLE, Math.ceil(missing / PER_PERSON)))
  await listPeopleAndOffers(db)
  for (let from = 0; from < missing; from += BATCH) {
    await planBatch(db, from, Math.min(missing, from + BATCH), missing)
    await insertBatch(db)
    await db.execute(sql`drop table bulk`)
  }
  await db.execute(sql`analyze`)
}

async function addPeople(db: Db, count: number): Promise<void> {
  await db.execute(sql`
    insert into person (id, name, email, email_verified, title, team, time_zone, manager_id, created_at)
    select gen_random_uuid(), f || ' ' || l, lower(f || '.' || l || '.' || n || '@halden.example'),
      leasehold_now(), 'Engineer', (array['Payments', 'Platform', 'Analytics', 'Finance', 'Support'])[1 + n % 5],
      'Europe/Berlin', (select id from person where admin order by id limit 1), leasehold_now() - interval '2 years'
    from generate_series(1, ${count}::int) as n,
      lateral (select (string_to_array(${FIRST}, ' '))[1 + n % 20] as f,
        (string_to_array(${LAST}, ' '))[1 + n / 20 % 20] as l) as names
    on conflict do nothing`)
}

/** Numbered lists to draw from: people with whoever agrees for them, and every length of every policy. */
async function listPeopleAndOffers(db: Db): Promise<void> {
  await db.execute(sql`
    create temporary table bulk_person as
    select row_number() over (order by email) - 1 as place, id, email, manager_id as approver_id
    from person where deactivated_at is null and manager_id is not null`)
  await db.execute(sql`
    create temporary table bulk_offer as
    select row_number() over (order by a.name, e.name, preset.place) - 1 as place, e.id as entitlement_id,
      a.id as application_id, a.connection_id is null as by_hand, v.id as version_id,
      (preset.value ->> 'seconds')::int as seconds, (preset.value ->> 'noticeSeconds')::int as notice_seconds
    from policy_entitlement pe
    join policy p on p.id = pe.policy_id
    join policy_version v on v.id = p.current_version_id
    join entitlement e on e.id = pe.entitlement_id
    join application a on a.id = e.application_id
    cross join lateral jsonb_array_elements(v.definition -> 'presets') with ordinality as preset (value, place)
    where v.definition ->> 'mode' = 'just-in-time'`)
}

/** The moments of each grant of a batch. One in nine was given back early, before its notice. */
async function planBatch(db: Db, from: number, to: number, all: number): Promise<void> {
  await db.execute(sql`
    create temporary table bulk as
    select n, gen_random_uuid() as grant_id, gen_random_uuid() as request_id, p.id as person_id, p.email,
      p.approver_id, o.entitlement_id, o.application_id, o.by_hand, o.version_id, o.seconds, o.notice_seconds,
      asked_at, approved_at, given_at, given_at + o.seconds * interval '1 second' as ends_at, returned, late_ms,
      given_at + o.seconds * case when returned then 0.4 else 1 end * interval '1 second' as over_at
    from generate_series(${from}::int, ${to - 1}::int) as n
    join bulk_person p on p.place = n % (select count(*) from bulk_person)
    join bulk_offer o on o.place = n / 7 % (select count(*) from bulk_offer)
    cross join lateral (
      select date_trunc('milliseconds', leasehold_now() - interval '5 days' - n * interval '700 days' / ${all}::int) as asked_at,
        n % 9 = 4 as returned, 300 + n * 37 % 1700 as late_ms
    ) as facts
    cross join lateral (select asked_at + (2 + n * 13 % 50) * interval '1 minute' as approved_at) as approval
    cross join lateral (select approved_at + (700 + n * 11 % 900) * interval '1 millisecond' as given_at) as giving`)
}

async function insertBatch(db: Db): Promise<void> {
  await db.execute(sql`
    insert into "grant" (id, state, person_id, entitlement_id, application_id, policy_version_id, mode,
      duration_seconds, notice_seconds, created_at, start_at, start_by, baseline, first_give_at, granted_at, ends_at,
      end_reason, right_over_at, seen_absent_at, late_ms, verified, notice_sent_at, version)
    select grant_id, 'ended', person_id, entitlement_id, application_id, version_id, 'just-in-time', seconds,
      notice_seconds, approved_at, approved_at, approved_at + interval '1 day', 'absent', approved_at, given_at, ends_at,
      case when returned then 'returned' else 'expired' end, over_at, over_at + late_ms * interval '1 millisecond',
      late_ms, not by_hand, case when returned then null else ends_at - notice_seconds * interval '1 second' end,
      case when returned then 7 else 8 end
    from bulk`)
  await db.execute(sql`
    insert into request (id, kind, state, asker_id, person_id, entitlement_id, policy_version_id, grant_id, seconds,
      notice_seconds, asked_seconds, reason, asked_at, decide_by, decided_at, version, steps, ask_id, step_opened_at,
      decide_from)
    select request_id, 'grant', 'approved', person_id, person_id, entitlement_id, version_id, grant_id, seconds,
      notice_seconds, seconds, 'Ticket HAL-' || 1000 + n, asked_at, asked_at + interval '1 day', approved_at, 2,
      (select v.definition -> 'steps' from policy_version v where v.id = version_id), request_id, asked_at, asked_at
    from bulk`)
  await db.execute(sql`
    insert into decision (id, request_id, step, person_id, verdict, decided_at)
    select gen_random_uuid(), request_id, 0, approver_id, 'approve', approved_at from bulk`)
  await insertTimelines(db)
}

async function insertTimelines(db: Db): Promise<void> {
  const absent = sql`over_at + late_ms * interval '1 millisecond'`
  const ending = sql`jsonb_build_object('reason', case when returned then 'returned' else 'expired' end)`
  const seenAbsent = sql`jsonb_build_object('seenAt', ${absent}, 'lateMs', late_ms, 'sessionsEnded', 0, 'wasOverdue', false)`
  const noticeAt = sql`ends_at - notice_seconds * interval '1 second'`
  const notice = sql`jsonb_build_object('to', email, 'endsAt', ends_at, 'dueAt', ${noticeAt}, 'lateMs', 400)`
  const asked = sql`jsonb_build_object('seconds', seconds, 'reason', 'Ticket HAL-' || 1000 + n)`
  const scheduled = sql`jsonb_build_object('requestId', request_id, 'startAt', approved_at, 'seconds', seconds)`
  const given = sql`jsonb_build_object('seenAt', given_at, 'endsAt', ends_at)`
  await tell(db, 'request', 1, 'asked', sql`asked_at`, { by: sql`person_id`, data: asked })
  const agreed = sql`jsonb_build_object('step', 0, 'seconds', seconds)`
  await tell(db, 'request', 2, 'approved', sql`approved_at`, { by: sql`approver_id`, data: agreed })
  await tell(db, 'grant', 1, 'scheduled', sql`approved_at`, { by: sql`approver_id`, data: scheduled })
  await tell(db, 'grant', 2, 'started', sql`approved_at`, {})
  await tell(db, 'grant', 3, 'giving', sql`approved_at`, { data: sql`'{"baseline": "absent"}'::jsonb` })
  await tell(db, 'grant', 4, 'given', sql`given_at`, { data: given })
  await tell(db, 'grant', 5, 'notice_sent', noticeAt, { data: notice, only: sql`not returned` })
  await tell(db, 'grant', 6, 'ending', sql`over_at`, { data: ending, only: sql`not returned` })
  await tell(db, 'grant', 5, 'ending', sql`over_at`, {
    by: sql`person_id`,
    data: ending,
    only: sql`returned`,
  })
  for (const [version, only] of [
    [7, sql`not returned`],
    [6, sql`returned`],
  ] as const) {
    await tell(db, 'grant', version, 'seen_absent', absent, {
      data: seenAbsent,
      only: sql`${only} and not by_hand`,
    })
    await tell(db, 'grant', version, 'answered_absent', absent, {
      data: seenAbsent,
      only: sql`${only} and by_hand`,
    })
    await tell(db, 'grant', version + 1, 'settled', sql`${absent} + interval '15 seconds'`, { only })
  }
}

/** One entry for every grant of the batch: by a person, else by the engine. */
async function tell(
  db: Db,
  subject: SubjectType,
  version: number,
  verb: TimelineVerb,
  at: SQL,
  entry: { by?: SQL; data?: SQL; only?: SQL },
): Promise<void> {
  const id = subject === 'grant' ? sql`grant_id` : sql`request_id`
  await db.execute(sql`
    insert into timeline (subject_type, subject_id, version, verb, at, actor_id, actor_system, data)
    select ${subject}::text, ${id}, ${version}::int, ${verb}::text, ${at}, ${entry.by ?? sql`null::uuid`},
      ${entry.by ? sql`null::text` : sql`'engine'`}, ${entry.data ?? sql`'{}'::jsonb`}
    from bulk where ${entry.only ?? sql`true`} order by n`)
}
