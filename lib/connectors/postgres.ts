/**
 * PostgreSQL roles, versions 15 to 18: a login role is an account, a role without login an
 * entitlement, a membership what we give and take.
 */
import 'server-only'
import { type Connector, type ConnectorContext, ConnectorError, type Holding } from './contract'
import { withClient } from './postgres/client'
import {
  accountNames,
  fitsName,
  NAME_BYTES,
  type PostgresConfig,
  postgresConfigSchema,
} from './postgres/config'
import { listHolders, listRoles } from './postgres/lists'
import {
  accountOid,
  grantStatement,
  type Membership,
  type Pair,
  readEffective,
  readMemberships,
  readPair,
  revokeStatement,
} from './postgres/roles'
import { endSessionsOf } from './postgres/sessions'
import { testConnection } from './postgres/test-connection'

type Ctx = ConnectorContext<PostgresConfig>

const quoted = (names: string[]) => names.map((name) => `“${name}”`).join(', ')

async function resolveAccount(ctx: Ctx, { person }: { person: { email: string } }) {
  const names = accountNames(person.email, ctx.config.accountTemplate)
  const tooLong = names.find((name) => !fitsName(name))
  if (tooLong !== undefined) {
    throw new ConnectorError(
      'rejected',
      `“${tooLong}” is longer than ${NAME_BYTES} bytes, too long for a role.`,
    )
  }
  const accounts = await withClient(
    ctx,
    (sql) => sql<{ id: string; name: string }[]>`
      select oid::text as id, rolname::text as name from pg_roles
      where rolcanlogin and rolname <> current_user
        and rolname::text in (select json_array_elements_text(${JSON.stringify(names)}::text::json))
      order by rolname`,
  )
  const [account, second] = accounts.map(({ id, name }) => ({ id, name }))
  if (!account) return { kind: 'missing' as const }
  if (!second) return { kind: 'found' as const, account }
  return { kind: 'ambiguous' as const, candidates: accounts.map(({ id, name }) => ({ id, name })) }
}

/** A login role by its name, or by its oid. */
async function findAccount(ctx: Ctx, { text }: { text: string }) {
  return withClient(ctx, async (sql) => [
    ...(await sql<{ id: string; name: string }[]>`
        select oid::text as id, rolname::text as name from pg_roles
        where rolcanlogin and rolname <> current_user and (rolname::text = ${text} or oid::text = ${text})
        order by rolname`),
  ])
}

async function grant(ctx: Ctx, args: Pair) {
  return withClient(ctx, (client, progress) =>
    client.begin(async (sql) => {
      const roles = await readPair(sql, args)
      if (roles.superuserRole || roles.builtIn) {
        throw new ConnectorError('entitlement_unmanaged', `The role “${roles.entitlement}” is never leased.`)
      }
      const before = await readMemberships(sql, args)
      if (before.some((membership) => membership.usable)) return { state: 'done' as const, changed: false }
      if (before.some((membership) => membership.ours)) {
        // Giving would rewrite that membership, and taking would then remove what was there before.
        throw new ConnectorError(
          'rejected',
          `“${roles.account}” already has ADMIN OPTION alone on “${roles.entitlement}” from this operator.`,
        )
      }
      await sql.unsafe(await grantStatement(sql, args, roles.version))
      const after = await readMemberships(sql, args)
      if (!after.some((membership) => membership.ours && membership.usable)) throw renamed()
      progress.committing = true
      return { state: 'done' as const, changed: true }
    }),
  )
}

async function revoke(ctx: Ctx, args: Pair) {
  return withClient(ctx, (client, progress) =>
    client.begin(async (sql) => {
      const { version } = await readPair(sql, args)
      // A membership with ADMIN OPTION alone is none of our leases, even where this operator gave it.
      const leased = ({ ours, usable }: Membership) => ours && usable
      const ours = (await readMemberships(sql, args)).filter(leased)
      for (const { grantor } of ours) await sql.unsafe(await revokeStatement(sql, args, version, grantor))
      const after = await readMemberships(sql, args)
      if (after.some(leased)) throw renamed()
      progress.committing = ours.length > 0
      return { state: 'done' as const, changed: ours.length > 0 }
    }),
  )
}

/** Names are looked up by oid and used a moment later; the change is undone when one moved in between. */
const renamed = () => new ConnectorError('retryable', 'A role was renamed while the change was being made.')

async function check(ctx: Ctx, args: Pair): Promise<Holding> {
  return withClient(ctx, async (sql) => {
    const roles = await readPair(sql, args)
    const memberships = await readMemberships(sql, args)
    const direct = memberships.filter((membership) => membership.usable)
    const foreign = direct.filter((membership) => !membership.ours).map((membership) => membership.grantor)
    if (foreign.length > 0) return { state: 'direct', detail: `Granted by ${quoted(foreign)}.` }
    if (direct.length > 0) return { state: 'direct' }
    if (roles.superuserAccount) {
      return { state: 'indirect', via: 'SUPERUSER', detail: `“${roles.account}” is a superuser.` }
    }
    const { effective, via } = await readEffective(sql, args, roles.version)
    if (effective) return { state: 'indirect', via: via.join(', '), detail: `Through ${quoted(via)}.` }
    if (memberships.length > 0) {
      const detail = `“${roles.account}” may still grant “${roles.entitlement}” to itself.`
      return { state: 'indirect', via: 'ADMIN OPTION', detail }
    }
    return { state: 'absent' }
  })
}

export const postgresConnector: Connector<PostgresConfig> = {
  id: 'postgres',
  name: 'PostgreSQL',
  description: 'Leases roles of a PostgreSQL server to login roles.',
  category: 'data',
  searchWords: ['postgres', 'database', 'sql', 'data warehouse'],
  configSchema: postgresConfigSchema,
  limits: { concurrency: 4, perEntitlementSerial: false, requestsPerMinute: null, callTimeoutMs: 15_000 },
  capabilities: () => ({
    catalogSync: true,
    listHolders: true,
    check: 'strong',
    asyncGrant: false,
    nativeExpiry: false,
    sessionKill: true,
    replacesWholeSet: false,
    effectDelay: 0,
  }),
  residue: () =>
    'All open sessions of the account on this server are ended with the access, since PostgreSQL does not tell which of them had switched to the role.',
  target: ({ host, port, database }) => `${host.includes(':') ? `[${host}]` : host}:${port}/${database}`,
  testConnection,
  listEntitlements: listRoles,
  resolveAccount,
  findAccount,
  grant,
  revoke,
  endSessions: (ctx, { account }) => withClient(ctx, (sql) => endSessionsOf(sql, accountOid(account))),
  check,
  listHolders,
}
