/** What the server's role catalogue says. Roles are always meant by oid: a name can be given away. */
import 'server-only'
import { type ConnectorAccount, type ConnectorEntitlement, ConnectorError } from '../contract'
import type { Sql } from './client'

/** PostgreSQL 16 gave memberships a grantor each and the options INHERIT and SET. */
const GRANTORS_SINCE = 160_000

export interface Pair {
  entitlement: ConnectorEntitlement
  account: ConnectorAccount
}

export interface RolePair {
  /** `server_version_num`. */
  version: number
  entitlement: string
  account: string
  superuserRole: boolean
  superuserAccount: boolean
  builtIn: boolean
}

function oid(id: string, what: string): string {
  if (/^[1-9]\d{0,9}$/.test(id) && Number(id) < 2 ** 32) return id
  throw new ConnectorError('misconfigured', `“${id}” is not the oid of ${what}.`)
}

export const entitlementOid = (entitlement: ConnectorEntitlement) => oid(entitlement.id, 'a role')
export const accountOid = (account: ConnectorAccount) => oid(account.id, 'a login role')

export const entitlementGone = (entitlement: ConnectorEntitlement) =>
  new ConnectorError('entitlement_missing', `The role “${entitlement.name}” no longer exists.`)

/** Both roles by oid, or the error that proves which one is gone. */
export async function readPair(sql: Sql, pair: Pair): Promise<RolePair> {
  const [row] = await sql<[Partial<RolePair> & { version: number }]>`
    select current_setting('server_version_num')::int as version,
      e.rolname as entitlement, a.rolname as account,
      e.rolsuper as "superuserRole", a.rolsuper as "superuserAccount", e.rolname like 'pg\\_%' as "builtIn"
    from (select 1) as one
    left join pg_roles e on e.oid = ${entitlementOid(pair.entitlement)}::oid
    left join pg_roles a on a.oid = ${accountOid(pair.account)}::oid`
  if (!row.entitlement) throw entitlementGone(pair.entitlement)
  if (!row.account) {
    throw new ConnectorError('principal_missing', `The login role “${pair.account.name}” no longer exists.`)
  }
  return row as RolePair
}

/** One direct membership; PostgreSQL 16 and later may hold several, one per grantor. */
export interface Membership {
  grantor: string
  /** Given by a role the operator acts as, so ours to take. */
  ours: boolean
  /** Carries INHERIT or SET, that is, it lets the account use the role. */
  usable: boolean
}

/**
 * Whether the operator (`me`) can take the membership `m` that `g` gave. A superuser's grants are recorded under the
 * bootstrap superuser (oid 10), and it may act as anyone: only those two count as its own. Before version 16 there is
 * one membership, whoever gave it last.
 */
export const oursSql = (sql: Sql) => sql`
  (current_setting('server_version_num')::int < ${GRANTORS_SINCE}::int or m.grantor = me.oid
    or case when me.rolsuper then m.grantor = 10 else coalesce(pg_has_role(me.oid, g.oid, 'USAGE'), false) end)`

/** Every direct membership of an account in a role. */
export async function readMemberships(sql: Sql, pair: Pair): Promise<Membership[]> {
  return await sql<Membership[]>`
    select coalesce(g.rolname, 'a dropped role') as grantor,
      ${oursSql(sql)} as ours,
      coalesce((to_jsonb(m)->>'inherit_option')::bool, true)
        or coalesce((to_jsonb(m)->>'set_option')::bool, true) as usable
    from pg_auth_members m
    join pg_roles me on me.rolname = current_user
    left join pg_roles g on g.oid = m.grantor
    where m.roleid = ${entitlementOid(pair.entitlement)}::oid and m.member = ${accountOid(pair.account)}::oid
    order by g.rolname`
}

/** Whether the account can use the role in any way, and through which roles it is a direct member of. */
export async function readEffective(
  sql: Sql,
  pair: Pair,
  version: number,
): Promise<{ effective: boolean; via: string[] }> {
  const role = entitlementOid(pair.entitlement)
  const account = accountOid(pair.account)
  const [row] = await sql<[{ effective: boolean; via: string[] | null }]>`
    with kinds as (
      select unnest(case when ${version}::int >= ${GRANTORS_SINCE}::int
        then array['USAGE', 'SET'] else array['MEMBER'] end) as kind
    )
    select
      (select bool_or(pg_has_role(${account}::oid, ${role}::oid, kind)) from kinds) as effective,
      (select json_agg(distinct b.rolname) from pg_auth_members m join pg_roles b on b.oid = m.roleid
        where m.member = ${account}::oid and b.oid <> ${role}::oid
          and exists (select 1 from kinds where pg_has_role(b.oid, ${role}::oid, kind))) as via`
  return { effective: row.effective, via: row.via ?? [] }
}

/** The statement that gives, with names quoted by the server and looked up by oid. */
export async function grantStatement(sql: Sql, pair: Pair, version: number): Promise<string> {
  const options = version >= GRANTORS_SINCE ? ' with admin false, inherit true, set true' : ''
  const [row] = await sql<{ statement: string }[]>`
    select format('grant %I to %I', e.rolname, a.rolname) || ${options}::text as statement
    from pg_roles e, pg_roles a
    where e.oid = ${entitlementOid(pair.entitlement)}::oid and a.oid = ${accountOid(pair.account)}::oid`
  return statementOf(row)
}

/** The statement that takes what `grantor` gave; before version 16 there is nothing to choose. */
export async function revokeStatement(
  sql: Sql,
  pair: Pair,
  version: number,
  grantor: string,
): Promise<string> {
  const [row] = await sql<{ statement: string }[]>`
    select format('revoke %I from %I', e.rolname, a.rolname)
      || case when ${version}::int >= ${GRANTORS_SINCE}::int
           then format(' granted by %I', ${grantor}::text) else '' end as statement
    from pg_roles e, pg_roles a
    where e.oid = ${entitlementOid(pair.entitlement)}::oid and a.oid = ${accountOid(pair.account)}::oid`
  return statementOf(row)
}

function statementOf(row: { statement: string } | undefined): string {
  if (row) return row.statement
  throw new ConnectorError('retryable', 'A role disappeared while the change was being prepared.')
}
