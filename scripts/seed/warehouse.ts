import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { Stop } from '../lib/stop.mjs'
import { cast, loginOf } from './people.mjs'

const OPERATOR = 'leasehold_operator'
/** The comment on our login roles. A group role is known as ours by its own comment, which the product shows. */
const MARK = 'Made by the Leasehold demo'

/** The roles of the warehouse: what they may do, and whether Leasehold's operator may give and take them. */
const ROLES = [
  { name: 'analytics_read', comment: 'Read the analytics schema: revenue and signups by day', leased: true },
  { name: 'prod_read', comment: 'Read the production schema: customers, orders, refunds', leased: true },
  { name: 'prod_write', comment: 'Read and change the production schema', leased: true },
  { name: 'finance_read', comment: 'Read the ledger', leased: true },
  { name: 'ledger_write', comment: 'Book in the ledger', leased: true },
  { name: 'board_read', comment: 'Read the board pack', leased: true },
  { name: 'reporting_read', comment: 'Read the monthly reports', leased: true },
  { name: 'refunds_write', comment: 'Change refunds and nothing else', leased: true },
  { name: 'schema_owner', comment: 'Owns every table; for migrations only', leased: false },
]

const TABLES = `
  create schema if not exists analytics;
  create schema if not exists production;
  create schema if not exists finance;
  create table if not exists analytics.revenue_by_day as
    select day::date, (20000 + 9000 * sin(extract(doy from day) / 9.0))::numeric(12, 2) as euros
    from generate_series(current_date - 730, current_date, interval '1 day') as day;
  create table if not exists analytics.signups_by_day as
    select day::date, (120 + 40 * cos(extract(doy from day) / 5.0))::int as signups
    from generate_series(current_date - 730, current_date, interval '1 day') as day;
  create table if not exists analytics.monthly_report as
    select date_trunc('month', day)::date as month, sum(euros) as euros from analytics.revenue_by_day group by 1;
  create table if not exists production.customers as
    select n as id, format('customer%s@mail.example', n) as email, current_date - n % 900 as since
    from generate_series(1, 5000) as n;
  create table if not exists production.orders as
    select n as id, 1 + n * 7919 % 5000 as customer_id, (5 + n * 37 % 400)::numeric(10, 2) as euros,
      current_date - n % 365 as ordered_on
    from generate_series(1, 20000) as n;
  create table if not exists production.refunds as
    select n as id, n * 13 as order_id, (array['late', 'damaged', 'wrong size'])[1 + n % 3] as why
    from generate_series(1, 1500) as n;
  create table if not exists analytics.board_pack as
    select month, euros, lag(euros) over (order by month) as month_before from analytics.monthly_report;
  create table if not exists finance.ledger as
    select n as id, (array['revenue', 'refunds', 'fees', 'payroll'])[1 + n % 4] as account,
      (n * 53 % 10000 / 100.0)::numeric(12, 2) as euros
    from generate_series(1, 8000) as n;
  grant usage on schema analytics to analytics_read, reporting_read;
  grant select on all tables in schema analytics to analytics_read;
  grant select on analytics.monthly_report to reporting_read;
  grant usage on schema analytics to board_read;
  grant select on analytics.board_pack to board_read;
  grant usage on schema production to prod_read, prod_write, refunds_write;
  grant select, update on production.refunds to refunds_write;
  grant select on all tables in schema production to prod_read;
  grant select, insert, update, delete on all tables in schema production to prod_write;
  grant usage on schema finance to finance_read, ledger_write;
  grant select, insert on all tables in schema finance to ledger_write;
  grant select on all tables in schema finance to finance_read;
`

/** The settings of the connection that leases the warehouse's roles, as its form would take them. */
export interface WarehouseConnection {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly sslmode: 'disable' | 'require'
}

/**
 * Makes the warehouse a real target: tables with rows, group roles that may use them, a login role for each
 * person, and an operator that may give and take the leased roles and end sessions, and nothing else.
 * Running it again starts the roles anew; roles belong to the whole server, so one that is not ours is left alone.
 * @param url address of the warehouse database; its user must be allowed to create roles
 * @param password of every person's login role
 * @param ownServer whether the server is the demo's own, where every role but the superuser goes
 * @throws {Stop} when the server has a role of one of our names that the demo did not make
 */
export async function prepareWarehouse(
  url: string,
  password: string,
  { ownServer = false } = {},
): Promise<WarehouseConnection> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const operatorPassword = randomBytes(24).toString('base64url')
  try {
    const logins = cast.map(({ key }) => loginOf(key))
    const groups = ROLES.map(({ name }) => name)
    const ours = [...logins, OPERATOR, ...groups]
    if (!ownServer) await refuseForeignRoles(sql, ours)
    await dropRoles(sql, ownServer ? [...ours, ...(await otherRoles(sql, ours))] : ours)
    for (const { name, comment } of ROLES) {
      await sql`create role ${sql(name)} nologin`
      await sql.unsafe(`comment on role ${name} is '${comment}'`)
    }
    for (const login of logins) await createLogin(sql, login, password)
    await createLogin(sql, OPERATOR, operatorPassword)
    await sql`grant pg_signal_backend to ${sql(OPERATOR)}`
    for (const { name } of ROLES.filter((role) => role.leased)) await letLease(sql, name)
    await sql.unsafe(TABLES)
  } finally {
    await sql.end({ timeout: 5 })
  }
  const { hostname, port, pathname } = new URL(url)
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 5432),
    database: decodeURIComponent(pathname.slice(1)),
    user: OPERATOR,
    password: operatorPassword,
    sslmode: local ? 'disable' : 'require',
  }
}

async function refuseForeignRoles(sql: postgres.Sql, names: string[]): Promise<void> {
  const made = [MARK, ...ROLES.map(({ comment }) => comment)]
  const foreign = await sql<{ rolname: string }[]>`
    select rolname from pg_roles
    where rolname = any(${names})
      and not coalesce(shobj_description(oid, 'pg_authid') = any(${made}), false)
    order by rolname`
  if (foreign.length === 0) return
  const list = foreign.map(({ rolname }) => rolname).join(', ')
  throw new Stop(
    `The PostgreSQL server for the demo's warehouse has roles that the demo did not make and would have to ` +
      `replace: ${list}. Nothing was changed; set WAREHOUSE_URL to a database on another server.`,
  )
}

/** What somebody made on the demo's own server outlives its databases: starting anew means without it. */
async function otherRoles(sql: postgres.Sql, ours: string[]): Promise<string[]> {
  const rows = await sql<{ rolname: string }[]>`
    select rolname from pg_roles
    where not rolsuper and rolname !~ '^pg_' and not rolname = any(${ours}) order by rolname`
  return rows.map(({ rolname }) => rolname)
}

async function dropRoles(sql: postgres.Sql, names: string[]): Promise<void> {
  for (const name of names) {
    const [known] = await sql`select 1 from pg_roles where rolname = ${name}`
    if (!known) continue
    await sql`drop owned by ${sql(name)}`
    await sql`drop role ${sql(name)}`
  }
}

async function createLogin(sql: postgres.Sql, name: string, password: string): Promise<void> {
  // A role's password cannot be a parameter of the statement; ours has no character that needs quoting.
  if (!/^[\w-]+$/.test(password)) throw new Error('the password of a login role has an odd character')
  await sql.unsafe(`create role "${name}" login password '${password}'`)
  await sql.unsafe(`comment on role "${name}" is '${MARK}'`)
}

/** ADMIN OPTION lets the operator give and take the role; from version 16 on without holding it itself. */
async function letLease(sql: postgres.Sql, role: string): Promise<void> {
  const [server] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`
  const options =
    (server?.version ?? 0) >= 160_000 ? 'with admin true, inherit false, set false' : 'with admin option'
  await sql.unsafe(`grant ${role} to ${OPERATOR} ${options}`)
}
