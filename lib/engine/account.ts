import 'server-only'
import { and, eq, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import { type ConnectorAccount, ConnectorError } from '@/lib/connectors/contract'
import type { LoadedGrant } from '@/lib/services/facts'
import type { Engine } from './engine'
import type { Target } from './target'

/** An account belongs to one person: an address that went to somebody else does not bring theirs along. */
async function refuseTaken(engine: Engine, f: LoadedGrant, found: ConnectorAccount): Promise<void> {
  const { account } = schema
  const taken = await engine.db.query.account.findFirst({
    where: and(eq(account.connectionId, f.connection!.id), eq(account.externalId, found.id)),
  })
  if (taken && taken.personId !== f.row.personId)
    throw new ConnectorError(
      'principal_ambiguous',
      `The account ${found.name} is known as another person’s already`,
    )
}

/** The id of a grant's account, or the one its person is pinned to by now. */
export function pinnedId(f: LoadedGrant) {
  if (f.row.accountId) return f.row.accountId
  const { account } = schema
  return sql<string>`(select ${account.id} from ${account} where ${account.connectionId} = ${f.connection!.id} and ${account.personId} = ${f.row.personId})`
}

/**
 * Finds the account of somebody who is not pinned to one yet.
 * @throws ConnectorError `principal_missing`, or `principal_ambiguous` where it cannot be told or is another's
 */
export async function resolveAccount(
  engine: Engine,
  f: LoadedGrant,
  target: Target,
  person: { email: string; name: string },
): Promise<ConnectorAccount> {
  const found = await target.call(
    'resolve',
    'look',
    (ctx) => target.connector.resolveAccount(ctx, { person: { email: person.email, name: person.name } }),
    (result) => result.kind,
  )
  if (found.kind === 'found') {
    await refuseTaken(engine, f, found.account)
    return found.account
  }
  if (found.kind === 'missing')
    throw new ConnectorError('principal_missing', `There is no account for ${person.email}`)
  throw new ConnectorError(
    'principal_ambiguous',
    `More than one account fits ${person.email}: ${found.candidates.map((c) => c.name).join(', ')}`,
  )
}
