import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import type { EndReason, GrantState } from '@/lib/domain/grant'
import type { RequestKind, RequestState } from '@/lib/domain/request'
import type { WorkKind } from '@/lib/domain/work'
import { type HolderName, handled, holders } from './commands'

export interface SeenRequest {
  readonly id: string
  readonly kind: RequestKind
  readonly state: RequestState
  readonly grantId: string | null
  /** Milliseconds, as are all moments here, on the domain's clock. */
  readonly decideBy: number
  readonly version: number
  readonly votedBy: readonly string[]
}

export interface SeenGrant {
  readonly id: string
  readonly state: GrantState
  readonly startBy: number
  readonly firstGiveAt: number | null
  /** When the target was last asked to give it, by the give's own work. */
  readonly calledAt: number | null
  readonly grantedAt: number | null
  readonly endsAt: number | null
  readonly endReason: EndReason | null
  readonly extensions: number
  readonly version: number
  /** Its work, and whether the notice for its present end is written. */
  readonly armed: Readonly<Partial<Record<WorkKind, number>>>
  readonly noticed: boolean
}

/** What is on record about one person, the newest first. */
export interface Side {
  readonly requests: readonly SeenRequest[]
  readonly grants: readonly SeenGrant[]
}

export interface Seen {
  readonly now: number
  readonly sides: Readonly<Record<HolderName, Side>>
  /** What is due of a lease, in the order of the due queue. */
  readonly due: readonly { readonly kind: WorkKind; readonly subjectId: string }[]
  /** How much some process, dead or alive, has in hand: work, and calls that nothing of the same access may overlap. */
  readonly inHand: number
}

const ms = (column: string) => sql.raw(`floor(extract(epoch from ${column}) * 1000)::float8`)

/** Reads the whole record in one statement. */
export async function look(db: Db, people: Readonly<Record<HolderName, { id: string }>>): Promise<Seen> {
  const [row] = await db.execute<{
    now: number
    inHand: number
    due: Seen['due']
    requests: (SeenRequest & { personId: string })[]
    grants: (SeenGrant & { personId: string })[]
  }>(sql`
    select ${ms('leasehold_now()')} as now,
      ((select count(*) from work where lease_until > clock_timestamp())
        + (select count(*) from "grant" where call_until > clock_timestamp()))::int as "inHand",
      coalesce((select json_agg(json_build_object('kind', kind, 'subjectId', subject_id) order by priority, due_at, id)
        from work where kind in ${[...handled]} and due_at <= leasehold_now() and (lease_until is null or lease_until <= clock_timestamp())), '[]') as due,
      coalesce((select json_agg(json_build_object('id', id, 'kind', kind, 'state', state, 'grantId', grant_id,
          'decideBy', ${ms('decide_by')}, 'version', version, 'personId', person_id,
          'votedBy', (select coalesce(json_agg(d.person_id), '[]') from decision d where d.request_id = r.id))
        order by asked_at desc, id desc) from request r), '[]') as requests,
      coalesce((select json_agg(json_build_object('id', id, 'state', state, 'personId', person_id,
          'startBy', ${ms('start_by')}, 'firstGiveAt', ${ms('first_give_at')},
          'calledAt', (select ${ms("(w.memo->>'lastCallAt')::timestamptz")} from work w where w.subject_id = g.id and w.kind = 'give'),
          'grantedAt', ${ms('granted_at')},
          'endsAt', ${ms('ends_at')}, 'endReason', end_reason, 'extensions', extensions, 'version', version,
          'armed', (select coalesce(json_object_agg(w.kind, ${ms('w.due_at')} order by w.kind), '{}') from work w where w.subject_id = g.id),
          'noticed', exists (select from mail m where m.grant_id = g.id and m.kind = 'expiry-notice'
            and (m.data->>'endsAt')::timestamptz = g.ends_at))
        order by created_at desc, id desc) from "grant" g), '[]') as grants`)
  const { now, due, inHand, requests, grants } = row!
  const of = (who: HolderName): Side => ({
    requests: requests.filter((one) => one.personId === people[who].id),
    grants: grants.filter((one) => one.personId === people[who].id),
  })
  const sides = Object.fromEntries(holders.map((who) => [who, of(who)])) as Record<HolderName, Side>
  return { now, due, inHand, sides }
}
