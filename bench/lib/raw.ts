import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { schema } from '@/db/client'
import { grantOrder } from '@/db/schema/grant-order'
import type { GrantView } from '@/lib/grant-url'
import { MOST_COUNTED } from '@/lib/grant-views'

/** A page of the table as somebody would write it by hand: its rows with their names, and how many match. */
export type RawList = (db: Db) => Promise<unknown[]>

const queue = grantOrder(schema.grant).queue
const live = sql`state in ('scheduled', 'provisioning', 'active', 'revoking')`

const columns = sql`g.*, p.name as person, p.team, a.name as application, a.connection_id, e.name as entitlement,
  v.name as policy, r.reason`

/** The rows around ids that were found in the table's order. */
const joined = (ids: SQL) => sql`select ${columns} from (${ids}) as found join "grant" g on g.id = found.id
  join person p on p.id = g.person_id join application a on a.id = g.application_id
  join entitlement e on e.id = g.entitlement_id join policy_version v on v.id = g.policy_version_id
  left join request r on r.grant_id = g.id and r.kind = 'grant'`

function list(where: SQL, order: SQL = sql`${queue}, id`): RawList {
  return async (db) => {
    const [rows] = await Promise.all([
      db.execute(joined(sql`select id from "grant" where ${where} order by ${order} limit 50`)),
      db.execute(sql`
        select count(*) from (select 1 from "grant" where ${where} limit ${MOST_COUNTED + 1}) as few`),
    ])
    return [...rows]
  }
}

/** Eight sets of filters as people use them, each as the table's view and in SQL. */
export async function rawFilters(
  db: Db,
): Promise<{ words: string; view: Partial<GrantView>; raw: RawList }[]> {
  const [some] = await db.execute<{ person: string; application: string; entitlement: string }>(sql`
    select person_id as person, application_id as application, entitlement_id as entitlement from "grant"
    where state = 'ended' order by id offset 1000 limit 1`)
  const { person, application, entitlement } = some!
  return [
    { words: 'Everything', view: {}, raw: list(sql`true`) },
    {
      words: 'Active',
      view: { tab: 'active' },
      raw: list(sql`${live} and ${queue} < timestamp '4000-01-01'`),
    },
    {
      words: 'One application',
      view: { applications: [application] },
      raw: list(sql`application_id = ${application}::uuid`),
    },
    { words: 'One person', view: { people: [person] }, raw: list(sql`person_id = ${person}::uuid`) },
    {
      words: 'One entitlement, over',
      view: { tab: 'inactive', entitlements: [entitlement] },
      raw: list(sql`entitlement_id = ${entitlement}::uuid and state in ('ended', 'failed')`),
    },
    {
      words: 'Ending in 24 hours',
      view: { expiry: { kind: 'preset', preset: 'next-24h' } },
      raw: list(
        sql`${live} and ends_at > clock_timestamp() and ends_at <= clock_timestamp() + interval '24 hours'`,
      ),
    },
    {
      words: 'Failed, last granted first',
      view: { statuses: ['failed'], sort: 'granted', descending: true },
      raw: list(sql`state = 'failed'`, sql`${grantOrder(schema.grant).granted} desc, id desc`),
    },
    {
      words: 'By person’s name',
      view: { sort: 'person' },
      raw: async (db) => {
        const [rows] = await Promise.all([
          db.execute(
            joined(sql`select g.id, lower(q.name) as name from "grant" g join person q on q.id = g.person_id
              order by lower(q.name), g.id limit 50`),
          ),
          db.execute(sql`select count(*) from (select 1 from "grant" limit ${MOST_COUNTED + 1}) as few`),
        ])
        return [...rows]
      },
    },
  ]
}

/** The search by substring as the trigram indexes answer it: whoever, wherever and whatever is called so, or says so. */
export function rawSearch(q: string): RawList {
  const pattern = `%${q}%`
  const said = sql`
    select grant_id as id from request where reason ilike ${pattern} and grant_id is not null
    union select id from "grant" where person_id in (
      select id from person where name ilike ${pattern} or email ilike ${pattern})
    union select id from "grant" where application_id in (select id from application where name ilike ${pattern})
    union select id from "grant" where entitlement_id in (select id from entitlement where name ilike ${pattern})`
  return async (db) => {
    const rows = await db.execute(
      joined(sql`select id from "grant" where id in (${said}) order by ${queue}, id limit 50`),
    )
    return [...rows]
  }
}
