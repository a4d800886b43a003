import 'server-only'
import type { ConnectorContext, ConnectorEntitlement, Holder, ListedEntitlement, Page } from '../contract'
import { ConnectorError } from '../contract'
import { withClient } from './client'
import type { PostgresConfig } from './config'
import { entitlementGone, entitlementOid, oursSql } from './roles'

const PAGE_SIZE = 200

type Ctx = ConnectorContext<PostgresConfig>

function pageOf<Row extends { id: string }, Item>(
  rows: readonly Row[],
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, PAGE_SIZE)
  return { items: shown.map(toItem), next: rows.length > PAGE_SIZE ? shown.at(-1)!.id : null }
}

/** The oid after which a page starts; pages are in the order of oids, which never change. */
function after(cursor: string | null): string {
  if (cursor === null) return '0'
  if (/^\d{1,10}$/.test(cursor)) return cursor
  throw new ConnectorError('rejected', 'This is not a cursor of ours.')
}

/** Roles without login, with the reason where one is not for lease. */
export async function listRoles(
  ctx: Ctx,
  { cursor }: { cursor: string | null },
): Promise<Page<ListedEntitlement>> {
  const rows = await withClient(
    ctx,
    (sql) => sql<{ id: string; name: string; description: string | null; reason: string | null }[]>`
      select r.oid::text as id, r.rolname::text as name,
        nullif(shobj_description(r.oid, 'pg_authid'), '') as description,
        case
          when r.rolname like 'pg\\_%' then 'Built into PostgreSQL.'
          when r.rolsuper then 'Superuser roles are never leased.'
          when pg_has_role(current_user, r.oid, 'USAGE WITH ADMIN OPTION') then null
          when current_setting('server_version_num')::int < 160000 and me.rolcreaterole then null
          else format('The operator “%s” has no ADMIN OPTION on this role.', current_user)
        end as reason
      from pg_roles r, pg_roles me
      where not r.rolcanlogin and me.rolname = current_user and r.oid > ${after(cursor)}::oid
      order by r.oid limit ${PAGE_SIZE + 1}`,
  )
  return pageOf(rows, ({ id, name, description, reason }) => ({
    id,
    name,
    ...(description ? { description } : {}),
    requestable: reason === null,
    ...(reason ? { reason } : {}),
  }))
}

/** Since version 16 only whoever granted a membership, or acts for them, takes it back. */
function fixedWords(grantors: readonly string[]): string {
  const names = grantors.map((name) => `“${name}”`).join(', ')
  return `It was granted by ${names}, and only whoever granted it can take it back. Have it granted by the operator instead.`
}

/**
 * Login roles that hold a role, directly or through others. Left out are the operator, whose ADMIN
 * OPTION is how we work, and superusers without a membership, who hold everything everywhere.
 */
export async function listHolders(
  ctx: Ctx,
  { entitlement, cursor }: { entitlement: ConnectorEntitlement; cursor: string | null },
): Promise<Page<Holder>> {
  const role = entitlementOid(entitlement)
  const rows = await withClient(ctx, async (sql) => {
    const known = await sql`select 1 from pg_roles where oid = ${role}::oid`
    if (known.length === 0) throw entitlementGone(entitlement)
    return sql<
      { id: string; name: string; direct: boolean; via: string[] | null; foreign: string[] | null }[]
    >`
      with kinds as (
        select unnest(case when current_setting('server_version_num')::int >= 160000
          then array['USAGE', 'SET'] else array['MEMBER'] end) as kind
      ), logins as (
        select a.oid, a.rolname, a.rolsuper, exists (
          select 1 from pg_auth_members m where m.roleid = ${role}::oid and m.member = a.oid
            and (coalesce((to_jsonb(m)->>'inherit_option')::bool, true)
              or coalesce((to_jsonb(m)->>'set_option')::bool, true))
        ) as direct
        from pg_roles a
        where a.rolcanlogin and a.rolname <> current_user
          and a.oid <> ${role}::oid and a.oid > ${after(cursor)}::oid
      )
      select a.oid::text as id, a.rolname::text as name, a.direct,
        case when not a.direct then
          (select json_agg(distinct b.rolname) from pg_auth_members m join pg_roles b on b.oid = m.roleid
            where m.member = a.oid and exists (select 1 from kinds where pg_has_role(b.oid, ${role}::oid, kind)))
        end as via,
        (select json_agg(distinct coalesce(g.rolname, 'a dropped role')) from pg_auth_members m
          join pg_roles me on me.rolname = current_user left join pg_roles g on g.oid = m.grantor
          where a.direct and m.roleid = ${role}::oid and m.member = a.oid
            and (coalesce((to_jsonb(m)->>'inherit_option')::bool, true)
              or coalesce((to_jsonb(m)->>'set_option')::bool, true))
            and not ${oursSql(sql)}) as foreign
      from logins a
      where a.direct
        or (not a.rolsuper and exists (select 1 from kinds where pg_has_role(a.oid, ${role}::oid, kind)))
      order by a.oid limit ${PAGE_SIZE + 1}`
  })
  return pageOf(rows, ({ id, name, direct, via, foreign }) => ({
    account: { id, name },
    state: direct ? ('direct' as const) : ('indirect' as const),
    ...(via ? { via: via.join(', ') } : {}),
    ...(foreign ? { fixed: fixedWords(foreign) } : {}),
  }))
}
