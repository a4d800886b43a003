import { type SQL, sql } from 'drizzle-orm'
import { type Database, schema } from '@/db/client'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { sealSecrets } from '@/lib/services/connections'
import { accountAt, entitlementAt } from './target'

/** Many active leases, and the takes that stand armed for their ends. */
export interface Leases {
  readonly count: number
  /** Where they are: entitlement `e` belongs to connection `e % connections`. */
  readonly connections: number
  readonly entitlements: number
  /** Of the target behind all connections. */
  readonly url: string
  /** When the lease of number `n` ends; SQL over `n` and the parameter that is the moment everything is planted at. */
  readonly endsAt: (n: SQL, plantedAt: SQL) => SQL
  /** It was held before us: at the end nothing is taken, and only the record changes. */
  readonly preexisting?: boolean
  /** Their applications are archived: nobody looks after the connections, which would be other work. */
  readonly archived?: boolean
  /** Whether each has its entry in the timeline. */
  readonly timeline?: boolean
}

/** How many people there have to be, so that nobody holds the same twice. */
export const peopleFor = ({ count, entitlements }: Pick<Leases, 'count' | 'entitlements'>) =>
  Math.ceil(count / entitlements)

/** Writes them in one transaction, so that no engine sees half of them. The moment that `plantedAt` stood for. */
export async function plantLeases({ db }: Database, leases: Leases): Promise<Date> {
  const { count, entitlements } = leases
  const people = peopleFor(leases)
  return db.transaction(async (tx) => {
    const [clock] = await tx.execute<{ at: string }>(
      sql`select date_trunc('milliseconds', clock_timestamp()) as at`,
    )
    const plantedAt = sql`${clock!.at}::timestamptz`
    const versionId = newId()
    await tx.insert(schema.organisation).values({ name: 'Halden', floorSeconds: 900 }).onConflictDoNothing()
    const policyId = newId()
    await tx
      .insert(schema.policy)
      .values({ id: policyId, name: 'Bench', currentVersionId: versionId, updatedAt: new Date(clock!.at) })
    await tx.insert(schema.policyVersion).values({
      id: versionId,
      policyId,
      number: 1,
      name: 'Bench',
      definition: blankPolicy,
      publishedAt: new Date(clock!.at),
    })
    for (let c = 0; c < leases.connections; c++) {
      const id = newId()
      await tx.insert(schema.connection).values({
        id,
        connector: 'webhook',
        config: { url: leases.url, effectDelaySeconds: 0 },
        secrets: sealSecrets(id, { secret: newSigningSecret() }),
      })
      const applicationId = newId()
      const archivedAt = leases.archived ? new Date(clock!.at) : null
      await tx
        .insert(schema.application)
        .values({ id: applicationId, name: `System ${c}`, connectionId: id, archivedAt })
      for (let e = c; e < entitlements; e += leases.connections)
        await tx.insert(schema.entitlement).values({
          id: newId(),
          applicationId,
          connectionId: id,
          externalId: entitlementAt(e),
          name: entitlementAt(e),
        })
    }
    await tx.execute(sql`
      create temporary table planted_person on commit drop as
      select place, gen_random_uuid() as id from generate_series(0, ${people - 1}::int) as place`)
    await tx.execute(sql`
      insert into person (id, name, email, created_at)
      select id, 'Person ' || place, 'p' || place || '@halden.example', ${plantedAt} from planted_person`)
    await tx.execute(sql`
      insert into account (id, connection_id, person_id, external_id, name, email)
      select gen_random_uuid(), c.id, p.id, ${accountAt(0).replace('0', '')} || p.place, 'Person ' || p.place,
        'p' || p.place || '@halden.example'
      from connection c cross join planted_person p`)
    await tx.execute(sql`
      create temporary table planted on commit drop as
      select n, gen_random_uuid() as id, p.id as person_id, e.id as entitlement_id, e.application_id, e.connection_id,
        a.id as account_id, ${plantedAt} - interval '6 hours' as began, ${leases.endsAt(sql`n`, plantedAt)} as ends_at
      from generate_series(0, ${count - 1}::int) as n
      join planted_person p on p.place = n / ${entitlements}::int
      join entitlement e on e.external_id = ${entitlementAt(0).replace('0', '')} || n % ${entitlements}::int
      join account a on a.connection_id = e.connection_id and a.person_id = p.id`)
    const held = leases.preexisting ?? false
    await tx.execute(sql`
      insert into "grant" (id, state, person_id, entitlement_id, application_id, policy_version_id, mode,
        duration_seconds, notice_seconds, account_id, baseline, preexisting, created_at, start_at, start_by,
        first_give_at, granted_at, notice_sent_at, ends_at)
      select id, 'active', person_id, entitlement_id, application_id, ${versionId}::uuid, 'just-in-time', 21600, 3600,
        account_id, ${held ? 'direct' : 'absent'}::text, ${held}::boolean, began, began, began + interval '1 day', began,
        began, began, ends_at
      from planted`)
    if (leases.timeline ?? true)
      await tx.execute(sql`
        insert into timeline (subject_type, subject_id, version, verb, at, actor_system, data)
        select 'grant', id, 1, 'given', began, 'engine', '{}' from planted order by n`)
    await tx.execute(sql`
      insert into work (kind, subject_type, subject_id, connection_id, priority, due_at)
      select 'take', 'grant', id, connection_id, 0, ends_at from planted order by n`)
    return new Date(clock!.at)
  })
}
