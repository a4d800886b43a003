import 'server-only'
import { type ConnectionTest, type ConnectorContext, ConnectorError } from '../contract'
import { withClient } from './client'
import type { PostgresConfig } from './config'

const OLDEST = 150_000
const NEWEST = 190_000

interface Facts {
  identity: string
  version: number
  readable: string
  replica: boolean
  encrypted: boolean
  superuser: boolean
  leasable: number
  signals: boolean
  validUntil: Date | null
}

/** Asks the server what the operator is and may do; nothing is changed. */
export async function testConnection(ctx: ConnectorContext<PostgresConfig>): Promise<ConnectionTest> {
  try {
    const facts = await withClient(ctx, async (sql) => {
      const [row] = await sql<[Facts]>`
        select current_user::text as identity, current_setting('server_version_num')::int as version,
          current_setting('server_version') as readable, pg_is_in_recovery() as replica,
          coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
          me.rolsuper as superuser,
          case when isfinite(me.rolvaliduntil) then me.rolvaliduntil end as "validUntil",
          pg_has_role(current_user, 'pg_signal_backend', 'USAGE') as signals,
          (select count(*)::int from pg_roles r
            where not r.rolcanlogin and not r.rolsuper and r.rolname not like 'pg\\_%'
              and (pg_has_role(current_user, r.oid, 'USAGE WITH ADMIN OPTION')
                or (current_setting('server_version_num')::int < 160000 and me.rolcreaterole))) as leasable
        from pg_roles me where me.rolname = current_user`
      return row
    })
    return report(facts, ctx.config)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return { ok: false, checks: [{ name: 'Sign in to the server', ok: false, detail: error.message }] }
  }
}

/** From version 16 on the operator can hand a role out without holding it. */
const adminOption = (version: number) =>
  version >= 160_000 ? 'WITH ADMIN TRUE, INHERIT FALSE, SET FALSE' : 'WITH ADMIN OPTION'

function report(facts: Facts, config: PostgresConfig): ConnectionTest {
  const power = facts.superuser ? ' It is a superuser, which is more than Leasehold needs.' : ''
  const checks = [
    {
      name: 'Sign in to the server',
      ok: true,
      detail: `Signed in to ${config.host}:${config.port} as “${facts.identity}”.${power}`,
    },
    {
      name: 'Encryption',
      ok: facts.encrypted || config.sslmode === 'disable',
      detail: facts.encrypted
        ? 'The connection is encrypted.'
        : config.sslmode === 'disable'
          ? 'Not encrypted, as the settings of this connection say.'
          : 'The connection is not encrypted.',
    },
    {
      name: 'Server version',
      ok: facts.version >= OLDEST,
      detail:
        facts.version < OLDEST
          ? `PostgreSQL ${facts.readable} is older than 15 and not supported.`
          : `PostgreSQL ${facts.readable}${facts.version >= NEWEST ? ', newer than the versions this was tested with' : ''}.`,
    },
    {
      name: 'Server accepts changes',
      ok: !facts.replica,
      detail: facts.replica
        ? 'This is a read-only copy. Use the address of the primary server.'
        : 'This is the primary server.',
    },
    {
      name: 'Roles that can be leased',
      ok: facts.leasable > 0,
      detail:
        facts.leasable > 0
          ? `${facts.leasable === 1 ? '1 role' : `${facts.leasable} roles`} with ADMIN OPTION.`
          : `“${facts.identity}” has ADMIN OPTION on no role. Run GRANT … TO … ${adminOption(facts.version)} for each role to lease.`,
    },
    {
      name: 'End sessions',
      ok: facts.signals,
      detail: facts.signals
        ? 'Sessions of an account can be ended.'
        : `“${facts.identity}” is not a member of pg_signal_backend, so open sessions would outlive the access.`,
    },
  ]
  return {
    ok: checks.every((check) => check.ok),
    identity: facts.identity,
    ...(facts.validUntil ? { credentialExpiresAt: facts.validUntil } : {}),
    checks,
  }
}
